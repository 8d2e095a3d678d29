"""Extensions for the API and the pages: who has more time, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import HTTPException
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from grader.gradebook.errors import GradebookError
from grader.policies import Extension
from grader.policies.corrections import holding
from grader.policies.policy import MAX_DAYS, YEARS
from grader.server.limits import MAX_EXTENDED
from grader.server.people.desk import (
    Desk,
    Name,
    Strict,
    Text,
    refused,
    shown_student,
)


def check_year(date: datetime) -> datetime:
    """Return a date with which can be computed. Raises ValueError."""
    if date.year not in YEARS:
        raise ValueError(f"the year is {date.year}; expected {YEARS.start} to {YEARS.stop - 1}")
    return date


class NewExtension(Strict):
    """A later due date for students: a date, or days behind the due date of the class."""

    students: Annotated[list[Name], Field(min_length=1, max_length=MAX_EXTENDED)]
    until: Annotated[AwareDatetime, AfterValidator(check_year)] | None = None
    days: Annotated[int, Field(ge=0, le=MAX_DAYS)] | None = None
    reason: Text


class ExtensionRow(BaseModel):
    """An extension, with who gave it, when and why."""

    number: int
    student: str
    until: str | None = Field(description="ISO 8601")
    days: int | None
    reason: str
    who: str
    at: str = Field(description="UTC, ISO 8601")
    withdrawn: bool


def list_extensions(desk: Desk) -> list[ExtensionRow]:
    """Return the extensions of everybody, oldest first."""
    naming = desk.naming
    found = desk.portal.extensions.of_assignment(desk.assignment)
    rows = [row for student, rows in found.items() for row in _extension_rows(naming.id(student), rows)]
    return sorted(rows, key=lambda row: row.number)


def extend(desk: Desk, wanted: NewExtension) -> list[ExtensionRow]:
    """Store extensions of students, all or none. Raises HTTPException 404, 409 and 422."""
    if (wanted.until is None) == (wanted.days is None):
        raise HTTPException(422, 'Give either a date, "until", or "days".')
    naming = desk.naming
    ids = [shown_student(naming, student).id for student in dict.fromkeys(wanted.students)]
    until, days = wanted.until, wanted.days
    made = Extension(0, desk.person.id, datetime.min, wanted.reason, until, days)
    try:
        stored = desk.portal.extensions.add(desk.assignment, [(id, made) for id in ids])
    except GradebookError as problem:
        raise refused(problem) from None
    desk.changed()
    return [
        row for id, extension in zip(ids, stored, strict=True) for row in _extension_rows(naming.id(id), [extension])
    ]


def withdraw_extension(desk: Desk, number: int, reason: str) -> None:
    """Withdraw an extension. Raises HTTPException 409 and 422."""
    try:
        desk.portal.extensions.withdraw(desk.assignment, number, desk.person.id, reason)
    except GradebookError as problem:
        raise refused(problem) from None
    desk.changed()


def _extension_rows(student: str, rows: Sequence[Extension]) -> list[ExtensionRow]:
    holds = {each.number for each in holding(rows)}
    return [
        ExtensionRow(
            number=each.number,
            student=student,
            until=each.until.isoformat() if each.until else None,
            days=each.days,
            reason=each.reason,
            who=each.who,
            at=each.at.isoformat(),
            withdrawn=each.number not in holds,
        )
        for each in rows
        if each.withdraws is None
    ]
