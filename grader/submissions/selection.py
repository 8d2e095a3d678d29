"""Which of a student's files is the one to grade, and whose files a folder holds.

A candidate is a notebook, a module or a zip, but for the files that every student was given (`support`). Of
a student's candidates, up to three folders deep, the one to grade is <assignment>.ipynb, else <assignment>.py
(the one nearest the top), else the only notebook, else the only module, else the only zip.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from typing import NamedTuple

from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.submissions.file_tree import MAX_ENTRIES, FileUnreadable, Node, TooMany

MAX_LEVELS = 3
KINDS = {".ipynb": "notebook", ".py": "module", ".zip": "zip"}

# What systems and programs leave behind.
LITTER = (".*", "__macosx", "__pycache__", "thumbs.db", "desktop.ini")
# What the instructor keeps beside a class's submissions.
INSTRUCTOR_FILES = ("expected.json", "readme*", "*.csv", "roster.*")


class LocatedNode(NamedTuple):
    where: str  # path in the student's folder
    node: Node


class SelectionRules:
    """Knows the assignment's name and the files that are never a submission."""

    def __init__(self, assignment: str, support: frozenset[str], attempt: str = "last") -> None:
        self.assignment = assignment
        self.attempt = attempt  # which counts of several: "first" or "last"
        self.assignment_files = (f"{assignment}.ipynb".casefold(), f"{assignment}.py".casefold())
        self.support = frozenset(name.casefold() for name in support)

    def is_candidate(self, node: Node) -> bool:
        return node.suffix in KINDS and not node.unsafe and node.name.casefold() not in self.support

    def is_provided(self, node: Node) -> bool:
        """A file by the instructor, which nobody handed in."""
        if node.is_folder or node.unsafe:
            return False
        return node.name.casefold() in self.support or (node.suffix not in KINDS and _matches(node, INSTRUCTOR_FILES))

    def candidate_slots(self, root: Node) -> set[str]:
        """What at the top is or holds a candidate. Files named as the assignment are one slot, named ""."""
        names = set()
        for node in visible_nodes(root):
            if self.is_candidate(node):
                names.add("" if node.name.casefold() in self.assignment_files else node.name)
            elif node.is_folder and self._holds_candidate(node):
                names.add(node.name)
        return names

    def choose_file(self, folder: Node) -> tuple[Node, tuple[str, ...]]:
        """The file to grade in a student's folder or zip, and a note on what else there is."""
        levels = list(_levels(folder))
        everything = [found for level in levels for found in level]
        for found in everything:
            if found.node.unsafe:
                raise found.node.error(found.node.problem)
        best = next(filter(None, self._candidates_by_priority(levels)), [])
        if len(best) == 1:
            aside = [found.where for found in everything if found != best[0] and self._looks_handed_in(found)]
            note = f"{one_line(best[0].where)} is what was graded; left aside: {_some(aside)}"
            return best[0].node, (note,) if aside else ()
        if best:
            ending = best[0].node.suffix
            count = "two" if len(best) == 2 else str(len(best))
            names = _some([found.where for found in best])
            wanted = f"hand in one, named {self.assignment}{ending}"
            raise FileUnreadable(f"{count} {KINDS[ending]}s: {names}; {wanted}")
        files = [found.where for found in everything if not found.node.is_folder]
        only = f", only {_some(files)}" if files else ""
        raise folder.error(f"holds no notebook or module{only}; hand in {self.assignment}.ipynb")

    def _candidates_by_priority(self, levels: list[list[LocatedNode]]) -> Iterator[list[LocatedNode]]:
        """Groups of candidates; the first group that isn't empty has the file to grade, if it is one."""
        candidates = [[found for found in level if self.is_candidate(found.node)] for level in levels]
        for name in self.assignment_files:
            for level in candidates:
                yield [found for found in level if found.node.name.casefold() == name]
        for ending in KINDS:
            yield [found for level in candidates for found in level if found.node.suffix == ending]

    def _holds_candidate(self, folder: Node) -> bool:
        try:
            return any(self.is_candidate(found.node) for level in _levels(folder) for found in level)
        except FileUnreadable:
            return True  # perhaps; so it is someone's, who will be told

    def _looks_handed_in(self, found: LocatedNode) -> bool:
        """Somebody may think that this is graded, so it isn't left aside without a word."""
        at_top = found.where == found.node.name and not found.node.is_folder
        return self.is_candidate(found.node) or (at_top and not self.is_provided(found.node))


def visible_nodes(folder: Node) -> list[Node]:
    """What is in a folder, in a fixed order, without litter."""
    return _without_litter(folder.children())


def is_litter(node: Node) -> bool:
    """Whether systems and programs leave such a file behind."""
    return not node.unsafe and _matches(node, LITTER)


def unwrap(root: Node) -> Node:
    """The folder inside, where one folder is all there is."""
    for _ in range(MAX_LEVELS):
        nodes = visible_nodes(root)
        if len(nodes) == 1 and nodes[0].is_folder:
            root = nodes[0]
    return root


def _without_litter(nodes: list[Node]) -> list[Node]:
    kept = [node for node in nodes if not is_litter(node)]
    return sorted(kept, key=lambda node: (node.name.casefold(), node.name))


def _levels(folder: Node) -> Iterator[list[LocatedNode]]:
    """What is in a folder, in it and in its folders and in theirs, nearest first. Raises TooMany."""
    level = [LocatedNode(node.name, node) for node in visible_nodes(folder)]
    yield level
    total = len(level)
    for _ in range(MAX_LEVELS - 1):
        above, level = level, []
        for where, node in above:
            inside = _inside(node)
            total += len(inside)  # litter too, and at once: the next folder may be as full
            if total > MAX_ENTRIES:
                raise folder.too_many(MAX_ENTRIES)
            level += [LocatedNode(f"{where}/{inner.name}", inner) for inner in _without_litter(inside)]
        yield level


def _inside(node: Node) -> list[Node]:
    """What is in a folder. One that can't be read is no reason to reject the rest; one that holds too much is."""
    try:
        return node.children() if node.is_folder else []
    except TooMany:
        raise
    except FileUnreadable:
        return []


def _matches(node: Node, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(node.name.casefold(), pattern) for pattern in patterns)


def _some(names: list[str]) -> str:
    """All of a few names, or the first ones of many."""
    shown = [one_line(name, 200) for name in names[:5]]
    return join_with_and([*shown, f"{len(names) - 5} more"] if len(names) > 5 else shown)
