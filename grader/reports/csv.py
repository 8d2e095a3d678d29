"""The scores of a class as a table: one row a student, one column a question.

Written for spreadsheets and for programs alike: a byte-order mark, without which Excel takes UTF-8 for
something else (pandas skips it; Python's csv module wants encoding="utf-8-sig"), and text in quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader._util.escaping import csv_cell, csv_file
from grader.models import ScoreReport

FIRST_COLUMNS = ("student", "score", "max_score", "status")
LAST_COLUMNS = ("needs_review", "late")


def render(reports: Iterable[ScoreReport]) -> bytes:
    """One pass, which keeps a row of each report and not the report.

    The columns are the questions of all the reports; a report without a question leaves its cell empty.
    """
    questions: dict[str, None] = {}  # a set that keeps its order
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
