"""Rules that select which of a student's files is graded.

A candidate is a notebook, a module or a zip that isn't one of the files given to every student (`support`). Candidates
lie up to three folders deep. The one that is graded is <assignment>.ipynb, else <assignment>.py (the one nearest the
top), else the only notebook, else the only module, else the only zip. A notebook that is still as the assignment has it
doesn't count beside another candidate.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.submissions.file_tree import FileUnreadable, Node, TooMany
from grader.submissions.limits import MAX_COMPARED, MAX_ENTRIES, MAX_LEVELS
from grader.submissions.untouched import is_untouched

MOODLE_MARK = "_assignsubmission_"  # in the name of each folder of a download
IGNORED = " was graded; ignored: "  # in the note that names the graded file and those that aren't
KINDS = {".ipynb": "notebook", ".py": "module", ".zip": "zip"}

# Names of files that systems and editors leave behind.
LITTER = (".*", "__macosx", "__pycache__", "thumbs.db", "desktop.ini")
# Names of files that instructors keep beside the submissions of a class.
INSTRUCTOR_FILES = ("expected.json", "readme*", "*.csv", "roster.*")


class LocatedNode(NamedTuple):
    """A node and its path in the student's folder."""

    where: str
    node: Node


class SelectionRules:
    """Rules for one assignment: its name, the files that are never a submission, and the notebook without answers."""

    def __init__(
        self,
        assignment: str,
        support: frozenset[str],
        attempt: str = "last",
        stub: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self.assignment = assignment
        self._read_stub = stub  # returns the code cells of the assignment as students receive them
        self.attempt = attempt  # "first" or "last": the attempt that is graded
        self.assignment_files = (f"{assignment}.ipynb".casefold(), f"{assignment}.py".casefold())
        self.support = frozenset(name.casefold() for name in support)

    def is_candidate(self, node: Node) -> bool:
        """Return whether a node may be the submission."""
        return node.suffix in KINDS and not node.unsafe and node.name.casefold() not in self.support

    def is_provided(self, node: Node) -> bool:
        """Return whether a node is a file of the instructor, not handed in by a student."""
        if node.is_folder or node.unsafe:
            return False
        return node.name.casefold() in self.support or (node.suffix not in KINDS and _matches(node, INSTRUCTOR_FILES))

    def candidate_slots(self, root: Node) -> set[str]:
        """Return the names of the nodes at the top that are or hold a candidate.

        Files named like the assignment count as one, with the name "".
        """
        names = set()
        for node in visible_nodes(root):
            if self.is_candidate(node):
                names.add("" if node.name.casefold() in self.assignment_files else node.name)
            elif node.is_folder and self._holds_candidate(node):
                names.add(node.name)
        return names

    def choose_file(self, folder: Node) -> tuple[Node, tuple[str, ...]]:
        """Return the file to grade in a student's folder or zip, and notes on files that are ignored.

        Raises FileUnreadable if there is no candidate, several equal ones, or an unsafe node.
        """
        levels = list(_levels(folder))
        everything = [found for level in levels for found in level]
        for found in everything:
            if found.node.unsafe:
                raise found.node.error(found.node.problem or "can't be opened")
        untouched = self._untouched(everything)
        best = next(filter(None, self._candidates_by_priority(levels, untouched)), [])
        if len(best) == 1:
            ignored = [
                f"{found.where} (no answer in it)" if found.where in untouched else found.where
                for found in everything
                if found != best[0] and self._looks_handed_in(found)
            ]
            note = f"{one_line(best[0].where)}{IGNORED}{_abbreviate(ignored)}"
            return best[0].node, (note,) if ignored else ()
        if best:
            ending = best[0].node.suffix
            count = "two" if len(best) == 2 else str(len(best))
            names = _abbreviate([found.where for found in best])
            advice = f"hand in one, named {self.assignment}{ending}"
            raise FileUnreadable(f"{count} {KINDS[ending]}s: {names}; {advice}")
        files = [found.where for found in everything if not found.node.is_folder]
        only = f", only {_abbreviate(files)}" if files else ""
        raise folder.error(f"holds no notebook or module{only}; hand in {self.assignment}.ipynb")

    @cached_property
    def stub(self) -> frozenset[str]:
        """Return the code cells of the assignment as students receive them."""
        return self._read_stub()

    def _untouched(self, found: list[LocatedNode]) -> set[str]:
        """Return the paths of notebooks without work, if there is another candidate."""
        candidates = [one for one in found if self.is_candidate(one.node)]
        if len(candidates) < 2 or not self.stub:
            return set()
        notebooks = [one for one in candidates if one.node.suffix == ".ipynb"][:MAX_COMPARED]
        untouched = {one.where for one in notebooks if self._is_untouched(one.node)}
        return untouched if len(untouched) < len(candidates) else set()

    def _is_untouched(self, node: Node) -> bool:
        try:
            return is_untouched(node.read(), self.stub)
        except FileUnreadable:
            return False

    def _candidates_by_priority(
        self, levels: list[list[LocatedNode]], untouched: set[str]
    ) -> Iterator[list[LocatedNode]]:
        """Yield groups of candidates, best first. The first group that isn't empty decides: it must hold one file."""
        candidates = [
            [found for found in level if self.is_candidate(found.node) and found.where not in untouched]
            for level in levels
        ]
        for name in self.assignment_files:
            for level in candidates:
                yield [found for found in level if found.node.name.casefold() == name]
        for ending in KINDS:
            yield [found for level in candidates for found in level if found.node.suffix == ending]

    def _holds_candidate(self, folder: Node) -> bool:
        try:
            return any(self.is_candidate(found.node) for level in _levels(folder) for found in level)
        except FileUnreadable:
            return True  # it may hold one: the student gets a rejected report that says why

    def _looks_handed_in(self, found: LocatedNode) -> bool:
        """Return whether a student may expect this file to be graded; if it isn't, a note says so."""
        at_top = found.where == found.node.name or MOODLE_MARK in found.where  # may be another student's folder
        is_own = at_top and not found.node.is_folder and not self.is_provided(found.node)
        return self.is_candidate(found.node) or is_own


def visible_nodes(folder: Node) -> list[Node]:
    """Return the entries of a folder without litter, sorted by name."""
    return _without_litter(folder.children())


def is_litter(node: Node) -> bool:
    """Return whether a node is a file that systems and editors leave behind."""
    return not node.unsafe and _matches(node, LITTER)


def unwrap(root: Node) -> Node:
    """Return the inner folder if a folder holds nothing but one folder, up to MAX_LEVELS times."""
    for _ in range(MAX_LEVELS):
        nodes = visible_nodes(root)
        if len(nodes) == 1 and nodes[0].is_folder:
            root = nodes[0]
    return root


def _without_litter(nodes: list[Node]) -> list[Node]:
    rest = [node for node in nodes if not is_litter(node)]
    return sorted(rest, key=lambda node: (node.name.casefold(), node.name))


def _levels(folder: Node) -> Iterator[list[LocatedNode]]:
    """Yield the nodes of a folder level by level, MAX_LEVELS deep. Raises TooMany."""
    level = [LocatedNode(node.name, node) for node in visible_nodes(folder)]
    yield level
    total = len(level)
    for _ in range(MAX_LEVELS - 1):
        above, level = level, []
        for where, node in above:
            inside = _inside(node)
            total += len(inside)  # counted with litter, and before the next folder is read
            if total > MAX_ENTRIES:
                raise folder.too_many(MAX_ENTRIES)
            level += [LocatedNode(f"{where}/{inner.name}", inner) for inner in _without_litter(inside)]
        yield level


def _inside(node: Node) -> list[Node]:
    """Return the entries of a folder; none if it can't be read. Raises TooMany if it holds too much."""
    try:
        return node.children() if node.is_folder else []
    except TooMany:
        raise
    except FileUnreadable:
        return []


def _matches(node: Node, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(node.name.casefold(), pattern) for pattern in patterns)


def _abbreviate(names: list[str]) -> str:
    """Return all of up to five names, or the first five and a count."""
    shown = [one_line(name, 200) for name in names[:5]]
    return join_with_and([*shown, f"{len(names) - 5} more"] if len(names) > 5 else shown)
