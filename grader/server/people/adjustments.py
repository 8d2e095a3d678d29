"""Adjustments for the API and the pages: who gets which points from a person, and why."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from grader.gradebook.errors import GradebookError
from grader.gradebook.graded_reports import counting_report
from grader.gradebook.report_places import Change, new_adjustment
from grader.policies import Adjustment
from grader.policies.corrections import holding
from grader.server.people.desk import (
    Desk,
    Difference,
    Name,
    Points,
    Strict,
    Text,
    Verdict,
    refused,
    shown_student,
)


class NewAdjustment(Strict):
    """An adjustment: new `points`, points to add (`by`), or a `verdict`. Without a question it is for the whole."""

    student: Name
    question: Name = ""
    case: Name = ""
    points: Points | None = None
    by: Difference | None = None
    verdict: Verdict | None = None
    comment: Text = Field(description="for the student")
    reason: Text = Field(description="for the staff")


class AdjustmentRow(BaseModel):
    """An adjustment, with who made it, when and why."""

    number: int
    student: str
    question: str = Field(description="empty: the whole")
    case: str = Field(description="empty: the whole question")
    points: float | None = Field(description="the new points")
    by: float | None = Field(description="points that are added")
    verdict: Verdict | None
    comment: str
    reason: str
    who: str
    at: str = Field(description="UTC, ISO 8601")
    basis: float | None = Field(description="automatic points when it was made")
    withdrawn: bool


def list_adjustments(desk: Desk, student: str = "") -> list[AdjustmentRow]:
    """Return the adjustments of a student as shown, or of everybody, oldest first."""
    naming = desk.naming
    if student:
        person = shown_student(naming, student)
        found = {person.id: desk.portal.adjustments.of_student(desk.assignment, person.id)}
    else:
        found = desk.portal.adjustments.of_assignment(desk.assignment)
    rows = [row for one, rows in found.items() for row in _adjustment_rows(naming.id(one), rows)]
    return sorted(rows, key=lambda row: row.number)


def adjust(desk: Desk, wanted: NewAdjustment) -> AdjustmentRow:
    """Store an adjustment. Raises HTTPException 404, 409 and 422."""
    naming = desk.naming
    person = shown_student(naming, wanted.student)
    change = Change(wanted.points, wanted.by, wanted.verdict)
    report = counting_report(desk.portal.book, desk.assignment, person.id)
    try:
        place = (wanted.question, wanted.case)
        made = new_adjustment(report, desk.person.id, change, wanted.comment, wanted.reason, *place)
        stored = desk.portal.adjustments.add(desk.assignment, person.id, made)
    except GradebookError as problem:
        raise refused(problem) from None
    desk.changed()
    return _adjustment_rows(naming.id(person.id), [stored])[0]


def withdraw_adjustment(desk: Desk, number: int, reason: str) -> None:
    """Withdraw an adjustment. Raises HTTPException 409 and 422."""
    try:
        desk.portal.adjustments.withdraw(desk.assignment, number, desk.person.id, reason)
    except GradebookError as problem:
        raise refused(problem) from None
    desk.changed()


def _adjustment_rows(student: str, rows: Sequence[Adjustment]) -> list[AdjustmentRow]:
    holds = {each.number for each in holding(rows)}
    return [
        AdjustmentRow(
            number=each.number,
            student=student,
            question=each.question,
            case=each.case,
            points=each.points if each.absolute else None,
            by=None if each.absolute else each.points,
            verdict=each.verdict,
            comment=each.comment,
            reason=each.reason,
            who=each.who,
            at=each.at.isoformat(),
            basis=each.basis_points,
            withdrawn=each.number not in holds,
        )
        for each in rows
        if each.withdraws is None
    ]
