"""Reader of the downloads that learning platforms offer for a whole class.

- Canvas, "Download Submissions" (its lib/content_zipper.rb): lovelaceada_12345_678910_digits.ipynb or, handed in late,
  lovelaceada_LATE_12345_678910_digits.ipynb: the student's name, their Canvas id, the file's id, which grows, and the
  file's name, which gets -1, -2 when it is handed in again. Where names are hidden, anon_Xy9 stands for name and id.
- Moodle, "Download all submissions": a folder "Ada Lovelace_12345_assignsubmission_file_", or files that begin like
  this; the number is that of the Identifier in the grading worksheet. Typed text has `onlinetext` for `file`. Where
  groups hand in, name and number are the group's, and "Default group_assignsubmission_file" has no number.
- Gradescope, "Export submissions": a folder submission_456/ for each submission, and
  submission_metadata.yml, which says who handed it in.
- nbgrader: STUDENT/ASSIGNMENT/ with the files. The timestamp.txt among them is written by the student's own
  program, so it isn't trusted.

Any student can make files with such names. Therefore the layout is never guessed: `grader grade --as-platform` names
it, and only names at the top, which the platform chose, are parsed. In Canvas and Moodle students may choose their own
names and put the id of somebody else into one. Where a file name can be read in two ways, the submission gets no id.

The student's name in the report is name and id: it is equal in every download, and two students with one name differ.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.submissions.file_tree import FileUnreadable, Node
from grader.submissions.gradescope_metadata import METADATA, Submitter, read_submitters
from grader.submissions.selection import MOODLE_MARK, SelectionRules, visible_nodes

CANVAS = re.compile(
    r"(?:(?P<name>[^ .\\/-]+?)(?P<late>_LATE)?_(?P<id>\d{2,})|(?P<anon_late>LATE_)?(?P<anon>anon_[A-Za-z0-9]+))"
    r"_(?:(?P<file>\d{4,})_(?P<rest>.+)|(?P<typed>(?:text|link)\.html))"
)
CANVAS_IDS = re.compile(r"_\d{2,}_(?:\d{4,}_.|(?:text|link)\.html$)")
RESUBMITTED_NAME = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})(?P<ending>\.[^.]+)")
MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?")
MOODLE_ID = re.compile(r"_\d+_assignsubmission_")
GRADESCOPE = re.compile(r"submission_\d+")
TIMESTAMP = "timestamp.txt"
SUBMITTED = "submitted"  # nbgrader's folder of all that was handed in
FEW = 10

AMBIGUOUS_OWNER = "the student isn't known: the file name can be read in two ways"

CanvasFile = tuple[Node, re.Match[str]]


class Download(NamedTuple):
    """Submission of one student in a download; `id` is empty if the platform doesn't say it."""

    student: str
    id: str
    node: Node
    late: bool = False
    handed_in: str = ""
    notes: tuple[str, ...] = ()


class NodeGroup(Node):
    """Folder made of nodes that belong to one student."""

    def __init__(self, name: str, members: Sequence[Node]) -> None:
        super().__init__(name, True, "")
        self.members = list(members)

    def children(self) -> list[Node]:
        """Return the members."""
        return self.members


class Platform(NamedTuple):
    """Layout of the downloads of one platform."""

    title: str
    example: str  # an example, for people
    read: Callable[[Sequence[Node], SelectionRules], Iterator[Download]]
    allows_wrapper: Callable[
        [str], bool
    ]  # whether a folder of this name may be around all of it, and isn't a student's own
    names_entries: bool = False  # whether the name of an entry says that it is one


def read_downloads(root: Node, rules: SelectionRules, platform: Platform) -> list[Download]:
    """Return the submissions in a download of a platform.

    Other files beside them, such as a notebook that was sent by email, are returned without an id. Raises
    FileUnreadable if this isn't a download of the platform.
    """
    nodes = _handed_in(root, rules)
    found = list(platform.read(nodes, rules))
    if not found and len(nodes) == 1 and nodes[0].is_folder and platform.allows_wrapper(nodes[0].name):
        found = list(platform.read(_handed_in(nodes[0], rules), rules))
    if not found:
        raise FileUnreadable(f"isn't a download from {platform.title}; expected {platform.example}")
    return found


def read_entry(root: Node, rules: SelectionRules, platform: Platform) -> Download | None:
    """Return the submission of one student, if the name of `root` is that of an entry in a download of the platform.

    Then it is that student's alone: what is in it isn't a download, whatever the names there look like.
    """
    entries = [one for one in platform.read([root], rules) if one.id] if platform.names_entries else []
    return entries[0] if entries else None


