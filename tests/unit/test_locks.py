"""The two locks: requirements.txt is what grading needs, and requirements-dev.txt holds it and all the rest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
GRADING, ALL = "requirements.txt", "requirements-dev.txt"
GRADING_EXTRAS = ("html", "server", "postgres", "similarity", "tensorflow", "matplotlib")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OPTIONAL: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
ENTRY = re.compile(r"^(\S+?)==(\S+)(?: ; (.+?))? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def locked(name: str) -> dict[str, set[tuple[str, ...]]]:
    """Package -> version, marker and hashes of each of its entries."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for package, *pinned in ENTRY.findall((ROOT / name).read_text()):
        found.setdefault(package, set()).add(tuple(pinned))
    return found


def required(extras: tuple[str, ...]) -> list[Requirement]:
    """What pyproject.toml asks for: the core, these extras, and what builds the package."""
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    found = [Requirement(line) for line in (*lines, *(line for extra in extras for line in OPTIONAL[extra]))]
    nested = {extra for one in found if one.name == "grader" for extra in one.extras}
    others = [Requirement(line) for extra in nested for line in OPTIONAL[extra]]
    return [one for one in (*found, *others) if one.name != "grader"]


@pytest.mark.parametrize("name", [GRADING, ALL])
def test_every_dependency_is_pinned_with_hashes_and_names_no_registry(name: str) -> None:
    """A lock holds an exact version and hashes for each package, and no address."""
    text = (ROOT / name).read_text()
    entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(entries) == sum(map(len, locked(name).values())) > 50
    assert "://" not in text


def test_the_lock_for_grading_is_a_part_of_the_other() -> None:
    """So that adding the rest to an environment changes nothing that grades."""
    everything = locked(ALL)
    for package, entries in locked(GRADING).items():
        there = {
            (version, hashes) for version, _, hashes in everything.get(package, ())
        }  # for which Pythons may differ
        assert {(version, hashes) for version, _, hashes in entries} <= there, package


@pytest.mark.parametrize(("name", "extras"), [(GRADING, GRADING_EXTRAS), (ALL, tuple(OPTIONAL))])
def test_the_locks_meet_pyproject(name: str, extras: tuple[str, ...]) -> None:
    """Every version that a lock has of what is asked for is one of those that are asked for."""
    pins = locked(name)
    for one in required(extras):
        versions = [version for version, *_ in pins.get(one.name, ())]
        assert versions, one.name
        assert all(map(one.specifier.contains, versions)), one.name


def test_grading_installs_nothing_for_development() -> None:
    """What only tests, lint, documentation or a cluster need isn't in the lock for grading."""
    needed = {one.name for one in required(GRADING_EXTRAS)}
    others = {one.name for one in required(tuple(OPTIONAL.keys() - set(GRADING_EXTRAS)))} - needed
    assert {"sphinx", "playwright", "mypy", "hypothesis", "distributed"} <= others
    assert others & locked(GRADING).keys() == {"beautifulsoup4", "jsonschema"}  # which nbconvert and nbformat need
