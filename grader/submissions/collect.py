"""Find the submissions at a path: the student and the file to grade.

The content of a submission never decides whose it is. The path that the instructor names does:
- A notebook, module or zip is one submission. The stem of its name is the student.
- A folder is a class. Each file, zip or folder in it is one submission and names the student. A folder whose only
  candidates are files at its top that are named like the assignment is the folder of one student.
- With `platform`, a folder or zip is a download of that platform (grader/submissions/lms_downloads.py), a CLASS with an
  entry for each student, or the folder of one STUDENT. A path with the name of one entry of a download is that entry.
grader/submissions/selection.py defines candidates and selects the one that is graded.

Nothing that was handed in is dropped: what can't be graded becomes a Submission with the reason in `rejection`. Only
files that systems and editors leave behind, and files of the instructor at the top of a class, are ignored.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath

import msgspec

from grader._util.escaping import one_line, plain
from grader._util.wording import format_megabytes, join_with_and
from grader.errors import UserError
from grader.models import Assignment, Submission
from grader.submissions.archives import open_zip
from grader.submissions.file_tree import DiskNode, FileUnreadable, Node, open_node
from grader.submissions.limits import MAX_CLASS_BYTES, MAX_CLASS_ZIP, MAX_LISTED
from grader.submissions.lms_downloads import PLATFORMS, Download, guess_platform, read_downloads, read_entry
from grader.submissions.selection import SelectionRules, unwrap, visible_nodes
from grader.submissions.spool import SubmissionSpool
from grader.submissions.student_names import display_name, name_key, safe_name, unique_names
from grader.submissions.untouched import stub_cells

GRADED_SUFFIXES = (".ipynb", ".py")
EXPECTED_PATHS = "expected a notebook, a module (.py), a zip, or a folder of submissions"
CLASS, STUDENT = "class", "student"  # values of --as-platform beside the platforms
PLATFORM_CHOICES = (*PLATFORMS, CLASS, STUDENT)


class IntakeError(UserError):
    """A path holds nothing to grade or can't be read."""


class SpoolFull(IntakeError):
    """The disk is full: a submission can't be stored."""


def collect(
    path: Path, assignment_name: str, support: frozenset[str] = frozenset(), attempt: str = "last", platform: str = ""
) -> list[Submission]:
    """Return the submissions at `path` with their contents, sorted by student. Raises IntakeError.

    :param support: names of files that are never graded, such as those given to every student
    :param attempt: the attempt that is graded if there are several, "first" or "last"
    :param platform: one of PLATFORM_CHOICES; empty for a class or submission of the layout above
    """
    return with_unique_names(_bounded(_at(path, SelectionRules(assignment_name, support, attempt), platform)))


def collect_all(
    paths: Iterable[Path],
    assignment: Assignment,
    contents: SubmissionSpool,
    attempt: str = "last",
    platform: str = "",
    notify: Callable[[str], None] = lambda hint: None,
    graded: Callable[[], Mapping[str, str]] = dict,
) -> list[Submission]:
    """Return the submissions at several paths as one batch, sorted by student; `contents` stores their contents.

    Raises IntakeError, and SpoolFull on a full disk.

    :param notify: is called with hints for the instructor, one sentence each
    :param graded: returns student -> digest of the submission that was graded before
    """
    rules = selection_rules(assignment, attempt)
    found = _bounded(one for path in paths for one in _at(path, rules, platform, notify))
    return with_unique_names((_store(one, contents) for one in found), graded)


def selection_rules(assignment: Assignment, attempt: str = "last") -> SelectionRules:
    """Return the rules that select the submissions of an assignment."""
    support = frozenset(path.name for path in assignment.support.rglob("*"))
    return SelectionRules(assignment.name, support, attempt, lambda: stub_cells(assignment.notebook))


def read_submission(node: DiskNode, rules: SelectionRules, contents: SubmissionSpool) -> Submission | None:
    """Return the submission that an entry of a class folder is; None for a file of the instructor."""
    return None if rules.is_provided(node) else _store(_submission(node, rules, node), contents)


def read_single(path: Path, rules: SelectionRules) -> Submission:
    """Return the submission of one student: a notebook, a module or a zip, whose name is the student's.

    Raises IntakeError if the path can't be opened.
    """
    with open_path(path) as root:
        return _submission(root, rules, root)


def class_entries(path: Path, rules: SelectionRules, platform: str) -> Iterator[tuple[Submission, Node]]:
    """Yield each submission in the zip of a class, with the node that was handed in: a file, a zip or a folder.

    A node can be read until the next one is asked for. Raises IntakeError if the zip can't be read.

    :param platform: CLASS or one of PLATFORMS
    """
    with open_path(path) as root, open_zip(root, MAX_CLASS_ZIP) as top:
        if platform in PLATFORMS:
            for download in read_downloads(top, rules, PLATFORMS[platform]):
                yield _from_download(download, rules), download.node
        else:
            for node in visible_nodes(_inner_class_folder(top)):
                if not rules.is_provided(node):
                    yield _submission(node, rules, node), node


