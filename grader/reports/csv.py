"""Scores of a class as CSV: a row for each student, a column for each question.

The file begins with a byte-order mark: without it, Excel doesn't read UTF-8. pandas skips the mark; Python's csv module
needs encoding="utf-8-sig". Text is in quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader._util.escaping import csv_cell, csv_file
from grader.models import ScoreReport

FIRST_COLUMNS = ("student", "score", "max_score", "status")
LAST_COLUMNS = ("needs_review", "late")


def render(reports: Iterable[ScoreReport]) -> bytes:
    """Return the table in UTF-8. A report that lacks a question has an empty cell in its column.

    Reads the reports once, and stores only a row of each.
    """
    questions: dict[str, None] = {}  # a set in the order of insertion
    rows: list[tuple[list[str | float], dict[str, float], tuple[bool, bool]]] = []
    for report in reports:
        scores = {question.name: round(question.score, 2) for question in report.questions}
        questions.update(dict.fromkeys(scores))
        first: list[str | float] = [
            report.student,
            round(report.score, 2),
            round(report.max_score, 2),
            report.status,
        ]
        rows.append((first, scores, (report.needs_review, report.late)))

    header = (*FIRST_COLUMNS, *questions, *LAST_COLUMNS)
    table = ((*first, *map(scores.get, questions), *last) for first, scores, last in rows)
    return csv_file(([csv_cell(cell) for cell in row] for row in (header, *table)), bom=True)
