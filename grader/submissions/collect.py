"""From a path to submissions: what there is graded, and whose it is.

What a student hands in never says whose it is. That is said by what the instructor names:
- a notebook, a module or a zip: one submission, of the student that its stem names, whatever is in it;
- a folder: a class, with a file, a zip or a folder for each student, who is named by it. It is one student's own
  folder when all its candidates are files at its top named as the assignment;
- with `platform`, a folder or zip is what that says: a class as a learning platform hands it out
  (grader/submissions/lms_downloads.py knows them), a CLASS with an entry for each student, or one STUDENT's.
grader/submissions/selection.py says what a candidate is, and which one is graded.

Nothing that was handed in is dropped: what can't be graded becomes a Submission with the reason in
`rejected`. Only the litter of systems and editors and, at the top of a class, the files by the instructor are
passed over.
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
from grader.submissions.archives import MAX_CLASS_ZIP, open_zip
from grader.submissions.file_tree import DiskNode, FileUnreadable, Node, open_node
from grader.submissions.lms_downloads import PLATFORMS, Download, guess_platform, read_downloads
from grader.submissions.selection import SelectionRules, unwrap, visible_nodes
from grader.submissions.spool import SubmissionSpool
from grader.submissions.student_names import display_name, name_key, safe_name, unique_names

MAX_BATCH = 64 * 2**30  # bytes of all submissions together, for which there must be room on the disk
GRADED_SUFFIXES = (".ipynb", ".py")
EXPECTED_PATHS = "wanted a notebook, a module (.py), a zip, or a folder of submissions"
FEW = 5  # names in a note
CLASS, STUDENT = "class", "student"  # values of --as-platform beside the platforms
PLATFORM_CHOICES = (*PLATFORMS, CLASS, STUDENT)


class IntakeError(UserError):
    """There is nothing to grade; the message is one sentence for the user."""


class SpoolFull(IntakeError):
    """The disk can't take what was handed in."""


def collect(
    path: Path, assignment_name: str, support: frozenset[str] = frozenset(), attempt: str = "last", platform: str = ""
) -> list[Submission]:
    """The submissions at `path`, sorted by student. `support` names files that are never what is graded."""
    return with_unique_names(_bounded(_at(path, SelectionRules(assignment_name, support, attempt), platform)))


def collect_all(
    paths: Iterable[Path],
    assignment: Assignment,
    contents: SubmissionSpool,
    attempt: str = "last",
    platform: str = "",
    tell: Callable[[str], None] = lambda hint: None,
    graded: Callable[[], Mapping[str, str]] = dict,
) -> list[Submission]:
    """The submissions at several paths as one batch, without what they hold: that goes to `contents`.

    `tell` takes hints for the instructor, a sentence each. `graded` gives the digests of what was graded before, by
    student.
    """
    rules = selection_rules(assignment, attempt)
    found = _bounded(one for path in paths for one in _at(path, rules, platform, tell))
    return with_unique_names((_put_aside(one, contents) for one in found), graded)


def selection_rules(assignment: Assignment, attempt: str = "last") -> SelectionRules:
    """What an assignment says of submissions."""
    return SelectionRules(assignment.name, frozenset(path.name for path in assignment.support.rglob("*")), attempt)


def read_submission(node: DiskNode, rules: SelectionRules, contents: SubmissionSpool) -> Submission | None:
    """What one student handed in, of what lies in the folder of a class; None where nobody handed it in."""
    return None if rules.is_provided(node) else _put_aside(_submission(node, rules, node), contents)


@contextmanager
def open_path(path: Path) -> Iterator[DiskNode]:
    """What is at a path that the instructor named. Raises IntakeError, also for what is read inside of the block."""
    shown = one_line(str(path))
    try:
        with open_node(path) as root:
            yield root
    except FileNotFoundError as error:
        raise IntakeError(f"{shown}: there is no such file or folder; {EXPECTED_PATHS}.") from error
    except (OSError, ValueError) as error:
        raise IntakeError(f"{shown}: can't be opened ({one_line(str(error))}); {EXPECTED_PATHS}.") from error
    except FileUnreadable as reason:
        raise IntakeError(f"{shown}: {reason}.") from reason


def _put_aside(one: Submission, contents: SubmissionSpool) -> Submission:
    if one.rejection:
        return one
    try:
        contents.add(one.content)
    except OSError as error:
        raise SpoolFull(
            f"There is no room for the submissions ({error.strerror}); mend that and start again."
        ) from error
    return msgspec.structs.replace(one, content=b"")


