"""Adjustments: points or verdicts that people gave for a case, a question or the whole, each with its reason.

Rows are only added; one that withdraws another is a row too. An adjustment is bound to a student and a place in the
report, and to no result, so it survives every regrade. What counts of them is decided in grader/policies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select

from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import ADJUSTMENTS
from grader.gradebook.store import Gradebook, Readable, column_text, new_number, utc_now
from grader.gradebook.withdrawals import row_to_withdraw
from grader.gradebook.written_text import check_text
from grader.policies import Adjustment

MAX_ADJUSTMENTS = 1000  # of a student, for one assignment; rows that withdraw count
TEXTS = ("question", "case", "comment", "reason", "basis_digest")
COLUMNS = ADJUSTMENTS.c[
    *("id", "who", "at", "question", "case_name", "points", "absolute", "verdict", "comment", "reason", "handin"),
    *("basis_points", "basis_digest", "withdraws"),
].values()


class AdjustmentRefused(GradebookError):
    """An adjustment can't be stored. The text is a sentence for people."""


class Adjustments:
    """Adjustments of a gradebook."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def add(self, assignment: str, student: str, adjustment: Adjustment) -> Adjustment:
        """Store an adjustment, durably, and return it with its number and time.

        :param adjustment: its number and time are ignored
        Raises AdjustmentRefused if the student has too many, and TextRefused.
        """
        with self._book.writing(durable=True) as connection:
            return add_adjustment(connection, assignment, student, adjustment)

    def withdraw(self, assignment: str, number: int, who: str, reason: str) -> Adjustment:
        """Withdraw an adjustment, durably. Return the row that does.

        Raises AdjustmentRefused if the assignment has no such adjustment, or it was withdrawn before; TextRefused.
        """
        check_text("reason", reason)
        with self._book.writing(durable=True) as connection:
            row = row_to_withdraw(connection, ADJUSTMENTS, assignment, number, "adjustment", AdjustmentRefused)
            gone = Adjustment(0, who, datetime.min, row.question, row.case_name, reason=reason, withdraws=number)
            return add_adjustment(connection, assignment, row.student, gone)

    def of_student(self, assignment: str, student: str) -> list[Adjustment]:
        """Return a student's adjustments, oldest first, with those that withdraw. At most MAX_ADJUSTMENTS."""
        return adjustments_of_student(self._book, assignment, student)

    def of_assignment(self, assignment: str) -> dict[str, list[Adjustment]]:
        """Return student -> adjustments, oldest first, with those that withdraw."""
        return adjustments_of_assignment(self._book, assignment)


def adjustments_of_student(book: Readable, assignment: str, student: str) -> list[Adjustment]:
    """Return what `Adjustments.of_student` returns."""
    query = select(*COLUMNS).where(
        ADJUSTMENTS.c.assignment == column_text(assignment), ADJUSTMENTS.c.student == column_text(student)
    )
    with book.reading() as connection:
        return [_as_adjustment(row) for row in connection.execute(query.order_by(ADJUSTMENTS.c.id))]


def adjustments_of_assignment(book: Readable, assignment: str) -> dict[str, list[Adjustment]]:
    """Return what `Adjustments.of_assignment` returns."""
    query = select(ADJUSTMENTS.c.student, *COLUMNS).where(ADJUSTMENTS.c.assignment == column_text(assignment))
    found: dict[str, list[Adjustment]] = {}
    with book.reading() as connection:
        for row in connection.execute(query.order_by(ADJUSTMENTS.c.id)):
            found.setdefault(row.student, []).append(_as_adjustment(row[1:]))
    return found


def add_adjustment(connection: Connection, assignment: str, student: str, adjustment: Adjustment) -> Adjustment:
    """Store an adjustment in an open transaction, as `Adjustments.add` does."""
    check_text("reason", adjustment.reason)
    if adjustment.withdraws is None:
        check_text("comment", adjustment.comment)
    fields: dict[str, Any] = msgspec.structs.asdict(adjustment)
    texts = {name: column_text(fields[name]) for name in ("who", *TEXTS)}
    stored = msgspec.structs.replace(adjustment, at=datetime.fromisoformat(utc_now()), **texts)
    row = {"assignment": column_text(assignment), "student": column_text(student), **_columns(stored)}
    theirs = (ADJUSTMENTS.c.assignment == row["assignment"], ADJUSTMENTS.c.student == row["student"])
    count = connection.scalar(select(func.count()).select_from(ADJUSTMENTS).where(*theirs)) or 0
    if count >= MAX_ADJUSTMENTS:
        raise AdjustmentRefused(f"{student} has {count} adjustments, the limit for an assignment")
    number = new_number(connection.execute(insert(ADJUSTMENTS), row).inserted_primary_key)
    verb = "adjust grade" if adjustment.withdraws is None else "withdraw adjustment"
    record_change(connection, adjustment.who, verb, f"{assignment} {student}", after=_described(row, number))
    return msgspec.structs.replace(stored, number=number)


def _columns(adjustment: Adjustment) -> dict[str, Any]:
    """Return the columns of an adjustment but for its number and whose it is."""
    fields = msgspec.structs.asdict(adjustment)
    del fields["number"]
    return {**fields, "case_name": fields.pop("case"), "at": adjustment.at.isoformat()}


def _as_adjustment(row: Row[Any] | Sequence[Any]) -> Adjustment:
    """Return the adjustment in a row of COLUMNS."""
    number, who, at, *rest = tuple(row)
    return Adjustment(number, who, datetime.fromisoformat(at), *rest)


def _described(row: Mapping[str, Any], number: int) -> str:
    shown = {name: value for name, value in row.items() if value not in (None, "", False)}
    for name in ("assignment", "student", "who", "at"):
        shown.pop(name, None)
    return msgspec.json.encode({"number": number, **shown}).decode()
