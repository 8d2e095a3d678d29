"""Result of an importer: the draft of an assignment, from a notebook of another tool."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat import NotebookNode, from_dict, v4

from grader.errors import UserError
from grader.notebooks.solution_regions import RegionError, is_marked, stripped

Cell = dict[str, Any]  # such as a NotebookNode, with the source as one string
CaseKey = tuple[str, str]  # question and function of a case
NEW_CELL = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
MAGIC = re.compile(r"^[%!](?!%).*(?:\n|$)", re.MULTILINE)
MARK_LINE = re.compile(r"^.*\b(?:BEGIN|END) SOLUTION\b.*(?:\n|\Z)", re.MULTILINE)
TIMER = re.compile(r"\A(?:\s*%%(?:time|timeit|capture)\b.*(?:\n|\Z))+")  # magics of a cell that change nothing


class ImportFailed(UserError):
    """A notebook can't be imported."""


@dataclass(frozen=True)
class Test:
    """Test cell, which becomes one hidden case. Its magic lines are left out."""

    cell: int  # number in the notebook, from 1
    name: str
    source: str
    points: float
    hidden: frozenset[str] = frozenset()  # lines that students don't see
    place: int = 0  # number of code cells of the draft before it
    compares_last_value: bool = False  # whether what the cell displays is compared
    recorded: str = ""  # what the author's notebook displays below the cell, if that is compared
    displays_credit: bool = False  # whether a number that the cell displays is the points that it gives

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", MAGIC.sub("", TIMER.sub("", self.source)))


@dataclass(frozen=True)
class Skipped:
    """Part of a notebook that wasn't imported, or was changed, with the reason."""

    cell: int  # number in the notebook, from 1; 0 for the notebook itself
    what: str
    why: str


@dataclass
class Draft:
    """Notebook with our solution marks, and its tests."""

    title: str = ""
    cells: list[NotebookNode] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # for students, beside the notebook
    shown: list[str] = field(default_factory=list)  # first lines of answers that students can read elsewhere too

    def add(self, cell: Cell, source: str, *tags: str) -> None:
        """Add a cell with the text `source`. Its magic lines become a cell of their own: a module can't hold them."""
        source = TIMER.sub("", source) if cell["cell_type"] == "code" else source
        if (
            cell["cell_type"] == "code"
            and (magics := MAGIC.findall(source))
            and source.strip() != "".join(magics).strip()
        ):
            self.add(cell, "".join(magics).strip("\n"))
            source = MAGIC.sub("", source).strip("\n")
        if is_marked(source) and (why := _region_problem(cell["cell_type"], source)):
            self.skip(0, f"cell-{len(self.cells) + 1}", f"{why}; students don't get the cell")
            source, tags = MARK_LINE.sub("", source), ("solution-only",)
        name, metadata = f"cell-{len(self.cells) + 1}", {"tags": list(tags)} if tags else {}
        self.cells.append(NEW_CELL[cell["cell_type"]](source, id=name, metadata=from_dict(metadata)))

    @property
    def code_cells(self) -> int:
        """Return the number of code cells so far: the place of a test that comes next."""
        return sum(cell.cell_type == "code" for cell in self.cells)

    def weigh(self, why: str) -> None:
        """Give each test 1 point if none has any; else skip tests without points, with the reason `why`."""
        if not any(test.points > 0 for test in self.tests):
            self.tests = [replace(test, points=1.0) for test in self.tests]
            if self.tests:
                self.skip(0, "points", "no test has any, so each is worth 1 point")
        for test in self.tests:
            if test.points <= 0:
                self.skip(test.cell, test.name, why)
        self.tests = [test for test in self.tests if test.points > 0]

    def skip(self, cell: int, what: str, why: str) -> None:
        """Note that a part of the notebook isn't imported, or is changed."""
        self.skipped.append(Skipped(cell, what, why))


def _region_problem(kind: str, source: str) -> str:
    """Return why the solution marks of a cell can't be used; "" if they can."""
    try:
        if kind == "code":
            stripped(source)
            return ""
    except RegionError as problem:
        return str(problem)
    return f"a solution mark hides nothing in a {kind} cell"


Importer = Callable[[list[Cell]], Draft]


def parse_points(value: Any, what: str) -> float:
    """Return points as a float. Raises ImportFailed if `value` isn't a finite number; `what` names the item."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ImportFailed(f"the points of {what} are {value!r}; expected a number")
    return float(value)
