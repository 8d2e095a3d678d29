"""Refuses to grade if a sandbox would show submissions private files.

A sandbox shows some folders of the machine (mounts.py), so a submission could read a course that lies below one of
them. This is checked before anything is graded. Real locations are compared: symbolic links are followed, and a folder
that is mounted in several places is recognised in each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UserError
from grader.sandbox.host import mounts as view
from grader.sandbox.host.launcher import visible_folders

MOUNTS = Path("/proc/self/mountinfo")


class Exposed(UserError):
    """A private file or folder lies where every submission could read it."""


@dataclass(frozen=True)
class Place:
    """The real location of a file or folder: its device, and its path on that device."""

    device: str
    path: Path

    def is_below(self, other: Place) -> bool:
        """Return whether this location is `other`, or lies below it."""
        return self.device == other.device and self.path.is_relative_to(other.path)


@dataclass(frozen=True)
class Mount:
    """A location that is visible at another path, its mount point."""

    place: Place
    mount_point: Path


def check(sandbox: str, support: Path, private: Mapping[str, Path]) -> None:
    """Refuse to grade if something private lies below a folder that a sandbox shows.

    :param sandbox: the level; `off` shows everything, and the user chose it by name
    :param support: the folder of the assignment's support files, which the sandbox shows
    :param private: description for the user -> path
    :raises Exposed: for the first private path that is visible
    """
    if sandbox == "off" or sys.platform != "linux":  # the grader runs student code on Linux only
        return
    mounts = list(_mounts())
    shown = [
        (place, folder)
        for folder in (*view.visible_paths(), *visible_folders(), support)
        for place in _visible_places(folder.resolve(), mounts)
    ]
    for what, path in private.items():
        here = _place(path.resolve(), mounts)
        for place, folder in shown:
            if here.is_below(place):
                raise Exposed(
                    f"{what}, {path.resolve()}, lies below {folder}, which every submission can read;"
                    " move it elsewhere, or use a Python that is installed elsewhere"
                )


def _place(path: Path, mounts: Iterable[Mount]) -> Place:
    """Return the real location of a path without symbolic links."""
    above = [mount for mount in mounts if path.is_relative_to(mount.mount_point)]
    if not above:
        return Place("", path)
    longest = max(len(mount.mount_point.parts) for mount in above)
    mount = [mount for mount in above if len(mount.mount_point.parts) == longest][
        -1
    ]  # a later mount covers an earlier one
    return Place(mount.place.device, mount.place.path / path.relative_to(mount.mount_point))


def _visible_places(folder: Path, mounts: Iterable[Mount]) -> Iterator[Place]:
    """Yield the location of a folder, and those mounted somewhere below it."""
    yield _place(folder, mounts)
    yield from (
        mount.place for mount in mounts if mount.mount_point != folder and mount.mount_point.is_relative_to(folder)
    )


def _mounts() -> Iterator[Mount]:
    """Yield the mounts of this process, in order; none where the system doesn't list them."""
    try:
        lines = MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        device, root, mount_point = line.split(" ")[2:5]
        yield Mount(Place(device, _unescape(root)), _unescape(mount_point))


def _unescape(text: str) -> Path:
    """Return a path of mountinfo, which writes blanks and newlines as octal numbers."""
    for character in " \t\n\\":
        text = text.replace(f"\\{ord(character):03o}", character)
    return Path(text)
