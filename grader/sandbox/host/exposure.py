"""Refuses to grade where a sandbox would show submissions what they must not see.

A sandbox shows some folders of the machine (mounts.py). A course that lies below one of them could be read from inside,
so that is looked up before anything is graded. Paths are compared by where they really lie: symbolic links are
followed, and of a folder that is mounted in several places each is recognised.
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
    """A folder lies where every submission could read it; the message says which, where, and what to do."""


@dataclass(frozen=True)
class Place:
    """Where a file or folder really lies: on which device, and where on that."""

    device: str
    path: Path

    def is_below(self, other: Place) -> bool:
        return self.device == other.device and self.path.is_relative_to(other.path)


@dataclass(frozen=True)
class Mount:
    """A place that is seen at another one."""

    place: Place
    mount_point: Path


def check(sandbox: str, support: Path, private: Mapping[str, Path]) -> None:
    """Refuse to grade when something private lies below a folder that a sandbox shows.

    :param sandbox: the level; `off` shows everything, and is asked for by name
    :param support: the folder of the assignment's support files, which are shown
    :param private: what it is, in words for the user -> where it is
    :raises Exposed: for the first that lies there
    """
    if sandbox == "off" or sys.platform != "linux":  # elsewhere nothing is graded at all
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
    """Return where a path without symbolic links really lies."""
    above = [mount for mount in mounts if path.is_relative_to(mount.mount_point)]
    if not above:
        return Place("", path)
    longest = max(len(mount.mount_point.parts) for mount in above)
    mount = [mount for mount in above if len(mount.mount_point.parts) == longest][
        -1
    ]  # a later one covers an earlier one
    return Place(mount.place.device, mount.place.path / path.relative_to(mount.mount_point))


def _visible_places(folder: Path, mounts: Iterable[Mount]) -> Iterator[Place]:
    """Yield the place of a folder, and those that are mounted somewhere below it."""
    yield _place(folder, mounts)
    yield from (
        mount.place for mount in mounts if mount.mount_point != folder and mount.mount_point.is_relative_to(folder)
    )


def _mounts() -> Iterator[Mount]:
    """Yield the mounts of this process, in their order; none where the system tells of none."""
    try:
        lines = MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        device, root, mount_point = line.split(" ")[2:5]
        yield Mount(Place(device, _unescape(root)), _unescape(mount_point))


def _unescape(text: str) -> Path:
    """Return a path as mountinfo writes it, with blanks and newlines as octal numbers."""
    for character in " \t\n\\":
        text = text.replace(f"\\{ord(character):03o}", character)
    return Path(text)