def with_unique_names(
    submissions: Iterable[Submission], graded: Callable[[], Mapping[str, str]] = dict
) -> list[Submission]:
    """Sorted by student, each with a name of its own: also for the submissions of several paths together.

    Of several with one name, the one that was graded before keeps it, else the first by the name of its file. They
    keep one id, so that an export gives the grade of none of them before a person has looked.
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
    return sorted((_told_apart(*pair, others) for pair in zip(ordered, names, strict=True)), key=_order)


def _told_apart(one: Submission, name: str, others: Mapping[str, list[str]]) -> Submission:
    """The submission under its name, with a note where another one has the same."""
    numbered = others.get(name_key(one.student))
    if not numbered:
        return one
    if name == one.student:
        few = join_with_and(numbered if len(numbered) <= FEW else [*numbered[:FEW], f"{len(numbered) - FEW} more"])
        note = f"another submission is also called {one.student}; it is listed as {few}"
    else:
        note = f"another submission is also called {one.student}; this one is listed as {name}"
    known = one.id or one.name or one.student
    return msgspec.structs.replace(one, student=name, notes=(*one.notes, note), id=known)


def _at(
    path: Path, rules: SelectionRules, platform: str, tell: Callable[[str], None] = lambda hint: None
) -> Iterator[Submission]:
    """What is at a path, at least one submission; otherwise an IntakeError."""
    nothing = True
    with open_path(path) as root:
        for submission in _found(root, rules, platform, tell):
            nothing = False
            yield submission
    if nothing:
        raise IntakeError(f"{one_line(str(path))}: the folder holds no submissions; {EXPECTED_PATHS}.")


def _found(root: DiskNode, rules: SelectionRules, platform: str, tell: Callable[[str], None]) -> Iterator[Submission]:
    zipped = root.suffix == ".zip" and not root.problem
    if platform == STUDENT or not (root.is_folder or zipped):
        yield _submission(root, rules, root)
    elif zipped and not platform:
        yield _alone(root, rules, tell)
    elif zipped:
        with open_zip(root, MAX_CLASS_ZIP) as top:
            yield from _in_class(_without_its_name(top) if platform == CLASS else top, rules, platform)
    elif platform:
        yield from _in_class(root, rules, platform)
    elif (slots := rules.candidate_slots(root)) == {""}:
        yield _submission(root, rules, root)
    else:
        if seen := guess_platform(root, rules) or (STUDENT if "" in slots else ""):
            tell(_hint(root, seen))
        yield from _in_class(root, rules, platform)


def _in_class(root: Node, rules: SelectionRules, platform: str) -> Iterator[Submission]:
    if platform in PLATFORMS:
        for share in read_downloads(root, rules, PLATFORMS[platform]):
            yield _handed_out(share, rules)
    else:
        yield from (_submission(node, rules, node) for node in visible_nodes(root) if not rules.is_provided(node))


def _without_its_name(top: Node) -> Node:
    """The folder that is all there is in a zip and is named as the zip: class.zip, which holds class/ada, class/bob."""
    nodes = visible_nodes(top)
    own = len(nodes) == 1 and nodes[0].is_folder and nodes[0].name.casefold() == PurePath(top.name).stem.casefold()
    return nodes[0] if own else top


def _alone(zipped: DiskNode, rules: SelectionRules, tell: Callable[[str], None]) -> Submission:
    """A zip is one student's unless the instructor says otherwise. Where it looks like a class, a note says how to."""
    one = _submission(zipped, rules, zipped)
    seen = ""
    with contextlib.suppress(FileUnreadable), open_zip(zipped, MAX_CLASS_ZIP) as top:
        seen = guess_platform(top, rules) or (CLASS if len(rules.candidate_slots(_without_its_name(top))) > 1 else "")
    if not seen:
        return one
    tell(hint := _hint(zipped, seen))
    return msgspec.structs.replace(one, notes=(*one.notes, hint))


def _hint(root: Node, seen: str) -> str:
    """How to say what a path is, where it may be something else than it was taken for."""
    read = "an ordinary class" if root.is_folder else "one submission"
    other = {CLASS: "a class of several students", STUDENT: "one student's folder"}
    what = other.get(seen) or f"a class from {PLATFORMS[seen].title}"
    return f"{one_line(root.name, 200)} was taken as {read}; if it is {what}, grade it with --as-platform {seen}"


def _handed_out(share: Download, rules: SelectionRules) -> Submission:
    """What a platform says of a submission goes with it."""
    one = _named(_submission(share.node, rules, share.node), share.student)
    notes = (*share.notes, *one.notes)
    return msgspec.structs.replace(one, notes=notes, id=share.id, late=share.late, handed_in=share.handed_in)


def _submission(node: Node, rules: SelectionRules, handed_in: Node) -> Submission:
    """What one student handed in; the student is named by `read_submission`, the file by what is graded."""
    try:
        graded, content, notes = _read(node, rules)
    except FileUnreadable as reason:
        return _rejected(handed_in, str(reason))
    digest = hashlib.sha256(content).hexdigest()
    return _named(Submission("", _file(graded), content, digest, notes=notes), student_name(handed_in))


def _rejected(handed_in: Node, reason: str) -> Submission:
    # The digest is that of the reason: with another reason it is another submission to whoever resumes.
    digest = hashlib.sha256(reason.encode()).hexdigest()
    return _named(Submission("", _file(handed_in), b"", digest, rejection=reason), student_name(handed_in))


def _read(node: Node, rules: SelectionRules) -> tuple[Node, bytes, tuple[str, ...]]:
    """The file to grade, its content, and notes."""
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
    if trouble := _content_trouble(content):
        raise node.error(trouble)
    return node, content, ()


def _content_trouble(content: bytes) -> str:
    """What shows without parsing. Whether a notebook is one is found out in the sandbox."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16 text; save it as UTF-8"
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        return "is empty"
    return "is binary, not text" if b"\0" in content else ""


def student_name(node: Node) -> str:
    """The student whom a file or folder names, in its own words."""
    return node.name if node.is_folder else PurePath(node.name).stem


def _named(one: Submission, called: str) -> Submission:
    """A submission by a student of this name, as it is a path and as people read it."""
    path, name = safe_name(called), display_name(called)
    return msgspec.structs.replace(one, student=path, name="" if name == path else name)


def _file(node: Node) -> str:
    """The name with its ending in small letters, by which notebooks and modules are told apart."""
    return plain(node.name if node.is_folder else PurePath(node.name).stem + node.suffix)


def _order(one: Submission) -> tuple[str, str]:
    return one.student.casefold(), one.student


def _bounded(submissions: Iterable[Submission]) -> Iterator[Submission]:
    total = 0
    for one in submissions:
        total += len(one.content)
        if total > MAX_BATCH:
            raise IntakeError(
                f"The submissions have more than {format_megabytes(MAX_BATCH)} together; grade them in several runs."
            )
        yield one
