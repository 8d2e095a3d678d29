"""Packages of extras: what is missing is named, with the command that installs it, and pyproject.toml has the extra."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader._util import extras
from grader.errors import MissingPackages, UserError

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OPTIONAL = {extra: [Requirement(line) for line in lines] for extra, lines in PROJECT["optional-dependencies"].items()}
CORE = {Requirement(line).name for line in PROJECT["dependencies"]}
COMES_WITH = {
    **{"dask": "distributed", "keras": "tensorflow", "pyyaml": "distributed"},
    **{"h11": "uvicorn", "pydantic": "fastapi", "starlette": "fastapi"},
}
OWN_PLACES = {  # modules there may import their extra's packages
    "html": "reports/html",
    "cluster": "execution/dask",
    "authoring": "authoring/release_pipeline",
    "server": "server/",
}


@cache  # reads what each package says of itself, which takes a second
def installed() -> dict[str, set[str]]:
    """Return the distributions of each module that can be imported."""
    return {module: {canonicalize_name(name) for name in names} for module, names in packages_distributions().items()}


def test_what_is_missing_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """One package or several, in one sentence that a user can act on."""
    monkeypatch.setitem(sys.modules, "nh3", None)
    assert extras.missing("html") == ("nh3",)
    with pytest.raises(
        UserError, match=r"^--pages needs nh3, which is not installed; run: pip install 'grader\[html\]'$"
    ):
        extras.require("html", "--pages")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(
        MissingPackages, match=r"needs jinja2 and nh3, which are not installed; run: .*\[similarity\]'$"
    ):
        extras.require("similarity", "grader similar")


def test_what_is_installed_is_enough() -> None:
    """No error, for any extra: the tests run with all of them."""
    for extra in extras.EXTRAS:
        extras.require(extra, "nothing")
    extras.require_modules(["numpy.random", "tensorflow", "os.path"], "nothing")


def test_a_module_of_no_extra_has_no_command() -> None:
    """Its name on a registry may be another, so no command is made up."""
    with pytest.raises(MissingPackages, match=r"^it needs no_such_thing, which is not installed; add it to"):
        extras.require_modules(["numpy", "no_such_thing.inner"], "it")


def test_every_extra_is_in_pyproject_with_what_is_imported_of_it() -> None:
    """Each module belongs to a package that the extra names, or that comes with one of these."""
    assert extras.EXTRAS.keys() == OPTIONAL.keys() - {"dev"}
    for extra, modules in extras.EXTRAS.items():
        named = {
            each.name
            for one in OPTIONAL[extra]
            for each in (one, *(each for other in one.extras if one.name == "grader" for each in OPTIONAL[other]))
        }
        for module in modules:
            (package,) = installed()[module]
            assert COMES_WITH.get(package, package) in named, (extra, module)


def imported(path: Path) -> Iterator[str]:
    """The packages that a module imports when it is imported."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_packages_of_extras_are_imported_late_or_in_their_own_place() -> None:
    """At the top of a module stand the core dependencies alone, but for modules that are an extra's own."""
    known = {"grader", *sys.stdlib_module_names, *(module for module, names in installed().items() if names & CORE)}
    starter = ROOT / "grader" / "authoring" / "starter"
    seen = set()
    for path in (ROOT / "grader").rglob("*.py"):
        if path.is_relative_to(starter):
            continue
        inner = path.relative_to(ROOT / "grader").as_posix()
        own = {
            module
            for extra, folder in OWN_PLACES.items()
            if inner.startswith(folder)
            for module in extras.EXTRAS[extra]
        }
        packages = set(imported(path))
        seen |= own & packages
        assert packages <= known | own, inner
    assert {"jinja2", "distributed"} <= seen
