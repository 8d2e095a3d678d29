"""From a path to submissions: what there is graded, and whose it is.

A path is one of:
- a notebook or module: one submission, of the student that its stem names;
- a folder: a class, with a file, a zip or a folder for each student. It is one student's own folder when
  all its candidates are files at its top named as the assignment;
- a zip: a class when several things at its top are or hold candidates, else one student's, named by the
  zip. A folder around everything is looked through. A zip in a class's folder is always one student's;
- a folder or zip as a learning platform hands it out: grader/platforms.py knows them.
grader/choose.py says what a candidate is, and which one is graded.

Nothing that was handed in is dropped: what can't be graded becomes a Submission with the reason in
`rejected`. Only the litter of systems and editors and, at the top of a class, the files by the instructor are
passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from grader.choose import Rules, unwrapped, visible
from grader.contents import Contents
from grader.errors import Unfit
from grader.model import Assignment, Submission
from grader.names import safe_name, unique_names
from grader.platforms import Share, shares
from grader.text import one_line, plain
from grader.tree import DiskNode, Node, Unreadable
from grader.words import megabytes
from grader.zips import MAX_CLASS_ZIP, open_zip

MAX_BATCH = 64 * 2**30  # bytes of all submissions together, for which there must be room on the disk
GRADED = (".ipynb", ".py")
WANTED = "wanted a notebook, a module (.py), a zip, or a folder of submissions"


class IntakeError(Unfit):
    """There is nothing to grade; the message is one sentence for the user."""


def collect(
    path: Path, assignment_name: str, support: frozenset[str] = frozenset(), attempt: str = "last"
) -> list[Submission]:
    """The submissions at `path`, sorted by student. `support` names files that are never what is graded."""
    return distinct(_bounded(_at(path, Rules(assignment_name, support, attempt))))


def collect_all(
    paths: Iterable[Path], assignment: Assignment, contents: Contents, attempt: str = "last"
) -> list[Submission]:
    """The submissions at several paths as one batch, without what they hold: that goes to `contents`."""
    rules = rules_of(assignment, attempt)
    found = _bounded(one for path in paths for one in _at(path, rules))
    return distinct(_put_aside(one, contents) for one in found)


def rules_of(assignment: Assignment, attempt: str = "last") -> Rules:
    """What an assignment says of submissions."""
    return Rules(assignment.name, frozenset(path.name for path in assignment.support.rglob("*")), attempt)


def entries(folder: Path) -> list[Path]:
    """What lies in the folder of a class, without litter."""
    try:
        return [folder / node.name for node in visible(DiskNode(folder))]
    except Unreadable as reason:
        raise IntakeError(f"{one_line(str(folder))}: {reason}.") from reason


def handed_in(path: Path, rules: Rules, contents: Contents) -> Submission | None:
    """What one student handed in, by its path in the folder of a class; None where nobody handed it in."""
    node = DiskNode(path)
    return None if rules.is_given(node) else _put_aside(_submission(node, rules, node), contents)


def _put_aside(one: Submission, contents: Contents) -> Submission:
    if one.rejected:
        return one
    try:
        contents.add(one.content)
    except OSError as error:
        raise IntakeError(
            f"There is no room for the submissions ({error.strerror}); mend that and start again."
        ) from error
    return msgspec.structs.replace(one, content=b"")


def distinct(submissions: Iterable[Submission]) -> list[Submission]:
    """Sorted by student, each with a name of its own: also for the submissions of several paths together."""
    ordered = sorted(submissions, key=lambda one: (*_order(one), one.file.casefold(), one.file))
    names = unique_names([one.student for one in ordered])
    return sorted(map(_renamed, ordered, names), key=_order)


def _at(path: Path, rules: Rules) -> Iterator[Submission]:
    """What is at a path, at least one submission; otherwise an IntakeError."""
    shown = one_line(str(path))
    try:
        path.lstat()
        root = DiskNode(path, path.name if path.name not in ("", "..") else path.resolve().name)
    except FileNotFoundError as error:
        raise IntakeError(f"{shown}: there is no such file or folder; {WANTED}.") from error
    except (OSError, ValueError) as error:
        raise IntakeError(f"{shown}: can't be opened ({one_line(str(error))}); {WANTED}.") from error
    try:
        nothing = True
        for submission in _found(root, rules):
            nothing = False
            yield submission
    except Unreadable as reason:
        raise IntakeError(f"{shown}: {reason}.") from reason
    if nothing:
        raise IntakeError(f"{shown}: the folder holds no submissions; {WANTED}.")


def _found(root: DiskNode, rules: Rules) -> Iterator[Submission]:
    if root.suffix == ".zip" and not root.trouble:
        yield from _in_zip(root, rules)
    elif root.is_folder and (handed_out := shares(root, rules)):
        yield from _handed_out(handed_out, rules)
    elif root.is_folder and rules.slots(root) != {""}:
        yield from _in_class(root, rules)
    else:
        yield _submission(root, rules, root)


def _in_zip(zipped: DiskNode, rules: Rules) -> Iterator[Submission]:
    try:
        with open_zip(zipped, MAX_CLASS_ZIP) as root:
            inner = unwrapped(root)
            if handed_out := shares(root, rules):
                yield from _handed_out(handed_out, rules)
            elif len(rules.slots(inner)) > 1:
                yield from _in_class(inner, rules)
            else:
                yield _submission(inner, rules, zipped)
    except Unreadable as reason:
        yield _rejected(zipped, str(reason))


def _in_class(root: Node, rules: Rules) -> Iterator[Submission]:
    return (_submission(node, rules, node) for node in visible(root) if not rules.is_given(node))


def _handed_out(found: Iterable[Share], rules: Rules) -> Iterator[Submission]:
    """What a platform says of a submission goes with it."""
    for share in found:
        one = _submission(share.node, rules, share.node)
        yield msgspec.structs.replace(
            one,
            student=safe_name(share.student),
            notes=(*share.notes, *one.notes),
            id=share.id,
            late=share.late,
            handed_in=share.handed_in,
        )


def _submission(node: Node, rules: Rules, handed_in: Node) -> Submission:
    """What one student handed in; the student is named by `handed_in`, the file by what is graded."""
    try:
        graded, content, notes = _read(node, rules)
    except Unreadable as reason:
        return _rejected(handed_in, str(reason))
    digest = hashlib.sha256(content).hexdigest()
    return Submission(_student(handed_in), _file(graded), content, digest, notes=notes)


def _rejected(handed_in: Node, reason: str) -> Submission:
    # The digest is that of the reason: with another reason it is another submission to whoever resumes.
    digest = hashlib.sha256(reason.encode()).hexdigest()
    return Submission(_student(handed_in), _file(handed_in), b"", digest, rejected=reason)


def _read(node: Node, rules: Rules) -> tuple[Node, bytes, tuple[str, ...]]:
    """The file to grade, its content, and notes."""
    if node.trouble:
        raise node.problem(node.trouble)
    if node.is_folder:
        chosen, notes = rules.choose(node)
        graded, content, more = _read(chosen, rules)
        return graded, content, notes + more
    if node.suffix == ".zip":
        with open_zip(node) as root:
            return _read(root, rules)
    if node.suffix not in GRADED:
        kind = f"a {node.suffix}" if node.suffix else "a file without an ending"
        raise Unreadable(f"{one_line(kind, 50)} can't be graded; hand in .ipynb, .py or .zip")
    content = node.read()
    if trouble := _content_trouble(content):
        raise node.problem(trouble)
    return node, content, ()


def _content_trouble(content: bytes) -> str:
    """What shows without parsing. Whether a notebook is one is found out in the sandbox."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16 text; save it as UTF-8"
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        return "is empty"
    return "is binary, not text" if b"\0" in content else ""


def _student(node: Node) -> str:
    return safe_name(node.name if node.is_folder else Path(node.name).stem)


def _file(node: Node) -> str:
    """The name with its ending in small letters, by which notebooks and modules are told apart."""
    return plain(node.name if node.is_folder else Path(node.name).stem + node.suffix)


def _order(one: Submission) -> tuple[str, str]:
    return one.student.casefold(), one.student


def _renamed(one: Submission, name: str) -> Submission:
    if name == one.student:
        return one
    note = f"another submission is also called {one.student}; this one is listed as {name}"
    return msgspec.structs.replace(one, student=name, notes=(*one.notes, note), id=one.id or one.student)


def _bounded(submissions: Iterable[Submission]) -> Iterator[Submission]:
    total = 0
    for one in submissions:
        total += len(one.content)
        if total > MAX_BATCH:
            raise IntakeError(
                f"The submissions have more than {megabytes(MAX_BATCH)} together; grade them in several runs."
            )
        yield one
