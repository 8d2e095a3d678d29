"""Importer of source notebooks of nbgrader. The metadata of a cell define its kind.

An answer is between BEGIN SOLUTION and END SOLUTION, or is the complete cell. Students don't see the lines between
BEGIN HIDDEN TESTS and END HIDDEN TESTS of a test cell, and the mark scheme of a manually graded cell.
"""

from __future__ import annotations

import re
from typing import Any

from grader._util.wording import format_points
from grader.authoring.importers.base import Cell, Draft, Test, parse_points
from grader.notebooks.solution_regions import is_marked, mark_solutions

DELIMITER = re.compile(r"^\s*(?:#+|//|<!--)?\s*(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)\b")
AUTOTEST = re.compile(r"^\s*#+\s*((?:HASHED|HIDDEN) )?AUTOTEST\s+(.+)$")
TO_WRITE = "*YOUR ANSWER HERE*"


def read(cells: list[Cell]) -> Draft:
    """Return the draft of the assignment in the cells. Raises ImportFailed."""
    draft = Draft()
    for number, cell in enumerate(cells, start=1):
        metadata = cell["metadata"].get("nbgrader")
        metadata = metadata if isinstance(metadata, dict) else {}
        if metadata.get("task"):
            draft.skip(
                number, _name(metadata, number), f"a task for manual grading, worth {format_points(_points(metadata))}"
            )
            draft.add(cell, _without(cell["source"], "MARK SCHEME"))
        elif metadata.get("solution"):
            _answer(draft, cell, number, metadata)
        elif metadata.get("grade"):
            _test(draft, cell, number, metadata)
        else:
            draft.add(cell, cell["source"])
            if cell["cell_type"] == "code" and DELIMITER.search(cell["source"]):
                draft.skip(number, "the cell", "has solution marks, but no metadata of nbgrader")
    draft.weigh("a test without points; students get it, and it isn't graded")
    return draft


def _answer(draft: Draft, cell: Cell, number: int, metadata: dict[str, Any]) -> None:
    if metadata.get("grade"):
        draft.skip(
            number, _name(metadata, number), f"an answer for manual grading, worth {format_points(_points(metadata))}"
        )
    if cell["cell_type"] != "code":
        draft.add(cell, TO_WRITE)
        draft.add(cell, "\n".join(_split(cell["source"], "SOLUTION")[0]), "solution-only")
        return
    source, answers = _split(_without(cell["source"], "MARK SCHEME"), "SOLUTION")
    try:
        text = mark_solutions("\n".join(source), answers or None)
    except SyntaxError as problem:
        draft.skip(
            number,
            _name(metadata, number),
            f"an answer that isn't Python (line {problem.lineno}); students don't get it",
        )
        draft.add(cell, "\n".join(source), "solution-only")
        return
    if not is_marked(text):
        draft.skip(number, _name(metadata, number), "an answer that defines nothing; students don't get the cell")
        draft.add(cell, text, "solution-only")
        return
    draft.add(cell, text)


def _test(draft: Draft, cell: Cell, number: int, metadata: dict[str, Any]) -> None:
    name, each, place = _name(metadata, number), _points(metadata), draft.code_cells
    source, hidden = _split(cell["source"], "HIDDEN TESTS")
    shown = [line for i, line in enumerate(source) if i not in hidden and not _is_hidden_autotest(line)]
    if any(line.strip() for line in shown):
        draft.add(cell, "\n".join(shown).strip("\n"))
    lines = []
    for line in source:
        found = AUTOTEST.match(line)
        lines.append(f"_autotest({found[2].rstrip('; ').replace(';', ',')})" if found else line)
    unseen = frozenset(line for i, line in enumerate(source) if i in hidden)
    draft.tests.append(Test(number, name, "\n".join(lines), each, unseen, place, displays_credit=True))


def _split(text: str, kind: str) -> tuple[list[str], set[int]]:
    """Return the lines without the delimiters of a kind, and the indices of the lines between delimiters."""
    lines: list[str] = []
    inside, numbers = False, set()
    for line in text.split("\n"):
        mark = DELIMITER.match(line)
        if mark and mark[2] == kind:
            inside = mark[1] == "BEGIN"
            continue
        if inside:
            numbers.add(len(lines))
        lines.append(line)
    return lines, numbers


def _without(text: str, kind: str) -> str:
    lines, numbers = _split(text, kind)
    return "\n".join(line for i, line in enumerate(lines) if i not in numbers)


def _is_hidden_autotest(line: str) -> bool:
    found = AUTOTEST.match(line)
    return bool(found and found[1] == "HIDDEN ")


def _name(metadata: dict[str, Any], number: int) -> str:
    return str(metadata.get("grade_id") or f"cell {number}")


def _points(metadata: dict[str, Any]) -> float:
    found = metadata.get("points")
    return 0.0 if found is None else parse_points(found, str(metadata.get("grade_id")))
