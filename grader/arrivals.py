"""Which submissions in a folder are complete. One that is still being written is never taken.

A file counts as complete when its size and time stood still for a moment, its name isn't that of a half-done
download, and nobody has it open for writing (which the kernel tells to the file's owner and to root). A folder is
complete when all its files are.
"""

from __future__ import annotations

import fcntl
import fnmatch
import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grader.contents import Contents
from grader.intake import distinct, entries, handed_in, rules_of
from grader.model import Assignment, Submission
from grader.tree import MAX_ENTRIES

STILL = 2.0  # seconds without a change
PARTIAL = ("*.part", "*.partial", "*.filepart", "*.crdownload", "*.download", "*.upload", "*.tmp", "*.temp", "*~")


class Mark(NamedTuple):
    """By what a change of a file shows."""

    where: str
    size: int
    changed: int
    number: int  # another file in its place has another one


Marks = tuple[Mark, ...]


class Arrivals:
    """A folder in which submissions arrive: a file, a zip or a folder for each student."""

    def __init__(self, folder: Path, assignment: Assignment, contents: Contents) -> None:
        self._folder = folder
        self._rules = rules_of(assignment)
        self._contents = contents
        self._standing: dict[str, tuple[Marks, float]] = {}  # name -> how it is, and since when
        self._taken: dict[str, tuple[Marks, Submission | None]] = {}

    def look(self) -> list[Submission]:
        """All that is complete, as `grader grade` would name it. Raises IntakeError."""
        present = {path.name: path for path in entries(self._folder) if not _partial(path.name)}
        for gone in self._taken.keys() - present.keys():
            del self._taken[gone]
        for name, path in present.items():
            self._look_at(name, path)
        return distinct(submission for _, submission in self._taken.values() if submission)

    def _look_at(self, name: str, path: Path) -> None:
        marks = _marks(path)
        if name in self._taken and self._taken[name][0] == marks:
            return
        before, since = self._standing.get(name, ((), 0.0))
        if before != marks:
            self._standing[name] = marks, time.monotonic()
        elif time.monotonic() >= since + STILL and marks and not any(map(_unfinished, _files(path))):
            submission = handed_in(path, self._rules, self._contents)
            if _marks(path) == marks:  # also after it was read
                self._taken[name] = marks, submission
                del self._standing[name]


def _partial(name: str) -> bool:
    return any(fnmatch.fnmatch(name.lower(), pattern) for pattern in PARTIAL)


def _marks(path: Path) -> Marks:
    """Of a file, or of everything in a folder; none when it is gone meanwhile."""
    try:
        found = [(each, each.lstat()) for each in (path, *_files(path))]
    except OSError:
        return ()
    return tuple(Mark(str(each), info.st_size, info.st_mtime_ns, info.st_ino) for each, info in found)


def _files(path: Path) -> Iterator[Path]:
    """The path itself, or what is in it, in a fixed order; of too much, the first: intake will say that it is."""
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    count = 0
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            yield Path(folder, name)
            count += 1
            if count > MAX_ENTRIES:
                return


def _unfinished(path: Path) -> bool:
    """Whether it has the name of a half-done download, or is open for writing."""
    if _partial(path.name):
        return True
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:  # a link, or unreadable: intake will say so
        return False
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        # A lease for reading is given when nobody writes. Who wants to write meanwhile makes the kernel send us a
        # signal: let it be one that does nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:  # not our file, or a file system without leases: that it stood still must do
        return False
    finally:
        os.close(descriptor)
    return False
