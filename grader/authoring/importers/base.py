"""What an importer finds in another tool's notebook, before it becomes an assignment's folder."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, from_dict, v4

from grader.errors import UserError

Cell = dict[str, Any]  # NotebookNode is one; its source is one string
NEW_CELL = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
MAGIC = re.compile(r"^[%!](?!%).*(?:\n|$)", re.MULTILINE)


class ImportFailed(UserError):
    """The notebook can't be taken over; the message says why."""


@dataclass(frozen=True)
class Test:
    """A test cell: it becomes one hidden case."""

    cell: int  # its number in the notebook, from 1
    name: str
    source: str
    points: float
    hidden: frozenset[str] = frozenset()  # lines of it that students don't see
    after: int = 0  # how many answers stand before it
    compares_last_value: bool = False  # what its last line gives is what is tested


@dataclass(frozen=True)
class Skipped:
    """Something that wasn't carried over as it was, and why."""

    cell: int  # 0: of the notebook as a whole
    what: str
    why: str


@dataclass
class Draft:
    """A notebook with our marks, and the tests that were in it."""

    title: str = ""
    cells: list[NotebookNode] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # beside the notebook, for students
    answers: int = 0  # cells with an answer so far

    def add(self, cell: Cell, source: str, *tags: str) -> None:
        """Adds a cell with another text. Magic lines go into a cell before it: a module can have none."""
        if (
            cell["cell_type"] == "code"
            and (magics := MAGIC.findall(source))
            and source.strip() != "".join(magics).strip()
        ):
            self.add(cell, "".join(magics).strip("\n"))
            source = MAGIC.sub("", source).strip("\n")
        name, metadata = f"cell-{len(self.cells) + 1}", {"tags": list(tags)} if tags else {}
        self.cells.append(NEW_CELL[cell["cell_type"]](source, id=name, metadata=from_dict(metadata)))

    def skip(self, cell: int, what: str, why: str) -> None:
        self.skipped.append(Skipped(cell, what, why))


Importer = Callable[[list[Cell]], Draft]


def parse_points(value: Any, what: str) -> float:
    """Points. Raises ImportFailed."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ImportFailed(f"the points of {what} are {value!r}, which is no number")
    return float(value)
