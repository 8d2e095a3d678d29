"""The scores of a class as a table: one row a student, one column a question.

Written for spreadsheets and for programs alike: a byte-order mark, without which Excel takes UTF-8 for
something else (pandas skips it; Python's csv module wants encoding="utf-8-sig"), CRLF line ends and the
quoting of RFC 4180.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from grader.model import ScoreReport
from grader.text import csv_cell

BEFORE = ("student", "score", "max_score", "status")
AFTER = ("needs_review", "late")


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

    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)  # the default dialect: RFC 4180
    writer.writerow([csv_cell(name) for name in (*BEFORE, *questions, *AFTER)])
    for first, scores, last in rows:
        writer.writerow([csv_cell(cell) for cell in (*first, *map(scores.get, questions), *last)])
    return sheet.getvalue().encode("utf-8-sig")
