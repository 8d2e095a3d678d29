"""Find the complete submissions in a watched folder. A file that is still being written is never read.

A file is complete if its size and time haven't changed for STILL_SECONDS, its name isn't one of a partial download, and
nobody has it open for writing (the kernel reports this only to the owner of the file and to root). A folder is complete
if all its files are.

Whoever can write into the folder can't end the watch or take room from others: entries are counted for each owner, and
entries above the limit of an owner are ignored with a message. The first entry of a student keeps the name; later ones
get a numbered name that no roster knows.
"""

from __future__ import annotations

import contextlib
import fcntl
import fnmatch
import os
import signal
import stat
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from grader._util.escaping import one_line
from grader.models import Assignment, Submission
from grader.submissions.collect import SpoolFull, open_path, read_submission, selection_rules
from grader.submissions.file_tree import DiskNode, FileUnreadable
from grader.submissions.limits import (
    FREE_VERSIONS,
    MAX_ENTRIES,
    MAX_LEVELS,
    MAX_NODES_PER_OWNER,
    PENALTY_SECONDS,
    STILL_SECONDS,
    VERSIONS_PER_SECOND,
)
from grader.submissions.namesakes import Namesakes
from grader.submissions.selection import is_litter
from grader.submissions.spool import SubmissionSpool
from grader.submissions.student_names import name_key, safe_name

PARTIAL_NAMES = ("*.part", "*.partial", "*.filepart", "*.crdownload", "*.download", "*.upload", "*.tmp", "*.temp", "*~")


class FileState(NamedTuple):
    """Facts of a file that change when the file does."""

    path: tuple[str, ...]
    size: int  # bytes
    modified: int  # nanoseconds
    inode: int


FileStates = tuple[FileState, ...]


class Arrival(NamedTuple):
    """A complete submission, and the id of the user who owns its file."""

    submission: Submission
    owner: int


class WatchedEntry:
    """State of one entry of the folder."""

    def __init__(self) -> None:
        self.submission: Submission | None = None  # the newest version that was read
        self.states: FileStates = ()  # of that version
        self.versions = 0
        self.last = 0.0  # when that version was read, by time.monotonic
        self._seen: FileStates = ()  # at the last scan
        self._since = 0.0  # when `_seen` was seen first

    def is_settled(self, states: FileStates) -> bool:
        """Return whether there is a new version that hasn't changed for long enough to be read."""
        now = time.monotonic()
        if states != self._seen:
            self._seen, self._since = states, now
        wait = PENALTY_SECONDS * max(0, self.versions - FREE_VERSIONS)
        return bool(states) and states != self.states and now >= max(self._since + STILL_SECONDS, self.last + wait)

    def record_version(self, states: FileStates, submission: Submission | None) -> None:
        """Note that a version of the entry was read; None if it is no submission."""
        self.submission, self.states = submission, states
        self.versions, self.last = self.versions + 1, time.monotonic()


