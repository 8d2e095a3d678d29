"""What an importer finds in another tool's notebook, before it becomes an assignment's folder."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import UserError

Cell = dict[str, Any]
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
    shows: bool = False  # what its last line gives is what is tested


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
    cells: list[Cell] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    left: list[Skipped] = field(default_factory=list)
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
        made = {"cell_type": cell["cell_type"], "id": f"cell-{len(self.cells) + 1}", "source": lines(source)}
        made["metadata"] = {"tags": list(tags)} if tags else {}
        if made["cell_type"] == "code":
            made |= {"execution_count": None, "outputs": []}
        self.cells.append(made)

    def leave(self, cell: int, what: str, why: str) -> None:
        self.left.append(Skipped(cell, what, why))


Importer = Callable[[list[Cell]], Draft]


def cells_of(path: Path) -> list[Cell]:
    """The cells of a notebook of format 4, each with its text as one string. Raises ImportFailed."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ImportFailed(f"{path} can't be read: {problem.strerror}") from None
    except (ValueError, RecursionError):
        raise ImportFailed(f"{path} isn't a notebook: it isn't JSON") from None
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise ImportFailed(f"{path} isn't a notebook of format 4: it has no cells")
    try:
        return [
            {
                "cell_type": cell["cell_type"],
                "metadata": dict(cell.get("metadata", {})),
                "source": "".join(cell["source"]),
            }
            for cell in cells
        ]
    except (TypeError, ValueError, KeyError, AttributeError):
        raise ImportFailed(f"{path} isn't a notebook of format 4: it has cells of another form") from None


def worth(value: Any, what: str) -> float:
    """Points. Raises ImportFailed."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ImportFailed(f"the points of {what} are {value!r}, which is no number")
    return float(value)


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