@contextmanager
def open_path(path: Path) -> Iterator[DiskNode]:
    """Yield the node at a path that the instructor named.

    Raises IntakeError if the path, or anything that is read inside the `with` block, can't be read.
    """
    name = one_line(str(path))
    try:
        with open_node(path) as root:
            yield root
    except FileNotFoundError as error:
        raise IntakeError(f"{name}: no such file or folder; {EXPECTED_PATHS}") from error
    except (OSError, ValueError) as error:
        raise IntakeError(f"{name}: can't be opened ({one_line(str(error))}); {EXPECTED_PATHS}") from error
    except FileUnreadable as reason:
        raise IntakeError(f"{name}: {reason}") from reason


def _store(one: Submission, contents: SubmissionSpool) -> Submission:
    if one.rejection:
        return one
    try:
        contents.add(one.content)
    except OSError as error:
        raise SpoolFull(
            f"the submissions can't be stored ({error.strerror}); free disk space and start again"
        ) from error
    return msgspec.structs.replace(one, content=b"")


def with_unique_names(
    submissions: Iterable[Submission], graded: Callable[[], Mapping[str, str]] = dict
) -> list[Submission]:
    """Return the submissions sorted by student, each under a name of its own.

    Of several submissions with one name, the one that was graded before keeps it, else the first by file name. All of
    them keep one id, so that an export writes none of their grades before a person has looked.
    """
    ordered = sorted(submissions, key=lambda one: (*_order(one), one.file.casefold(), one.file))
    counts = Counter(name_key(one.student) for one in ordered)
    if len(counts) < len(ordered):
        before = {name_key(student): digest for student, digest in graded().items()}
        ordered.sort(key=lambda one: before.get(name_key(one.student)) != one.digest)
    names = list(unique_names([one.student for one in ordered]))
    others: dict[str, list[str]] = defaultdict(list)
    for one, name in zip(ordered, names, strict=True):
        if name != one.student:
            others[name_key(one.student)].append(name)
    return sorted((_with_unique_name(*pair, others) for pair in zip(ordered, names, strict=True)), key=_order)


def _with_unique_name(one: Submission, name: str, others: Mapping[str, list[str]]) -> Submission:
    """Return a submission under `name`, with a note if another submission has the student's name."""
    numbered = others.get(name_key(one.student))
    if not numbered:
        return one
    if name == one.student:
        rest = [f"{len(numbered) - MAX_LISTED} more"] if len(numbered) > MAX_LISTED else []
        few = join_with_and([*numbered[:MAX_LISTED], *rest])
        note = f"another submission is also called {one.student}; it is listed as {few}"
    else:
        note = f"another submission is also called {one.student}; this one is listed as {name}"
    known = one.id or one.name or one.student
    return msgspec.structs.replace(one, student=name, notes=(*one.notes, note), id=known)


def _at(
    path: Path, rules: SelectionRules, platform: str, notify: Callable[[str], None] = lambda hint: None
) -> Iterator[Submission]:
    """Yield the submissions at a path. Raises IntakeError if there is none."""
    empty = True
    with open_path(path) as root:
        for submission in _found(root, rules, platform, notify):
            empty = False
            yield submission
    if empty:
        raise IntakeError(f"{one_line(str(path))}: the folder holds no submissions; {EXPECTED_PATHS}")


def _found(root: DiskNode, rules: SelectionRules, platform: str, notify: Callable[[str], None]) -> Iterator[Submission]:
    zipped = root.suffix == ".zip" and not root.problem
    if platform in PLATFORMS and (download := read_entry(root, rules, PLATFORMS[platform])):
        yield _from_download(download, rules)
    elif platform == STUDENT or not (root.is_folder or zipped):
        yield _submission(root, rules, root)
    elif zipped and not platform:
        yield _single_zip(root, rules, notify)
    elif zipped:
        with open_zip(root, MAX_CLASS_ZIP) as top:
            yield from _in_class(_inner_class_folder(top) if platform == CLASS else top, rules, platform)
    elif platform:
        yield from _in_class(root, rules, platform)
    elif (slots := rules.candidate_slots(root)) == {""}:
        yield _submission(root, rules, root)
    else:
        if seen := guess_platform(root, rules) or (STUDENT if "" in slots else ""):
            notify(_hint(root, seen))
        yield from _in_class(root, rules, platform)


