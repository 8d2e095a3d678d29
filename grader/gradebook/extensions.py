"""Extensions: students' own due dates, by a date or by days, each with its reason.

Rows are only added; one that withdraws another is a row too. Which date holds is decided in grader/policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select

from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import EXTENSIONS
from grader.gradebook.store import Gradebook, Readable, column_text, new_number, utc_now
from grader.gradebook.withdrawals import row_to_withdraw
from grader.gradebook.written_text import check_text
from grader.policies import Extension

MAX_EXTENSIONS = 200  # of a student, for one assignment; rows that withdraw count
COLUMNS = EXTENSIONS.c["id", "who", "at", "reason", "until", "days", "withdraws"].values()


class ExtensionRefused(GradebookError):
    """An extension can't be stored. The text is a sentence for people."""


class Extensions:
    """Extensions of a gradebook."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def add(self, assignment: str, given: Iterable[tuple[str, Extension]]) -> list[Extension]:
        """Store extensions of students, all or none, durably. Return them with their numbers and times.

        :param given: student and extension, whose number and time are ignored
        Raises ExtensionRefused if a student has too many, and TextRefused.
        """
        with self._book.writing(durable=True) as connection:
            return [_add(connection, assignment, student, extension) for student, extension in given]

    def withdraw(self, assignment: str, number: int, who: str, reason: str) -> Extension:
        """Withdraw an extension, durably. Return the row that does.

        Raises ExtensionRefused if the assignment has no such extension, or it was withdrawn before; TextRefused.
        """
        with self._book.writing(durable=True) as connection:
            row = row_to_withdraw(connection, EXTENSIONS, assignment, number, "extension", ExtensionRefused)
            return _add(connection, assignment, row.student, Extension(0, who, datetime.min, reason, withdraws=number))

    def of_student(self, assignment: str, student: str) -> list[Extension]:
        """Return a student's extensions, oldest first, with those that withdraw. At most MAX_EXTENSIONS."""
        return extensions_of_student(self._book, assignment, student)

    def of_assignment(self, assignment: str) -> dict[str, list[Extension]]:
        """Return student -> extensions, oldest first, with those that withdraw."""
        return extensions_of_assignment(self._book, assignment)


def extensions_of_student(book: Readable, assignment: str, student: str) -> list[Extension]:
    """Return what `Extensions.of_student` returns."""
    query = select(*COLUMNS).where(
        EXTENSIONS.c.assignment == column_text(assignment), EXTENSIONS.c.student == column_text(student)
    )
    with book.reading() as connection:
        return [_as_extension(row) for row in connection.execute(query.order_by(EXTENSIONS.c.id))]


def extensions_of_assignment(book: Readable, assignment: str) -> dict[str, list[Extension]]:
    """Return what `Extensions.of_assignment` returns."""
    query = select(EXTENSIONS.c.student, *COLUMNS).where(EXTENSIONS.c.assignment == column_text(assignment))
    found: dict[str, list[Extension]] = {}
    with book.reading() as connection:
        for row in connection.execute(query.order_by(EXTENSIONS.c.id)):
            found.setdefault(row.student, []).append(_as_extension(row[1:]))
    return found


def _add(connection: Connection, assignment: str, student: str, extension: Extension) -> Extension:
    texts = {"who": column_text(extension.who), "reason": column_text(check_text("reason", extension.reason))}
    stored = msgspec.structs.replace(extension, at=datetime.fromisoformat(utc_now()), **texts)
    row = {"assignment": column_text(assignment), "student": column_text(student), **_columns(stored)}
    theirs = (EXTENSIONS.c.assignment == row["assignment"], EXTENSIONS.c.student == row["student"])
    if (connection.scalar(select(func.count()).select_from(EXTENSIONS).where(*theirs)) or 0) >= MAX_EXTENSIONS:
        raise ExtensionRefused(f"{student} has {MAX_EXTENSIONS} extensions, the limit for an assignment")
    number = new_number(connection.execute(insert(EXTENSIONS), row).inserted_primary_key)
    verb = "give extension" if extension.withdraws is None else "withdraw extension"
    record_change(connection, extension.who, verb, f"{assignment} {student}", after=_described(stored))
    return msgspec.structs.replace(stored, number=number)


def _columns(extension: Extension) -> dict[str, Any]:
    fields = msgspec.structs.asdict(extension)
    del fields["number"]
    until = extension.until.astimezone(UTC).isoformat() if extension.until else None
    return {**fields, "at": extension.at.isoformat(), "until": until}


def _as_extension(row: Row[Any] | Sequence[Any]) -> Extension:
    """Return the extension in a row of COLUMNS."""
    number, who, at, reason, until, days, withdraws = tuple(row)
    date = datetime.fromisoformat(until) if until else None
    return Extension(number, who, datetime.fromisoformat(at), reason, date, days, withdraws)


def _described(extension: Extension) -> str:
    until = extension.until.isoformat() if extension.until else ""
    what = until or (f"{extension.days} days" if extension.days is not None else f"number {extension.withdraws}")
    return f"{what}: {extension.reason}"
