"""The package as others install it: what is in the wheel, and that it grades outside of the repository."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE")
RUNNING_TOTAL = "def running_total(values):\n    import numpy as np\n    return np.cumsum(values)\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built of a copy of the sources, so that the build leaves nothing beside them."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    shutil.copytree(ROOT / "grader", copy / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, copy)
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, copy)
    (built,) = folder.glob("*.whl")
    return built


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Return what a command prints; nothing of this environment helps it to find the package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(wheel: Path, folder: Path, extras: str = "") -> Path:
    """The folder of commands of a new environment with the wheel, in the versions of requirements.txt."""
    run(sys.executable, "-m", "venv", folder / "venv")
    pins = re.findall(r"^(\S+==\S+(?: ; .+?)?) \\$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    (folder / "pins.txt").write_text("\n".join(pins))
    commands = folder / "venv" / "bin"
    run(commands / "pip", "install", "--quiet", "-c", folder / "pins.txt", f"grader{extras} @ {wheel.as_uri()}")
    return commands


def test_the_wheel_is_complete(wheel: Path) -> None:
    """It has every file of grader/, templates and starter included, and beside its metadata nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = {path for path in (ROOT / "grader").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert names == {path.relative_to(ROOT).as_posix() for path in sources}
    assert {"grader/py.typed", "grader/reports/html/templates/base.html"} <= names
    assert {"grader/authoring/starter/assignment.toml", "grader/authoring/starter/THE_NAME.ipynb"} <= names


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_core_alone_grades(wheel: Path, tmp_path: Path) -> None:
    """In an environment without any extra, an assignment that needs NumPy alone is made and graded."""
    commands = installed(wheel, tmp_path)
    packages = {each["name"].lower() for each in json.loads(run(commands / "pip", "list", "--format=json"))}
    assert "numpy" in packages
    assert not packages & {"tensorflow", "jinja2", "matplotlib", "distributed", "nbconvert"}
    assert "Grade notebooks and modules" in run(commands / "grader", "--help", cwd=tmp_path)
    run(commands / "grader", "new", "tiny", cwd=tmp_path)
    (tmp_path / "ada.py").write_text(RUNNING_TOTAL)
    found = json.loads(run(commands / "grader", "grade", "ada.py", "--json", cwd=tmp_path))
    assert (found["graded"], found["mean"]) == (1, 10)
    assert {path.name for path in (tmp_path / "out" / "reports").iterdir()} == {"ada.json", "ada.md"}


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_the_wheel_grades_the_sample_class(wheel: Path, tmp_path: Path) -> None:
    """With the extras that it needs, outside of the repository, pages included."""
    commands = installed(wheel, tmp_path, "[html,tensorflow]")
    shutil.copytree(ROOT / "solutions" / "digits", tmp_path / "digits")
    shutil.copytree(ROOT / "tests" / "corpus" / "sample_class", tmp_path / "class")
    wanted = json.loads((tmp_path / "class" / "expected.json").read_text())
    run(commands / "grader", "grade", "class", "--assignment", "digits", "--out", "out", cwd=tmp_path)
    with (tmp_path / "out" / "scores.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = {row["student"]: row for row in csv.DictReader(stream)}
    assert found.keys() == wanted.keys()
    assert {name: float(row["score"]) for name, row in found.items() if row["status"] == "graded"} == {
        name: one["score"] for name, one in wanted.items() if "rejected" not in one
    }
    assert "student-02" in (tmp_path / "out" / "index.html").read_text()
    assert (tmp_path / "out" / "reports" / "student-02.notebook.html").stat().st_size > 1000
