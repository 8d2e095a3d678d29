"""The oldest versions of what makes pages that pyproject.toml allows: what they promise was tried with just these."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.factories import ROOT

# With nh3 below 0.3.8 a filter of ours that fails lets an address through; mistune below 3.4 takes quadratic time for
# links, emphasis and references; msgspec 0.19 gives the wire's extensions in another form.
OLDEST = {
    "jinja2": "3.1.6",
    "latex2mathml": "3.81.0",
    "markupsafe": "3.0.0",
    "mistune": "3.4.0",
    "msgspec": "0.20.0",
    "nbformat": "5.10.0",
    "nh3": "0.3.8",
}
TESTS = (
    "browser/test_page_limits",
    "browser/test_payloads",
    "unit/reports/html/test_page_limits",
    "integration/test_page_queue",
    "unit/reports/html/test_student_page",
    "unit/reports/html/test_tex",
    "unit/sandbox/protocol/test_frames",
)


def test_what_is_allowed_is_what_was_tried() -> None:
    """The bounds of pyproject.toml, and every package that pages import."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["html"]]
    bounds = dict(line.split(">=") for line in lines if ">=" in line and ";" not in line)
    for name, tried in OLDEST.items():
        assert numbers(bounds[name]) == numbers(tried), name
    imported = {name for path in (ROOT / "grader" / "reports" / "html").glob("*.py") for name in imports(path)}
    assert {"jinja2", "nh3"} <= imported - set(sys.stdlib_module_names) - {"grader"} <= set(OLDEST)


def numbers(version: str) -> list[int]:
    """3.1 as 3.1.0."""
    found = [int(part) for part in version.split(".")]
    return found + [0] * (3 - len(found))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_pages_keep_their_promises_with_the_oldest_versions(tmp_path: Path) -> None:
    """Installed from the registry into a folder that comes before all else; the tests of pages pass with them."""
    packages = [f"{name}=={version}" for name, version in OLDEST.items()]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), *packages]
    subprocess.run(install, check=True, capture_output=True, timeout=600)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    names = ", ".join(OLDEST)
    told = [sys.executable, "-c", f"import {names}; print([module.__file__ for module in ({names})])"]
    found = subprocess.run(told, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert found.count(str(tmp_path)) == len(OLDEST), found
    tests = [str(ROOT / "tests" / f"{name}.py") for name in TESTS]
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not long", *tests]
    done = subprocess.run(run, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800)
    assert done.returncode == 0, done.stdout[-3000:]