class IncomingFolder:
    """Watched folder in which submissions arrive: a file, zip or folder for each student.

    :param contents: stores the contents of the submissions
    :param graded: student -> digest of the submission in the gradebook
    :param notify: is called with messages for the instructor, once for each sentence
    """

    def __init__(
        self,
        folder: Path,
        assignment: Assignment,
        contents: SubmissionSpool,
        graded: Mapping[str, str] | None = None,
        notify: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._folder = folder
        self._rules = selection_rules(assignment)
        self._contents = contents
        self._namesakes = Namesakes(graded or {})
        self._notify = notify
        self._notified: set[str] = set()
        self._entries: dict[str, WatchedEntry] = {}
        self._versions = Counter[int]()  # owner -> versions that were read
        self._began = time.monotonic()

    def scan(self) -> list[Arrival]:
        """Return the complete submissions, least recently changed first.

        Raises IntakeError if the folder can't be read.
        """
        with open_path(self._folder) as root:
            nodes = self._entries_in(root)
            self._drop(self._entries.keys() - {node.name for node in nodes})
            inspected = Counter[int]()  # owner -> files and folders
            shared = cache(partial(_shared_names, nodes))
            for node in nodes:
                self._inspect(node, inspected, shared)
        return list(self._complete(nodes))

    def _entries_in(self, root: DiskNode) -> list[DiskNode]:
        """Return the entries of the folder, oldest change first, at most MAX_ENTRIES of each owner."""
        known, new = defaultdict[int, list[DiskNode]](list), defaultdict[int, list[DiskNode]](list)
        for node in root.scan():
            if not is_litter(node) and not _partial(node.name):
                owner = _owner(node)
                if node.name in self._entries:
                    known[owner].append(node)
                elif len(new[owner]) <= MAX_ENTRIES:
                    new[owner].append(node)
        found = list[DiskNode]()
        for owner in known.keys() | new.keys():
            room = MAX_ENTRIES - len(known[owner])
            if len(new[owner]) > room:
                self._once(f"user {owner} has more than {MAX_ENTRIES} files and folders there; the rest is ignored")
            found += [*known[owner], *new[owner][: max(0, room)]]
        return sorted(found, key=lambda node: (_changed(node), node.name))

    def _drop(self, removed: Iterable[str]) -> None:
        for name in removed:
            self._release(self._entries.pop(name).submission)

    def _inspect(self, node: DiskNode, inspected: Counter[int], shared: Callable[[], Container[str]]) -> None:
        """Read an entry if it has a complete new version."""
        owner = _owner(node)
        if inspected[owner] > MAX_NODES_PER_OWNER:
            self._once(f"user {owner} has more than {MAX_NODES_PER_OWNER} files in folders there; the rest is ignored")
            return
        files = list(_files(node))
        inspected[owner] += len(files)
        states = _file_states(files)
        entry = self._entries.setdefault(node.name, WatchedEntry())
        if not entry.is_settled(states) or any(map(_is_unfinished, files)):
            return
        if self._versions[owner] > MAX_ENTRIES + VERSIONS_PER_SECOND * (time.monotonic() - self._began):
            self._once(
                f"user {owner} hands in more than {VERSIONS_PER_SECOND:g} submissions a second; they have to wait"
            )
            return
        try:
            submission = read_submission(node, self._rules, self._contents)
        except SpoolFull as problem:
            self._once(str(problem))
            return
        if _file_states(list(_files(node))) != states:  # it changed while it was read
            self._release(submission)
            return
        self._release(entry.submission)
        entry.record_version(states, submission)
        self._versions[owner] += 1
        if submission:
            self._namesakes.register(node.name, submission, shared)

    def _complete(self, nodes: Iterable[DiskNode]) -> Iterator[Arrival]:
        for node in nodes:
            entry = self._entries.get(node.name)
            if entry and entry.submission:
                submission, note = self._namesakes.resolve(node.name, entry.submission)
                if note:
                    self._once(f"{one_line(node.name, 100)}: {note}")
                yield Arrival(submission, _owner(node))

    def _release(self, submission: Submission | None) -> None:
        if submission and not submission.rejection:
            self._contents.release(submission.digest)

    def _once(self, sentence: str) -> None:
        if sentence not in self._notified:
            self._notified.add(sentence)
            self._notify(sentence)


def _shared_names(nodes: Iterable[DiskNode]) -> set[str]:
    """Return the keys of student names that several entries have."""
    counts = Counter(name_key(safe_name(node.stem)) for node in nodes)
    return {key for key, count in counts.items() if count > 1}


def _owner(node: DiskNode) -> int:
    return -1 if isinstance(node.info, OSError) else node.info.st_uid


def _changed(node: DiskNode) -> int:
    return 0 if isinstance(node.info, OSError) else node.info.st_ctime_ns


def _partial(name: str) -> bool:
    return any(fnmatch.fnmatch(name.lower(), pattern) for pattern in PARTIAL_NAMES)


def _file_states(files: Sequence[DiskNode]) -> FileStates:
    """Return the states of a file, or of a folder with everything in it; without files that were removed meanwhile."""
    infos = [(node, node.info) for node in files]
    return tuple(
        FileState(node.parts, info.st_size, info.st_mtime_ns, info.st_ino)
        for node, info in infos
        if not isinstance(info, OSError)
    )


def _files(node: DiskNode) -> Iterator[DiskNode]:
    """Yield the node and what is in it, as deep as `collect` looks, at most MAX_ENTRIES; `collect` reports more."""
    yield node
    level, left = [node], MAX_ENTRIES
    for _ in range(MAX_LEVELS):
        above, level = level, []
        for folder in above:
            if folder.is_folder:
                with contextlib.suppress(FileUnreadable):  # `collect` reports it
                    level += islice(folder.scan(), left - len(level))
        level.sort(key=lambda inner: inner.parts)
        left -= len(level)
        yield from level


def _is_unfinished(node: DiskNode) -> bool:
    """Return whether a file has the name of a partial download or is open for writing."""
    if _partial(node.name):
        return True
    if node.is_folder or node.problem:
        return False
    try:
        descriptor = node.base.open(node.parts, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:  # it became a link, or is unreadable: `collect` reports it
        return False
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        # The kernel grants a read lease only if nobody has the file open for writing. If somebody opens it for writing
        # meanwhile, the kernel sends this process a signal: SIGURG, which does nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:  # another user's file, or a file system without leases: STILL_SECONDS must be enough
        return False
    finally:
        os.close(descriptor)
    return False