def guess_platform(root: Node, rules: SelectionRules) -> str | None:
    """Return the platform that a class seems to come from, if any. For a hint only, never for grading."""
    nodes = [node for node in _inside(root) if not rules.is_provided(node)]
    if len(nodes) == 1 and nodes[0].is_folder and not MOODLE.fullmatch(nodes[0].name):
        nodes = [*nodes, *_inside(nodes[0])]
    folders = {node.name for node in nodes if node.is_folder}
    files = {node.name for node in nodes} - folders
    if any(MOODLE.fullmatch(node.name) for node in nodes):
        return "moodle"
    if METADATA in files and any(map(GRADESCOPE.fullmatch, folders)):
        return "gradescope"
    if sum(bool(CANVAS.fullmatch(name)) for name in files) * 2 > len(nodes):
        return "canvas"
    inner = [one for node in nodes[:FEW] for one in _inside(node) if one.name == rules.assignment]
    return "nbgrader" if any(map(_has_timestamp, inner)) else None


def _canvas(nodes: Sequence[Node], rules: SelectionRules) -> Iterator[Download]:
    parts = [(node, CANVAS.fullmatch(node.name)) for node in nodes if not node.is_folder]
    files = [(node, match) for node, match in parts if match]
    if not files:
        return
    students: dict[str, list[CanvasFile]] = {}
    for node, match in files:
        students.setdefault(match["id"] or match["anon"], []).append((node, match))
    for identity, every in students.items():
        own = _unambiguous(every)
        if own:
            name = f"{own[0][1]['name']}_{identity}" if own[0][1]["name"] else identity
            late = any(match["late"] or match["anon_late"] for _, match in own)
            members, notes = _attempts(own, rules)
            yield Download(name, identity, NodeGroup(name, members), late, notes=notes)
        if len(own) < len(every):
            yield from (_without_owner(node) for node, match in every if not own or _is_ambiguous(match))
    yield from _others(nodes, [node for node, _ in files])


def _is_ambiguous(match: re.Match[str]) -> bool:
    """Return whether a file name can be read in two ways.

    ada_12345_678910_2026_1.py may be 2026_1.py by ada, or 1.py by a student who chose the name ada_12345.
    """
    return bool(match["id"] and CANVAS_IDS.search(match.string, match.end("id")))


def _unambiguous(files: Sequence[CanvasFile]) -> Sequence[CanvasFile]:
    """Return the files with one id that certainly belong to that student.

    An ambiguous name counts if no other student name has the id.
    """
    certain = [(node, match) for node, match in files if not _is_ambiguous(match)]
    names = {match["name"] for _, match in files}
    return certain or (files if len(names) == 1 else ())


def _attempts(own: Sequence[CanvasFile], rules: SelectionRules) -> tuple[list[Node], tuple[str, ...]]:
    """Return a student's files under the student's own file names, one attempt of each, and notes on the others."""
    series: dict[str, list[tuple[int, str, Node]]] = {}
    for node, match in own:
        given = match["rest"] or match["typed"]
        again = RESUBMITTED_NAME.fullmatch(given)
        first = again["stem"] + again["ending"] if again else given
        series.setdefault(first.casefold(), []).append((int(match["file"] or 0), given, node))
    members, notes = [], []
    for first, files in series.items():
        files.sort(key=lambda file: file[0])
        chosen = files[0 if rules.attempt == "first" else -1]
        name = first if first in rules.assignment_files else chosen[1]
        members.append(_renamed(chosen[2], name))
        if len(files) > 1:
            ignored = _abbreviate([one_line(file[1], 200) for file in files if file is not chosen])
            which = f"the {rules.attempt} of {len(files)} attempts"
            notes.append(f"{one_line(chosen[1], 200)} is {which}, and counts; ignored: {ignored}")
    return members, tuple(notes)


def _moodle(nodes: Sequence[Node], rules: SelectionRules) -> Iterator[Download]:
    parts = [(node, match) for node in nodes if (match := MOODLE.fullmatch(node.name))]
    students: dict[str, list[tuple[Node, re.Match[str]]]] = {}
    for node, match in parts:
        # The name of a student or file holds another id, or the mark of one.
        marks = len(MOODLE_ID.findall(node.name)) if match["id"] else node.name.count(MOODLE_MARK)
        if marks > 1:
            yield _without_owner(node)
        else:
            students.setdefault(match["id"] or match["name"], []).append((node, match))
    for own in students.values():
        identity = own[0][1]["id"] or ""
        name = f"{own[0][1]['name']}_{identity}" if identity else own[0][1]["name"]
        members = [_renamed(node, match["rest"] or node.name) for node, match in own if match["kind"] == "file"]
        ignored = sorted({match["kind"] for _, match in own if match["kind"] != "file"})
        notes = tuple(f"{one_line(kind, 50)} beside the files was ignored" for kind in ignored)
        # A submission of typed text alone is reported as a folder without a notebook.
        if len(members) == 1 and members[0].is_folder:
            yield Download(name, identity, members[0], notes=notes)
        else:
            files = [inner for node in members for inner in _inside(node) or [node]]
            group = NodeGroup(name, files or [node for node, _ in own])
            yield Download(name, identity, group, notes=notes if members else ())
    if parts:
        yield from _others(nodes, [node for node, _ in parts])


