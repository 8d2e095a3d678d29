"""Scores of a class as CSV: a row for each student, a column for each question.

`score` is what counts. If a policy or a person has changed anything in the class, the last columns say what it is made
of; the columns before them stay where they are. The points of questions are automatic.

The file begins with a byte-order mark: without it, Excel doesn't read UTF-8. pandas skips the mark; Python's csv module
needs encoding="utf-8-sig". Text is in quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader._util.escaping import csv_cell, csv_file
from grader.models import ScoreReport

FIRST_COLUMNS = ("student", "score", "max_score", "status")
LAST_COLUMNS = ("needs_review", "late")
GRADE_COLUMNS = ("auto", "adjustment", "penalty", "final", "attempt")


def render(reports: Iterable[ScoreReport]) -> bytes:
    """Return the table in UTF-8. A report that lacks a question has an empty cell in its column.

    Reads the reports once, and stores only a row of each.
    """
    questions: dict[str, None] = {}  # a set in the order of insertion
    rows: list[tuple[list[str | float], dict[str, float], tuple[str | float | bool, ...]]] = []
    decided = False
    for report in reports:
        scores = {question.name: round(question.score, 2) for question in report.questions}
        questions.update(dict.fromkeys(scores))
        first: list[str | float] = [
            report.student,
            round(report.final, 2),
            round(report.final_max, 2),
            report.final_status,
        ]
        rows.append((first, scores, (report.awaits_review, report.late, *grade_cells(report))))
        decided = decided or report.grade is not None

    last_columns = (*LAST_COLUMNS, *GRADE_COLUMNS) if decided else LAST_COLUMNS
    header = (*FIRST_COLUMNS, *questions, *last_columns)
    table = ((*first, *map(scores.get, questions), *last[: len(last_columns)]) for first, scores, last in rows)
    return csv_file(([csv_cell(cell) for cell in row] for row in (header, *table)), bom=True)


def grade_cells(report: ScoreReport) -> tuple[str | float, ...]:
    """Return the cells of GRADE_COLUMNS: what the points that count are made of, and which hand-in they are of."""
    grade = report.grade
    if grade is None:
        return round(report.score, 2), 0.0, 0.0, round(report.score, 2), ""
    return (*(round(each, 2) for each in (grade.auto, grade.adjustments, grade.penalty, grade.final)), grade.attempt)
