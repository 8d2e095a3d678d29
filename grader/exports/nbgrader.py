"""nbgrader export: a CSV file with the columns of `nbgrader export`.

Source: nbgrader's CsvExportPlugin, and "Exporting grades" in its documentation. A student in the roster without a
submission has empty scores here, where nbgrader writes 0.0. As there, score = raw score - penalty: the raw score is the
automatic one with what people added, and the penalty is below 0 if the policy gives a bonus.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.exports.roster import render_table, same_title
from grader.exports.roster_match import ExportedGrade, MatchedGrades, RosterRow

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
# Titles in a roster, as in the lists of students of Gradescope and nbgrader.
PERSONAL = {
    "last_name": ("last_name", "Last Name", "LastName"),
    "first_name": ("first_name", "First Name", "FirstName"),
}
EMAIL = ("email", "Email", "Email address")


def render(matched: MatchedGrades) -> bytes:
    """Return a CSV file with one row for each row of the roster, or for each grade without a roster."""
    rows: list[Sequence[str | float | None]] = [COLUMNS]
    if not matched.table:
        rows += [_row(matched, grade.id, ("", "", ""), grade) for grade in matched.grades]
    rows += [_row(matched, row.id, _personal(matched, row), grade) for row, grade in matched.pairs]
    return render_table(rows)


def _row(
    matched: MatchedGrades, student_id: str, personal: tuple[str, str, str], grade: ExportedGrade | None
) -> Sequence[str | float | None]:
    scores: tuple[float | None, float | None, float | None] = (None, None, None)
    if grade and grade.final:
        scores = round(grade.score - grade.penalty, 2), 0.0 - grade.penalty, grade.score
    handed_in = grade.handed_in if grade else ""
    head = (matched.assignment, grade.due if grade else "", handed_in, student_id, *personal)
    return (*head, *scores, grade.max_score if grade else matched.max_score)


def _personal(matched: MatchedGrades, row: RosterRow) -> tuple[str, str, str]:
    """Return last name, first name and email address; empty if the roster has no column for one."""
    header = matched.table.header if matched.table else ()
    cells = dict(zip(header, row.cells, strict=True))

    def first(names: Sequence[str]) -> str:
        return next((cells[title] for title in header if any(same_title(title, name) for name in names)), "")

    return first(PERSONAL["last_name"]), first(PERSONAL["first_name"]), first(EMAIL)
