"""What learning platforms hand out for a whole class, told from ordinary folders by the names in it.

- Canvas, "Download Submissions" (its lib/content_zipper.rb): lovelaceada_12345_678910_digits.ipynb or, handed in late,
  lovelaceada_LATE_12345_678910_digits.ipynb: the student's name, their Canvas id, the file's id, which grows, and the
  file's name, which gets -1, -2 when it is handed in again. Where names are hidden, anon_Xy9 stands for name and id.
- Moodle, "Download all submissions": a folder "Ada Lovelace_12345_assignsubmission_file_", or files that begin like
  this; the number is that of the Identifier in the grading worksheet. What was typed in has `onlinetext` for `file`.
- Gradescope, "Export submissions": submission_456/ for each, and submission_metadata.yml, which says whose it is.
- nbgrader: STUDENT/ASSIGNMENT/ with the files, and a timestamp.txt among them.

A student is named by name and id, so that the name stays the same however often a class is downloaded, and two of a
name are two. What looks like no platform's is an ordinary folder.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from grader.choose import Rules, visible
from grader.metadata import METADATA, Submitted, submitted
from grader.text import one_line
from grader.tree import Node, Unreadable
from grader.words import listed

CANVAS = re.compile(
    r"(?:(?P<name>[^ .\\/-]+?)(?P<late>_LATE)?_(?P<id>\d{2,})|(?P<anon_late>LATE_)?(?P<anon>anon_[A-Za-z0-9]+))"
    r"_(?:(?P<file>\d{4,})_(?P<rest>.+)|(?P<typed>(?:text|link)\.html))"
)
AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})(?P<ending>\.[^.]+)")
MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?")
GRADESCOPE = re.compile(r"submission_\d+")
TIMESTAMP = "timestamp.txt"


class Share(NamedTuple):
    """What one student handed in."""

    student: str
    id: str
    node: Node
    late: bool = False
    handed_in: str = ""
    notes: tuple[str, ...] = ()


class Group(Node):
    """Nodes that belong together, as a folder."""

    def __init__(self, name: str, members: Sequence[Node]) -> None:
        super().__init__(name, True, "")
        self.members = list(members)

    def children(self) -> list[Node]:
        return self.members


def shares(root: Node, rules: Rules) -> list[Share]:
    """The students of a class as a platform handed it out; none when the folder is an ordinary one.

    What such a folder holds beside, as a notebook that came by mail, is a share too, without an id.
    """
    for folder in _around(root):
        nodes = [node for node in _inside(folder) if not rules.is_given(node)]
        for read in READERS:
            if found := list(read(nodes, rules)):
                return found
    return []


def _around(root: Node) -> Iterator[Node]:
    """The folder, and the one in it when that is all there is."""
    yield root
    inner = _inside(root)
    if len(inner) == 1 and inner[0].is_folder:
        yield inner[0]


def _canvas(nodes: Sequence[Node], rules: Rules) -> Iterator[Share]:
    parts = [(node, CANVAS.fullmatch(node.name)) for node in nodes if not node.is_folder]
    files = [(node, match) for node, match in parts if match]
    names = {match["id"]: match["name"] for _, match in files if match["id"]}
    numbers = [match["file"] for _, match in files if match["file"]]
    same = all(names[match["id"]] == match["name"] for _, match in files if match["id"])
    # A file's id is never another's, and a student's id has one name: what breaks this only looks like Canvas.
    if len(files) * 2 <= len(nodes) or not same or len(set(numbers)) < len(numbers):
        return
    students: dict[str, list[tuple[Node, re.Match[str]]]] = {}
    for node, match in files:
        students.setdefault(match["id"] or match["anon"], []).append((node, match))
    for identity, own in students.items():
        name = f"{own[0][1]['name']}_{identity}" if own[0][1]["name"] else identity
        late = any(match["late"] or match["anon_late"] for _, match in own)
        members, notes = _attempts(own, rules)
        yield Share(name, identity, Group(name, members), late, notes=notes)
    yield from _others(nodes, [node for node, _ in files])


def _attempts(own: Sequence[tuple[Node, re.Match[str]]], rules: Rules) -> tuple[list[Node], tuple[str, ...]]:
    """The files of one student under the names that they gave them; of one that came several times, one counts."""
    series: dict[str, list[tuple[int, str, Node]]] = {}
    for node, match in own:
        given = match["rest"] or match["typed"]
        again = AGAIN.fullmatch(given)
        first = again["stem"] + again["ending"] if again else given
        series.setdefault(first.casefold(), []).append((int(match["file"] or 0), given, node))
    members, notes = [], []
    for first, files in series.items():
        files.sort(key=lambda file: file[0])
        chosen = files[0 if rules.attempt == "first" else -1]
        name = first if first in rules.named else chosen[1]
        members.append(_named(chosen[2], name))
        if len(files) > 1:
            left = listed([one_line(file[1], 200) for file in files if file is not chosen])
            which = f"the {rules.attempt} of {len(files)} attempts"
            notes.append(f"{one_line(chosen[1], 200)} is {which}, and counts; left aside: {left}")
    return members, tuple(notes)


def _moodle(nodes: Sequence[Node], rules: Rules) -> Iterator[Share]:
    parts = [(node, match) for node in nodes if (match := MOODLE.fullmatch(node.name))]
    students: dict[str, list[tuple[Node, re.Match[str]]]] = {}
    for node, match in parts:
        students.setdefault(match["id"], []).append((node, match))
    for identity, own in students.items():
        name = f"{own[0][1]['name']}_{identity}"
        members = [_named(node, match["rest"] or node.name) for node, match in own if match["kind"] == "file"]
        aside = sorted({match["kind"] for _, match in own if match["kind"] != "file"})
        notes = tuple(f"what came as {kind} beside the files was left aside" for kind in aside)
        # What was only typed in is told in the words for a folder without a notebook.
        if len(members) == 1 and members[0].is_folder:
            yield Share(name, identity, members[0], notes=notes)
        else:
            files = [inner for node in members for inner in _inside(node) or [node]]
            group = Group(name, files or [node for node, _ in own])
            yield Share(name, identity, group, notes=notes if members else ())
    if parts:
        yield from _others(nodes, [node for node, _ in parts])


def _gradescope(nodes: Sequence[Node], rules: Rules) -> Iterator[Share]:
    metadata = next((node for node in nodes if node.name == METADATA and not node.is_folder), None)
    folders = {node.name: node for node in nodes if node.is_folder and GRADESCOPE.fullmatch(node.name)}
    if not metadata or not folders:
        return
    trouble, whose = "", {}
    try:
        whose = submitted(metadata.read())
    except Unreadable as reason:
        trouble = str(reason)
    for folder in folders.values():
        why = trouble or f"{METADATA} doesn't tell of {folder.name}"
        own = whose.get(folder.name) or [Submitted("", "", "")]
        for one in own:
            name = "_".join(part for part in (one.name, one.id or folder.name) if part)
            together = listed([one_line(other.name or other.id, 100) for other in own if other is not one])
            notes = (f"handed in together with {together}",) if together else ()
            yield Share(
                name, one.id, folder, False, one.when, notes if one.id else (f"whose it is isn't known: {why}",)
            )
    for name in whose.keys() - folders.keys():
        for one in whose[name]:
            yield Share(f"{one.name}_{one.id}", one.id, Group(f"{name} of {METADATA}", []), False, one.when)
    yield from _others(nodes, [metadata, *folders.values()])


def _nbgrader(nodes: Sequence[Node], rules: Rules) -> Iterator[Share]:
    """Whose folder holds other assignments alone handed in nothing for this one."""
    if not all(node.is_folder for node in nodes):
        return
    trees = [(node, next((one for one in _inside(node) if one.name == rules.assignment), None)) for node in nodes]
    if not any(inner and _stamp(inner) for _, inner in trees):
        return
    for student, inner in trees:
        stamp = inner and _stamp(inner)
        if inner and stamp:
            own = [node for node in _inside(inner) if node.name != TIMESTAMP]
            yield Share(student.name, student.name, Group(student.name, own), handed_in=_moment(stamp))
        elif inner or not all(map(_stamp, _inside(student) or [student])):
            yield Share(student.name, student.name, inner or student)


READERS: tuple[Callable[[Sequence[Node], Rules], Iterator[Share]], ...] = (_moodle, _gradescope, _nbgrader, _canvas)


def _others(nodes: Sequence[Node], known: Sequence[Node]) -> Iterator[Share]:
    ours = set(map(id, known))
    for node in nodes:
        if id(node) not in ours:
            yield Share(node.name if node.is_folder else PurePath(node.name).stem, "", node)


def _inside(node: Node) -> list[Node]:
    """What is in a folder; nothing in a file, or where it can't be read: that is told when it is graded."""
    try:
        return visible(node) if node.is_folder else []
    except Unreadable:
        return []


def _stamp(folder: Node) -> Node | None:
    """The file by which nbgrader keeps the time at which a folder came."""
    return next((node for node in _inside(folder) if node.name == TIMESTAMP), None)


def _moment(stamp: Node) -> str:
    try:
        return one_line(stamp.read().decode(errors="replace"), 60)
    except Unreadable:
        return ""


def _named(node: Node, name: str) -> Node:
    """The same file under the name that the student gave it."""
    other = copy.copy(node)
    other.name = name
    return other
