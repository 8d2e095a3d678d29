"""The packages that a bundle installs: a part of the grader's lock, each with version and hashes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader._util import extras
from grader.delivery.files import BundleError
from grader.models import Assignment

HASHED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==\S+")
VIA = re.compile(r"^\s+#(?: via)?\s+([A-Za-z0-9][A-Za-z0-9._-]*)")


class Pin(NamedTuple):
    """Entry of a lock: a package with its version and hashes."""

    name: str
    text: str  # as pip reads it, without comments
    wanted_by: frozenset[str]  # packages that need it


def locked_packages(assignment: Assignment, more: Path | None, always: Collection[str] = ("matplotlib",)) -> str:
    """Return requirements for pip, with hashes: what grading the assignment needs, and nothing else.

    :param more: further requirements with hashes, for packages that the lock of the grader lacks
    :param always: extras of the grader that are installed in any case
    Raises BundleError if a module that the assignment preloads is in neither.
    """
    pins = list(_pins(resources.files("grader.delivery").joinpath("requirements.txt").read_text(encoding="utf-8")))
    own = _read_more(more) if more else ""
    names = {pin.name for pin in pins}
    ours = {name for extra in {*always, *_extras(assignment)} for name in _direct(extra)}
    modules = {package for package in (_package(module) for module in assignment.modules) if package in names}
    wanted = _with_dependencies(pins, _direct("") | ours | modules)
    _check_modules(assignment, wanted | {pin.name for pin in _pins(own)}, more)
    return "".join(pin.text for pin in pins if pin.name in wanted) + own


def _extras(assignment: Assignment) -> Iterator[str]:
    """Yield the extras that the modules of the assignment belong to."""
    for module in assignment.modules:
        package = module.partition(".")[0]
        yield from (extra for extra in ("tensorflow", "matplotlib") if package in extras.EXTRAS[extra])


def _direct(extra: str) -> set[str]:
    """Return what the grader itself requires for an extra; for "" what it always requires."""
    found: set[str] = set()
    for one in map(Requirement, metadata.requires("grader") or ()):
        needed_always = one.marker is None or "extra" not in str(one.marker)
        if needed_always if not extra else (not needed_always and f'extra == "{extra}"' in str(one.marker)):
            if canonicalize_name(one.name) == "grader":
                found |= {name for inner in one.extras for name in _direct(inner)}
            else:
                found.add(canonicalize_name(one.name))
    return found


def _pins(text: str) -> Iterator[Pin]:
    """Yield the entries of a lock that uv or pip-compile wrote."""
    lines: list[str] = []
    for line in [*text.splitlines(keepends=True), "end"]:
        if lines and not line.startswith((" ", "#", "\n")):
            yield _pin(lines)
            lines = []
        if lines or HASHED.match(line):
            lines.append(line)


def _pin(lines: list[str]) -> Pin:
    found = HASHED.match(lines[0])
    assert found
    comments = (VIA.match(line) for line in lines)
    wanted_by = frozenset(canonicalize_name(comment[1]) for comment in comments if comment)
    text = "".join(line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return Pin(canonicalize_name(found[1]), text, wanted_by)


def _with_dependencies(pins: Iterable[Pin], names: set[str]) -> set[str]:
    """Return the names with what they need, and what that needs."""
    pins, wanted = list(pins), set(names)
    while more := {pin.name for pin in pins if pin.wanted_by & wanted} - wanted:
        wanted |= more
    return wanted


def _package(module: str) -> str:
    """Return the name of the package that holds a module; the module's own name if it isn't installed."""
    top = module.partition(".")[0]
    return canonicalize_name(_distributions().get(top, [top])[0])


@cache
def _distributions() -> Mapping[str, list[str]]:
    """Return module -> packages that hold it: that reads about all that is installed, in half a second."""
    return metadata.packages_distributions()


def _check_modules(assignment: Assignment, installed: Collection[str], more: Path | None) -> None:
    for module in assignment.modules:
        if (package := _package(module)) not in installed:
            where = f"{more} doesn't hold it either" if more else "the grader's own lock doesn't hold it"
            raise BundleError(
                f"{assignment.name} needs {package}, and {where}; name a file of requirements with hashes"
                " (pip-compile --generate-hashes) by --requirements"
            )


def _read_more(path: Path) -> str:
    """Return the content of a file of requirements. Raises BundleError if an entry has no hash."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as problem:
        raise BundleError(f"{path} can't be read: {problem}") from None
    bare = [pin.name for pin in _pins(text) if "--hash=" not in pin.text]
    if bare or not list(_pins(text)):
        raise BundleError(f"{path} must pin each package with ==VERSION and --hash; {', '.join(bare) or 'none'} is not")
    return "".join(pin.text for pin in _pins(text))
