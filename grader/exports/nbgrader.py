"""The columns that `nbgrader export` writes (nbgrader's CsvExportPlugin, "Exporting grades" of its documentation).

Who is in the roster and handed in nothing has empty scores here, where nbgrader writes 0.0. There is no due date,
and no penalty: the score is the raw score.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.exports.roster import render_table, same_title
from grader.exports.roster_match import Grade, MatchedGrades, RosterRow

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
# Of a roster; Gradescope's and nbgrader's own lists of students name them so.
PERSONAL = {
    "last_name": ("last_name", "Last Name", "LastName"),
    "first_name": ("first_name", "First Name", "FirstName"),
}
EMAIL = ("email", "Email", "Email address")


def render(marks: MatchedGrades) -> bytes:
    rows: list[Sequence[str | float | None]] = [COLUMNS]
    if not marks.table:
        rows += [_row(marks, grade.id, ("", "", ""), grade) for grade in marks.grades]
    rows += [_row(marks, person.id, _personal(marks, person), grade) for person, grade in marks.pairs]
    return render_table(rows)


def _row(
    marks: MatchedGrades, student_id: str, personal: tuple[str, str, str], grade: Grade | None
) -> Sequence[str | float | None]:
    score: float | None = None
    if grade and not grade.needs_review:
        score = grade.score
    penalty = None if score is None else 0.0
    handed_in = grade.handed_in if grade else ""
    head = (marks.assignment, "", handed_in, student_id, *personal)
    return (*head, score, penalty, score, grade.max_score if grade else marks.max_score)


def _personal(marks: MatchedGrades, person: RosterRow) -> tuple[str, str, str]:
    """Last name, first name and mail address, where the roster has columns for them."""
    header = marks.table.header if marks.table else ()
    cells = dict(zip(header, person.cells, strict=True))

    def first(names: Sequence[str]) -> str:
        return next((cells[title] for title in header if any(same_title(title, name) for name in names)), "")

    return first(PERSONAL["last_name"]), first(PERSONAL["first_name"]), first(EMAIL)