def _in_class(root: Node, rules: SelectionRules, platform: str) -> Iterator[Submission]:
    if platform in PLATFORMS:
        for download in read_downloads(root, rules, PLATFORMS[platform]):
            yield _from_download(download, rules)
    else:
        yield from (_submission(node, rules, node) for node in visible_nodes(root) if not rules.is_provided(node))


def _inner_class_folder(top: Node) -> Node:
    """Return the only folder in a zip if it has the name of the zip: class/ in class.zip with class/ada, class/bob."""
    nodes = visible_nodes(top)
    own = len(nodes) == 1 and nodes[0].is_folder and nodes[0].name.casefold() == PurePath(top.name).stem.casefold()
    return nodes[0] if own else top


def _single_zip(zipped: DiskNode, rules: SelectionRules, notify: Callable[[str], None]) -> Submission:
    """Return a zip as one submission; if it looks like a class, a note says how to grade it as one."""
    one = _submission(zipped, rules, zipped)
    seen = ""
    with contextlib.suppress(FileUnreadable), open_zip(zipped, MAX_CLASS_ZIP) as top:
        seen = guess_platform(top, rules) or (CLASS if len(rules.candidate_slots(_inner_class_folder(top))) > 1 else "")
    if not seen:
        return one
    notify(hint := _hint(zipped, seen))
    return msgspec.structs.replace(one, notes=(*one.notes, hint))


def _hint(root: Node, seen: str) -> str:
    """Return a hint for a path that may be something else than what it was read as."""
    read = "an ordinary class" if root.is_folder else "one submission"
    other = {CLASS: "a class of several students", STUDENT: "one student's folder"}
    what = other.get(seen) or f"a class from {PLATFORMS[seen].title}"
    return f"{one_line(root.name, 200)} was read as {read}; if it is {what}, grade it with --as-platform {seen}"


def _from_download(download: Download, rules: SelectionRules) -> Submission:
    """Return the submission in a download, with the id and the dates that the platform says."""
    one = _named(_submission(download.node, rules, download.node), download.student)
    notes = (*download.notes, *one.notes)
    return msgspec.structs.replace(one, notes=notes, id=download.id, late=download.late, handed_in=download.handed_in)


def _submission(node: Node, rules: SelectionRules, handed_in: Node) -> Submission:
    """Return a student's submission; `handed_in` names the student, the graded node names the file."""
    try:
        graded, content, notes = _read(node, rules)
    except FileUnreadable as reason:
        return _rejected(handed_in, str(reason))
    digest = hashlib.sha256(content).hexdigest()
    return _named(Submission("", _file(graded), content, digest, notes=notes), handed_in.stem)


def _rejected(handed_in: Node, reason: str) -> Submission:
    # The digest is of the reason, so that a submission with another reason isn't reused when a run is resumed.
    digest = hashlib.sha256(reason.encode()).hexdigest()
    return _named(Submission("", _file(handed_in), b"", digest, rejection=reason), handed_in.stem)


def _read(node: Node, rules: SelectionRules) -> tuple[Node, bytes, tuple[str, ...]]:
    """Return the node to grade, its content, and notes. Raises FileUnreadable."""
    if node.problem:
        raise node.error(node.problem)
    if node.is_folder:
        chosen, notes = rules.choose_file(node)
        graded, content, more = _read(chosen, rules)
        return graded, content, notes + more
    if node.suffix == ".zip":
        with open_zip(node) as root:
            return _read(unwrap(root), rules)
    if node.suffix not in GRADED_SUFFIXES:
        kind = f"a {node.suffix}" if node.suffix else "a file without an ending"
        raise FileUnreadable(f"{one_line(kind, 50)} can't be graded; hand in .ipynb, .py or .zip")
    content = node.read()
    if problem := _content_problem(content):
        raise node.error(problem)
    return node, content, ()


def _content_problem(content: bytes) -> str | None:
    """Say why a content can't be graded, as far as that shows without parsing; the sandbox parses. None if it can."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16 text; save it as UTF-8"
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        return "is empty"
    return "is binary, not text" if b"\0" in content else None


def _named(one: Submission, student: str) -> Submission:
    """Return a submission under a student's name, as a path and as people read it."""
    path, name = safe_name(student), display_name(student)
    return msgspec.structs.replace(one, student=path, name="" if name == path else name)


def _file(node: Node) -> str:
    """Return the name of a file with its ending in lower case, which distinguishes notebooks from modules."""
    return plain(node.stem + node.suffix)


def _order(one: Submission) -> tuple[str, str]:
    return one.student.casefold(), one.student


def _bounded(submissions: Iterable[Submission]) -> Iterator[Submission]:
    total = 0
    for one in submissions:
        total += len(one.content)
        if total > MAX_CLASS_BYTES:
            largest = format_megabytes(MAX_CLASS_BYTES)
            raise IntakeError(f"the submissions have more than {largest} together; grade them in several runs")
        yield one
