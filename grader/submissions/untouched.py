"""Recognise a notebook that a student handed in as the assignment had it, beside the one with the work.

Only the sources of code cells are read, as typed JSON; nothing is parsed or run.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.notebooks.solution_regions import RegionError, stripped
from grader.submissions.limits import MAX_COMPARED_BYTES


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


DECODER = msgspec.json.Decoder(_Notebook)


def stub_cells(solution: Path) -> frozenset[str]:
    """Return the code cells of an assignment as students receive them; none if its notebook can't be read."""
    try:
        return frozenset(stripped(source)[0].strip() for source in _code_cells(solution.read_bytes()))
    except (OSError, RegionError):
        return frozenset()


def is_untouched(content: bytes, stub: frozenset[str]) -> bool:
    """Return whether a notebook has code, and only code that the assignment itself has; False for a large one."""
    if len(content) > MAX_COMPARED_BYTES:
        return False
    cells = {source.strip() for source in _code_cells(content)} - {""}
    return bool(cells) and cells <= stub


def _code_cells(content: bytes) -> list[str]:
    """Return the sources of the code cells; none if the content is no notebook."""
    try:
        notebook = DECODER.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell.source if isinstance(cell.source, str) else "".join(cell.source) for cell in cells]
