"""Releases: which grades students may see, of a whole assignment or of single questions. A release is never undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import insert, select

from grader.gradebook.audit import record_change
from grader.gradebook.schema import RELEASES
from grader.gradebook.store import Gradebook, Readable, column_text, utc_now


class GradeRelease(msgspec.Struct, frozen=True):
    """Release of the grades of an assignment, or of one question if `question` isn't empty."""

    assignment: str
    question: str
    who: str
    at: str  # UTC, ISO 8601


class Releases:
    """Releases of a gradebook."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def of_assignment(self, assignment: str) -> list[GradeRelease]:
        """Return the releases of an assignment, oldest first."""
        return releases_of_assignment(self._book, assignment)

    def times(self, assignment: str) -> dict[str, datetime]:
        """Return question -> when it was released; EVERYTHING stands for all questions."""
        return release_times(self._book, assignment)

    def add(self, assignment: str, question: str, who: str, grades: Iterable[tuple[str, str]] = ()) -> bool:
        """Release an assignment or a question, durably. Return False if it was released before; nothing changes then.

        :param question: EVERYTHING for the whole assignment
        :param grades: student and grade as text, which the audit log keeps: who learnt what
        """
        row = {"assignment": column_text(assignment), "question": column_text(question)}
        same = (RELEASES.c.assignment == row["assignment"], RELEASES.c.question == row["question"])
        announced = list(grades)  # before the store is locked
        with self._book.writing(durable=True) as connection:
            if connection.execute(select(RELEASES.c.at).where(*same)).first():
                return False
            connection.execute(insert(RELEASES), {**row, "who": column_text(who), "at": utc_now()})
            record_change(connection, who, "release grades", assignment, after=question or "all questions")
            for student, grade in announced:
                record_change(connection, who, "tell grade", f"{assignment} {student}", after=grade)
        return True


def releases_of_assignment(book: Readable, assignment: str) -> list[GradeRelease]:
    """Return what `Releases.of_assignment` returns."""
    query = select(*RELEASES.c["assignment", "question", "who", "at"])
    query = query.where(RELEASES.c.assignment == column_text(assignment)).order_by(RELEASES.c.at)
    with book.reading() as connection:
        return [GradeRelease(*row) for row in connection.execute(query)]


def release_times(book: Readable, assignment: str) -> dict[str, datetime]:
    """Return what `Releases.times` returns."""
    return {one.question: datetime.fromisoformat(one.at) for one in releases_of_assignment(book, assignment)}