def _gradescope(nodes: Sequence[Node], rules: SelectionRules) -> Iterator[Download]:
    metadata = next((node for node in nodes if node.name == METADATA and not node.is_folder), None)
    folders = {node.name: node for node in nodes if node.is_folder and GRADESCOPE.fullmatch(node.name)}
    if not folders:
        return
    problem: str | None = f"{METADATA} isn't there"
    submitters: dict[str, list[Submitter]] = {}
    try:
        if metadata:
            problem, submitters = None, read_submitters(metadata.read())
    except FileUnreadable as reason:
        problem = str(reason)
    for folder in folders.values():
        why = problem or f"{METADATA} doesn't list {folder.name}"
        own = submitters.get(folder.name) or [Submitter("", "", "")]
        for one in own:
            name = "_".join(part for part in (one.name, one.id or folder.name) if part)
            together = _abbreviate([one_line(other.name or other.id, 100) for other in own if other is not one])
            notes = (f"handed in together with {together}",) if together else ()
            yield Download(
                name, one.id, folder, False, one.when, notes if one.id else (f"the student isn't known: {why}",)
            )
    for name in submitters.keys() - folders.keys():
        for one in submitters[name]:
            yield Download(f"{one.name}_{one.id}", one.id, NodeGroup(f"{name} of {METADATA}", []), False, one.when)
    yield from _others(nodes, [*folders.values(), *([metadata] if metadata else [])])


def _nbgrader(nodes: Sequence[Node], rules: SelectionRules) -> Iterator[Download]:
    """Yield the submissions; a student whose folder holds only other assignments handed in nothing."""
    trees = [(node, next((one for one in _inside(node) if one.name == rules.assignment), None)) for node in nodes]
    if not any(inner and inner.is_folder for _, inner in trees):
        return
    for student, inner in trees:
        if inner and inner.is_folder:
            own = [node for node in _inside(inner) if node.name != TIMESTAMP]
            beside = [one_line(node.name, 50) for node in _inside(student) if not node.is_folder]
            notes = (f"ignored beside the folder {inner.name}: {_abbreviate(beside)}",) if beside else ()
            yield Download(student.name, student.name, NodeGroup(student.name, own) if own else inner, notes=notes)
        elif not student.is_folder:
            yield from _others([student], [])
        elif inner or not all(map(_has_timestamp, _inside(student) or [student])):
            yield Download(student.name, student.name, student)


def _has_timestamp(folder: Node) -> bool:
    """Return whether a folder holds nbgrader's timestamp, as each folder of an assignment does."""
    return any(node.name == TIMESTAMP for node in _inside(folder))


PLATFORMS = {
    "canvas": Platform("Canvas", "files such as lovelaceada_12345_678910_work.ipynb", _canvas, lambda name: True, True),
    "moodle": Platform(
        "Moodle",
        "folders such as Ada Lovelace_12345_assignsubmission_file_",
        _moodle,
        lambda name: MOODLE_MARK not in name,
        True,
    ),
    "gradescope": Platform(
        "Gradescope",
        f"folders such as submission_456, and {METADATA}",
        _gradescope,
        lambda name: not GRADESCOPE.match(name),
    ),
    "nbgrader": Platform(
        "nbgrader", "a folder for each student, with one for each assignment", _nbgrader, SUBMITTED.__eq__
    ),
}


def _without_owner(node: Node) -> Download:
    return Download(node.stem, "", node, notes=(AMBIGUOUS_OWNER,))


def _others(nodes: Sequence[Node], known: Sequence[Node]) -> Iterator[Download]:
    done = set(map(id, known))
    for node in nodes:
        if id(node) not in done:
            yield Download(node.stem, "", node)


def _handed_in(folder: Node, rules: SelectionRules) -> list[Node]:
    return [node for node in visible_nodes(folder) if not rules.is_provided(node)]


def _inside(node: Node) -> list[Node]:
    """Return the entries of a folder; none for a file or an unreadable folder, which is reported when it is graded."""
    try:
        return visible_nodes(node) if node.is_folder else []
    except FileUnreadable:
        return []


def _abbreviate(names: list[str]) -> str:
    """Return all of up to ten names, or the first ten and a count."""
    return join_with_and([*names[:FEW], f"{len(names) - FEW} more"] if len(names) > FEW else names)


def _renamed(node: Node, name: str) -> Node:
    """Return a copy of a node under the name that the student gave it."""
    other = copy.copy(node)
    other.name = name
    return other
