"""Which submissions in a folder are complete. One that is still being written is never taken.

A file counts as complete when its size and time stood still for a moment, its name isn't that of a half-done
download, and nobody has it open for writing (which the kernel tells to the file's owner and to root). A folder is
complete when all its files are.

Whoever can write into the folder can't end the watch, or take anything from others: the entries of each owner are
counted apart, and of an owner with too many the rest is left, and told. Who comes first has the name: another file
for the same student is listed under a name of its own, and no roster knows it.
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
from grader.submissions.collect import SpoolFull, open_path, read_submission, selection_rules, student_name
from grader.submissions.file_tree import MAX_ENTRIES, DiskNode, FileUnreadable
from grader.submissions.namesakes import Namesakes
from grader.submissions.selection import MAX_LEVELS, is_litter
from grader.submissions.spool import SubmissionSpool
from grader.submissions.student_names import name_key, safe_name

STILL_SECONDS = 2.0  # seconds without a change
FREE_VERSIONS = 20  # versions of one entry; each further one waits longer, for each is kept in the gradebook for good
PENALTY_SECONDS = 30.0  # seconds, times the number of versions beyond those
VERSIONS_PER_SECOND = 1.0  # versions of all entries of one owner in a second, beyond those of a whole class
MAX_NODES_PER_OWNER = 20 * MAX_ENTRIES  # files and folders of one owner, in one look
PARTIAL_NAMES = ("*.part", "*.partial", "*.filepart", "*.crdownload", "*.download", "*.upload", "*.tmp", "*.temp", "*~")


class FileState(NamedTuple):
    """By what a change of a file shows."""

    where: tuple[str, ...]
    size: int
    changed: int
    number: int  # another file in its place has another one


FileStates = tuple[FileState, ...]


class Arrival(NamedTuple):
    """A submission, and the user of this machine whose file it is."""

    submission: Submission
    owner: int


class WatchedEntry:
    """What is known of one thing in the folder."""

    def __init__(self) -> None:
        self.submission: Submission | None = None  # the version that was taken last
        self.states: FileStates = ()  # how it was then
        self.versions = 0
        self.last = 0.0  # when that version was taken
        self._seen: FileStates = ()  # how it was at the last look
        self._since = 0.0  # since when it has been so

    def is_settled(self, marks: FileStates) -> bool:
        """Whether another version has stood still for long enough to be taken."""
        now = time.monotonic()
        if marks != self._seen:
            self._seen, self._since = marks, now
        patience = PENALTY_SECONDS * max(0, self.versions - FREE_VERSIONS)
        return bool(marks) and marks != self.states and now >= max(self._since + STILL_SECONDS, self.last + patience)

    def record_version(self, marks: FileStates, submission: Submission | None) -> None:
        self.submission, self.states = submission, marks
        self.versions, self.last = self.versions + 1, time.monotonic()


class IncomingFolder:
    """A folder in which submissions arrive: a file, a zip or a folder for each student.

    `graded` has the digest of the submission that stands in the gradebook for each student, and `tell` takes what the
    instructor should know, each sentence once.
    """

    def __init__(
        self,
        folder: Path,
        assignment: Assignment,
        contents: SubmissionSpool,
        graded: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._folder = folder
        self._rules = selection_rules(assignment)
        self._contents = contents
        self._namesakes = Namesakes(graded or {})
        self._tell = tell
        self._told: set[str] = set()
        self._entries: dict[str, WatchedEntry] = {}
        self._taken = Counter[int]()  # owner -> versions
        self._began = time.monotonic()

    def scan(self) -> list[Arrival]:
        """All that is complete, those first that have not changed for longest. Raises IntakeError."""
        with open_path(self._folder) as root:
            nodes = self._present(root)
            self._forget(self._entries.keys() - {node.name for node in nodes})
            looked_at = Counter[int]()
            shared = cache(partial(_shared, nodes))
            for node in nodes:
                self._look_at(node, looked_at, shared)
        return list(self._complete(nodes))

    def _present(self, root: DiskNode) -> list[DiskNode]:
        """What lies in the folder, oldest change first; of each owner no more than a class can have."""
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
                self._once(f"user {owner} has more than {MAX_ENTRIES} files and folders there; the rest is left")
            found += [*known[owner], *new[owner][: max(0, room)]]
        return sorted(found, key=lambda node: (_changed(node), node.name))

    def _forget(self, gone: Iterable[str]) -> None:
        for name in gone:
            self._release(self._entries.pop(name).submission)

    def _look_at(self, node: DiskNode, looked_at: Counter[int], shared: Callable[[], Container[str]]) -> None:
        owner = _owner(node)
        if looked_at[owner] > MAX_NODES_PER_OWNER:
            self._once(f"user {owner} has more than {MAX_NODES_PER_OWNER} files in folders there; the rest is left")
            return
        files = list(_files(node))
        looked_at[owner] += len(files)
        marks = _marks(files)
        entry = self._entries.setdefault(node.name, WatchedEntry())
        if not entry.is_settled(marks) or any(map(_unfinished, files)):
            return
        if self._taken[owner] > MAX_ENTRIES + VERSIONS_PER_SECOND * (time.monotonic() - self._began):
            self._once(
                f"user {owner} hands in more than {VERSIONS_PER_SECOND:g} submissions a second; they have to wait"
            )
            return
        try:
            submission = read_submission(node, self._rules, self._contents)
        except SpoolFull as problem:
            self._once(str(problem))
            return
        if _marks(list(_files(node))) != marks:  # also after it was read
            self._release(submission)
            return
        self._release(entry.submission)
        entry.record_version(marks, submission)
        self._taken[owner] += 1
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
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell(sentence)


def _shared(nodes: Iterable[DiskNode]) -> set[str]:
    """The names of students, as keys, that several entries would have."""
    counts = Counter(name_key(safe_name(student_name(node))) for node in nodes)
    return {key for key, count in counts.items() if count > 1}


def _owner(node: DiskNode) -> int:
    return -1 if isinstance(node.info, OSError) else node.info.st_uid


def _changed(node: DiskNode) -> int:
    return 0 if isinstance(node.info, OSError) else node.info.st_ctime_ns


def _partial(name: str) -> bool:
    return any(fnmatch.fnmatch(name.lower(), pattern) for pattern in PARTIAL_NAMES)


def _marks(files: Sequence[DiskNode]) -> FileStates:
    """Of a file, or of everything in a folder; none when something went meanwhile."""
    infos = [(node, node.info) for node in files]
    return tuple(
        FileState(node.parts, info.st_size, info.st_mtime_ns, info.st_ino)
        for node, info in infos
        if not isinstance(info, OSError)
    )


def _files(node: DiskNode) -> Iterator[DiskNode]:
    """The node and what is in it, as deep as intake looks; of too much, the first: intake will say that it is."""
    yield node
    level, left = [node], MAX_ENTRIES
    for _ in range(MAX_LEVELS):
        above, level = level, []
        for folder in above:
            if folder.is_folder:
                with contextlib.suppress(FileUnreadable):  # intake will say so
                    level += islice(folder.scan(), left - len(level))
        level.sort(key=lambda inner: inner.parts)
        left -= len(level)
        yield from level


def _unfinished(node: DiskNode) -> bool:
    """Whether it has the name of a half-done download, or is open for writing."""
    if _partial(node.name):
        return True
    if node.is_folder or node.problem:
        return False
    try:
        descriptor = node.base.open(node.parts, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:  # a link by now, or unreadable: intake will say so
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
