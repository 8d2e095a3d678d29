"""What learning platforms hand out for a whole class, read where the instructor says that it is one.

- Canvas, "Download Submissions" (its lib/content_zipper.rb): lovelaceada_12345_678910_digits.ipynb or, handed in late,
  lovelaceada_LATE_12345_678910_digits.ipynb: the student's name, their Canvas id, the file's id, which grows, and the
  file's name, which gets -1, -2 when it is handed in again. Where names are hidden, anon_Xy9 stands for name and id.
- Moodle, "Download all submissions": a folder "Ada Lovelace_12345_assignsubmission_file_", or files that begin like
  this; the number is that of the Identifier in the grading worksheet. What was typed in has `onlinetext` for `file`.
- Gradescope, "Export submissions": submission_456/ for each, and submission_metadata.yml, which says whose it is.
- nbgrader: STUDENT/ASSIGNMENT/ with the files. The timestamp.txt among them is written by the student's own program,
  so it isn't read.

Any student can make files with such names. So a layout is never guessed: `grader grade --as-platform` names it, and
only what lies at the top is read for it, which the platform has named. In Canvas and Moodle students may choose their
own names, and put another's id into one: where a file's name can be read in two ways, nobody gets the doubtful id.

A student is named by name and id: the name is the same in every download, and two of a name are two.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.submissions.file_tree import FileUnreadable, Node
from grader.submissions.gradescope_metadata import METADATA, Submitter, read_submitters
from grader.submissions.selection import SelectionRules, visible_nodes

CANVAS = re.compile(
    r"(?:(?P<name>[^ .\\/-]+?)(?P<late>_LATE)?_(?P<id>\d{2,})|(?P<anon_late>LATE_)?(?P<anon>anon_[A-Za-z0-9]+))"
    r"_(?:(?P<file>\d{4,})_(?P<rest>.+)|(?P<typed>(?:text|link)\.html))"
)
CANVAS_IDS = re.compile(r"_\d{2,}_(?:\d{4,}_.|(?:text|link)\.html$)")
RESUBMITTED_NAME = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})(?P<ending>\.[^.]+)")
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?")
MOODLE_ID = re.compile(r"_\d+_assignsubmission_")
GRADESCOPE = re.compile(r"submission_\d+")
TIMESTAMP = "timestamp.txt"
SUBMITTED = "submitted"  # nbgrader's folder of all that was handed in
FEW = 10

AMBIGUOUS_OWNER = "whose it is isn't clear: the name of the file can be read in two ways"


CanvasFile = tuple[Node, re.Match[str]]


class Download(NamedTuple):
    """What one student handed in."""

    student: str
    id: str
    node: Node
    late: bool = False
    handed_in: str = ""
    notes: tuple[str, ...] = ()


class NodeGroup(Node):
    """Nodes that belong together, as a folder."""

    def __init__(self, name: str, members: Sequence[Node]) -> None:
        super().__init__(name, True, "")
        self.members = list(members)

    def children(self) -> list[Node]:
        return self.members


class Platform(NamedTuple):
    """How one platform hands out a class."""

    title: str
    example: str  # an example, for people
    read: Callable[[Sequence[Node], SelectionRules], Iterator[Download]]
    allows_wrapper: Callable[
        [str], bool
    ]  # whether a folder of this name may be around all of it, and isn't a student's own


def read_downloads(root: Node, rules: SelectionRules, platform: Platform) -> list[Download]:
    """The students of a class as the platform handed it out, from the top of what the instructor named.

    What lies beside, as a notebook that came by mail, is a share too, without an id. Raises FileUnreadable.
    """
    nodes = _handed_in(root, rules)
    found = list(platform.read(nodes, rules))
    if not found and len(nodes) == 1 and nodes[0].is_folder and platform.allows_wrapper(nodes[0].name):
        found = list(platform.read(_handed_in(nodes[0], rules), rules))
    if not found:
        raise FileUnreadable(f"isn't a class as {platform.title} hands it out; wanted {platform.example}")
    return found


def guess_platform(root: Node, rules: SelectionRules) -> str:
    """Return the platform that a class seems to come from, or nothing: for a hint, never to grade by."""
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
    return "nbgrader" if any(map(_stamped, inner)) else ""


def _canvas(nodes: Sequence[Node], rules: SelectionRules) -> Iterator[Download]:
    parts = [(node, CANVAS.fullmatch(node.name)) for node in nodes if not node.is_folder]
    files = [(node, match) for node, match in parts if match]
    if not files:
        return
    students: dict[str, list[CanvasFile]] = {}
    for node, match in files:
        students.setdefault(match["id"] or match["anon"], []).append((node, match))
    for identity, every in students.items():
        own = _certain(every)
        if own:
            name = f"{own[0][1]['name']}_{identity}" if own[0][1]["name"] else identity
            late = any(match["late"] or match["anon_late"] for _, match in own)
            members, notes = _attempts(own, rules)
            yield Download(name, identity, NodeGroup(name, members), late, notes=notes)
        if len(own) < len(every):
            yield from (_doubtful(node) for node, match in every if not own or _twofold(match))
    yield from _others(nodes, [node for node, _ in files])


def _twofold(match: re.Match[str]) -> bool:
    """Whether the name of a file can be read in two ways.

    ada_12345_678910_2026_1.py may be 2026_1.py by ada, or 1.py by a student who chose the name ada_12345.
    """
    return bool(match["id"] and CANVAS_IDS.search(match.string, match.end("id")))


def _certain(files: Sequence[CanvasFile]) -> Sequence[CanvasFile]:
    """Those of the files with one id that are surely that student's.

    Where a name can be read in two ways, it counts as usual if nobody else has the id.
    """
    certain = [(node, match) for node, match in files if not _twofold(match)]
    names = {match["name"] for _, match in files}
    return certain or (files if len(names) == 1 else ())


def _attempts(own: Sequence[CanvasFile], rules: SelectionRules) -> tuple[list[Node], tuple[str, ...]]:
    """The files of one student under the names that they gave them; of one that came several times, one counts."""
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
        members.append(_named(chosen[2], name))
        if len(files) > 1:
            left = _some([one_line(file[1], 200) for file in files if file is not chosen])
            which = f"the {rules.attempt} of {len(files)} attempts"
            notes.append(f"{one_line(chosen[1], 200)} is {which}, and counts; left aside: {left}")
    return members, tuple(notes)


def _moodle(nodes: Sequence[Node], rules: SelectionRules) -> Iterator[Download]:
    parts = [(node, match) for node in nodes if (match := MOODLE.fullmatch(node.name))]
    students: dict[str, list[tuple[Node, re.Match[str]]]] = {}
    for node, match in parts:
        if len(MOODLE_ID.findall(node.name)) > 1:  # a student's name, or that of their file, holds another's
            yield _doubtful(node)
        else:
            students.setdefault(match["id"], []).append((node, match))
    for identity, own in students.items():
        name = f"{own[0][1]['name']}_{identity}"
        members = [_named(node, match["rest"] or node.name) for node, match in own if match["kind"] == "file"]
        aside = sorted({match["kind"] for _, match in own if match["kind"] != "file"})
        notes = tuple(f"what came as {one_line(kind, 50)} beside the files was left aside" for kind in aside)
        # What was only typed in is told in the words for a folder without a notebook.
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
    trouble, whose = f"{METADATA} isn't there", {}
    try:
        if metadata:
            trouble, whose = "", read_submitters(metadata.read())
    except FileUnreadable as reason:
        trouble = str(reason)
    for folder in folders.values():
        why = trouble or f"{METADATA} doesn't tell of {folder.name}"
        own = whose.get(folder.name) or [Submitter("", "", "")]
        for one in own:
            name = "_".join(part for part in (one.name, one.id or folder.name) if part)
            together = _some([one_line(other.name or other.id, 100) for other in own if other is not one])
            notes = (f"handed in together with {together}",) if together else ()
            yield Download(
                name, one.id, folder, False, one.when, notes if one.id else (f"whose it is isn't known: {why}",)
            )
    for name in whose.keys() - folders.keys():
        for one in whose[name]:
            yield Download(f"{one.name}_{one.id}", one.id, NodeGroup(f"{name} of {METADATA}", []), False, one.when)
    yield from _others(nodes, [*folders.values(), *([metadata] if metadata else [])])


def _nbgrader(nodes: Sequence[Node], rules: SelectionRules) -> Iterator[Download]:
    """Whose folder holds other assignments alone handed in nothing for this one."""
    trees = [(node, next((one for one in _inside(node) if one.name == rules.assignment), None)) for node in nodes]
    if not any(inner and inner.is_folder for _, inner in trees):
        return
    for student, inner in trees:
        if inner and inner.is_folder:
            own = [node for node in _inside(inner) if node.name != TIMESTAMP]
            beside = [one_line(node.name, 50) for node in _inside(student) if not node.is_folder]
            notes = (f"left aside, for it lies beside the folder {inner.name}: {_some(beside)}",) if beside else ()
            yield Download(student.name, student.name, NodeGroup(student.name, own) if own else inner, notes=notes)
        elif not student.is_folder:
            yield from _others([student], [])
        elif inner or not all(map(_stamped, _inside(student) or [student])):
            yield Download(student.name, student.name, student)


def _stamped(folder: Node) -> bool:
    """Whether it is a folder as nbgrader makes one for each assignment."""
    return any(node.name == TIMESTAMP for node in _inside(folder))


PLATFORMS = {
    "canvas": Platform("Canvas", "files such as lovelaceada_12345_678910_work.ipynb", _canvas, lambda name: True),
    "moodle": Platform(
        "Moodle",
        "folders such as Ada Lovelace_12345_assignsubmission_file_",
        _moodle,
        lambda name: not MOODLE_ID.search(name),
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


def _doubtful(node: Node) -> Download:
    return Download(_whole_name(node), "", node, notes=(AMBIGUOUS_OWNER,))


def _others(nodes: Sequence[Node], known: Sequence[Node]) -> Iterator[Download]:
    ours = set(map(id, known))
    for node in nodes:
        if id(node) not in ours:
            yield Download(_whole_name(node), "", node)


def _whole_name(node: Node) -> str:
    return node.name if node.is_folder else PurePath(node.name).stem


def _handed_in(folder: Node, rules: SelectionRules) -> list[Node]:
    return [node for node in visible_nodes(folder) if not rules.is_provided(node)]


def _inside(node: Node) -> list[Node]:
    """What is in a folder; nothing in a file, or where it can't be read: that is told when it is graded."""
    try:
        return visible_nodes(node) if node.is_folder else []
    except FileUnreadable:
        return []


def _some(names: list[str]) -> str:
    return join_with_and([*names[:FEW], f"{len(names) - FEW} more"] if len(names) > FEW else names)


def _named(node: Node, name: str) -> Node:
    """The same file under the name that the student gave it."""
    other = copy.copy(node)
    other.name = name
    return other
