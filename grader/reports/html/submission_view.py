"""View of a submission for pages: its cells in order, and the lines that define each name.

Cells and lines are numbered as in the grader's messages. No code is run, and the input is untrusted.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

from grader.notebooks.cells import NotebookUnreadable, decode, module_block, notebook_cells, notebook_data
from grader.notebooks.statements import UNPARSABLE
from grader.reports.html.limits import (
    CACHED_TEXTS,
    LINE_COST,
    MAX_CELL_DEFINITIONS,
    MAX_CELL_TEXT,
    MAX_PLACE_SEARCH,
    MAX_SHOWN_CELLS,
    MAX_SUBMISSION_TEXT,
)

_RAISED = re.compile(r"\((?:cell (\d+), |[^(),]{1,200}\.(?:py|ipynb), )line (\d+): ")  # place in a message of a worker
_PLACE = re.compile(r"(?:\bcell (\d+), )?\bline (\d+):")  # place in a note
_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
_DEFINITION = re.compile(r"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)
_STATEMENT_START = re.compile(r"^[^\s#)\]}]", re.MULTILINE)

Span = tuple[str, int, int]  # name, first and last line of the statement that defines it


@dataclass
class ShownCell:
    """One cell, or a module."""

    kind: str  # "code", "markdown", "raw"
    text: str
    number: int = 0  # of a code cell, from 1; 0 for a module and for other cells
    cut: int = 0  # characters that aren't shown
    outputs: list[Any] = field(default_factory=list)  # as in the notebook: untrusted
    attachments: Any = None

    @property
    def name(self) -> str:
        """Return the name of the cell in messages."""
        return f"cell {self.number}" if self.number else "the module"


@dataclass(frozen=True)
class Definition:
    """Lines of the statement that defines a name."""

    cell: ShownCell
    first: int
    last: int


@dataclass
class SubmissionView:
    """Cells of a submission. If there are none, `missing_reason` may say why."""

    cells: list[ShownCell] = field(default_factory=list)
    left_out: int = 0  # cells that aren't shown
    is_notebook: bool = False
    missing_reason: str | None = None

    def definitions(self, names: Iterable[str]) -> dict[str, Definition]:
        """Return name -> definition for the defined names. If there are several, the last counts."""
        found: dict[str, Definition] = {}
        wanted = set(names)
        for cell in self.cells:
            for name, first, last in definition_spans(cell.text) if cell.kind == "code" else ():
                if name in wanted:
                    found[name] = Definition(cell, first, last)
        return found

    def place(self, message: str) -> tuple[ShownCell, int] | None:
        """Return the cell and the line that a message of the grader names; None if it names none."""
        text = message[:MAX_PLACE_SEARCH]
        found = _RAISED.findall(text)[-1:] or _PLACE.findall(text)[:1]
        for number, line in found:
            wanted, at = int(number[:9] or 0), int(line[:9])
            for cell in self.cells:
                if cell.kind == "code" and cell.number == wanted and 0 < at <= cell.text.count("\n") + 1:
                    return cell, at
        return None


def read_view(content: bytes, file: str) -> SubmissionView:
    """Return the view of a submission, cut to the limits. Unreadable content gives a `missing_reason`."""
    if not content:
        return SubmissionView(missing_reason="There is no file to show.")
    try:
        text = decode(content, [])
        data, _ = notebook_data(text, file)
        if data is None:
            return _bounded([ShownCell("code", module_block(text, file).text)], is_notebook=False)
        return _bounded(_cells(data, text), is_notebook=True)
    except NotebookUnreadable as problem:
        return SubmissionView(missing_reason=f"The file can't be shown: {problem}.")


def _cells(data: dict[str, Any], text: str) -> Iterator[ShownCell]:
    """Yield the cells in order. If the code cells aren't in their usual place, yield only the graded code."""
    blocks = notebook_cells(data, text, [])
    given = data.get("cells")
    cells = [cell for cell in given if isinstance(cell, dict)] if isinstance(given, list) else []
    if sum(cell.get("cell_type") == "code" for cell in cells) != len(blocks):
        cells = [{"cell_type": "code"} for _ in blocks]
    numbered = enumerate(blocks, start=1)
    for cell in cells:
        outputs, kind = cell.get("outputs"), cell.get("cell_type")
        if kind == "code":
            number, block = next(numbered)
            yield ShownCell("code", block.text, number, outputs=outputs if isinstance(outputs, list) else [])
        else:
            shown = "markdown" if kind == "markdown" else "raw"
            yield ShownCell(shown, _joined(cell.get("source")), attachments=cell.get("attachments"))


def _joined(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _bounded(cells: Iterable[ShownCell], is_notebook: bool) -> SubmissionView:
    """Return a view of the first cells within the limits; long cells are cut."""
    view = SubmissionView(is_notebook=is_notebook)
    room = MAX_SUBMISSION_TEXT
    for cell in cells:
        if len(view.cells) == MAX_SHOWN_CELLS or room <= 0:
            view.left_out += 1
            continue
        most = min(MAX_CELL_TEXT if is_notebook else MAX_SUBMISSION_TEXT, room)
        shown = "\n".join(cell.text[:most].split("\n", most // LINE_COST)[: most // LINE_COST])
        cell.text, cell.cut = shown, len(cell.text) - len(shown)
        room -= len(shown) + LINE_COST * (shown.count("\n") + 1)
        view.cells.append(cell)
    return view


@lru_cache(maxsize=CACHED_TEXTS)
def definition_spans(text: str) -> tuple[Span, ...]:
    """Return the definitions at the top level of a text. A text that doesn't parse is searched by patterns."""
    for attempt in (text, _MAGIC.sub(r"\1pass", text)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of "\d" in a student's string
                return tuple(
                    span for node in ast.parse(attempt).body[:MAX_CELL_DEFINITIONS] for span in _statement_spans(node)
                )
        except UNPARSABLE:
            continue
    starts = [match.start() for match in _STATEMENT_START.finditer(text)] + [len(text)]
    found = {match.start(): match[1] or match[2] for match in _DEFINITION.finditer(text)}
    lines = (
        (found[start], text.count("\n", 0, start) + 1, text[:end].rstrip().count("\n") + 1)
        for start, end in pairwise(starts)
        if start in found
    )
    return tuple(islice(lines, MAX_CELL_DEFINITIONS))


def _statement_spans(node: ast.stmt) -> Iterator[Span]:
    first, last = node.lineno, node.end_lineno or node.lineno
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, min([first, *(decorator.lineno for decorator in node.decorator_list)]), last
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for name in ast.walk(target):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    yield name.id, first, last
