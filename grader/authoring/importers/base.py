"""Result of an importer: the draft of an assignment, from a notebook of another tool."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, from_dict, v4

from grader.errors import UserError

Cell = dict[str, Any]  # such as a NotebookNode, with the source as one string
NEW_CELL = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
MAGIC = re.compile(r"^[%!](?!%).*(?:\n|$)", re.MULTILINE)


class ImportFailed(UserError):
    """A notebook can't be imported."""


@dataclass(frozen=True)
class Test:
    """Test cell, which becomes one hidden case."""

    cell: int  # number in the notebook, from 1
    name: str
    source: str
    points: float
    hidden: frozenset[str] = frozenset()  # lines that students don't see
    after: int = 0  # number of answers before it
    compares_last_value: bool = False  # whether the value of its last line is compared


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
    answers: int = 0  # cells with an answer so far

    def add(self, cell: Cell, source: str, *tags: str) -> None:
        """Add a cell with the text `source`. Its magic lines become a cell of their own: a module can't hold them."""
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
        """Note that a part of the notebook isn't imported, or is changed."""
        self.skipped.append(Skipped(cell, what, why))


Importer = Callable[[list[Cell]], Draft]


def parse_points(value: Any, what: str) -> float:
    """Return points as a float. Raises ImportFailed if `value` isn't a finite number; `what` names the item."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ImportFailed(f"the points of {what} are {value!r}; expected a number")
    return float(value)
