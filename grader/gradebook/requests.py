"""Requests of students to look at a case again, and their answers.

A request hangs on the result whose report the student read. `mistake` is equal for those whose answers show the same
mistake (grader/reports/mistakes.py), so that one answer reaches all of them. Nobody asks twice about one mistake.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, func, insert, select

from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import ANSWERS, REQUESTS
from grader.gradebook.store import Gradebook, column_text, new_number, utc_now
from grader.gradebook.written_text import check_text

MAX_REQUESTS = 100  # of a student, for one assignment
PUBLIC_ID_BYTES = 16


class RequestRefused(GradebookError):
    """A request can't be added or answered. The text is a sentence for people."""


class RequestAnswer(msgspec.Struct, frozen=True):
    """Answer to a request."""

    text: str
    who: str
    at: str  # UTC, ISO 8601
    adjustment: int | None  # number of the adjustment that came with it


class StudentRequest(msgspec.Struct, frozen=True):
    """Request of a student to look at a case again."""

    number: int
    id: str  # random; for addresses
    assignment: str
    student: str
    question: str
    case: str
    mistake: str
    submission: str  # public id of the attempt whose report the student read
    result: int  # for `Gradebook.report`
    text: str
    at: str  # UTC, ISO 8601
    answer: RequestAnswer | None


class Requests:
    """Requests of a gradebook."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def add(
        self,
        assignment: str,
        student: str,
        question: str,
        case: str,
        mistake: str,
        submission: str,
        result: int,
        text: str,
    ) -> StudentRequest:
        """Add a request, durably. Raises RequestRefused if there is one, or too many; TextRefused.

        :param mistake: digest of what went wrong at the case
        :param submission: public id of the attempt whose report the student read
        :param result: number of the result whose report the student read
        """
        row = {"public_id": secrets.token_urlsafe(PUBLIC_ID_BYTES), "assignment": column_text(assignment)}
        row |= {"student": column_text(student), "question": column_text(question), "case_name": column_text(case)}
        row |= {
            "mistake": mistake,
            "submission": submission,
            "text": column_text(check_text("request", text)),
            "at": utc_now(),
        }
        theirs = (REQUESTS.c.assignment == row["assignment"], REQUESTS.c.student == row["student"])
        with self._book.writing(durable=True) as connection:
            if connection.scalar(select(REQUESTS.c.id).where(*theirs, REQUESTS.c.mistake == mistake)):
                raise RequestRefused("You have asked about this already. Its answer will be, or is, beside it.")
            if (connection.scalar(select(func.count()).select_from(REQUESTS).where(*theirs)) or 0) >= MAX_REQUESTS:
                raise RequestRefused(f"You have asked {MAX_REQUESTS} times about this assignment. Talk to your course.")
            number = new_number(connection.execute(insert(REQUESTS), {**row, "result": result}).inserted_primary_key)
            place = f"{assignment} {question} {case}"
            record_change(connection, student, "request regrade", place, after=row["text"])
            return _as_request(connection.execute(_query().where(REQUESTS.c.id == number)).one())

    def get(self, assignment: str, id: str) -> StudentRequest | None:
        """Return a request by its random id; None if the assignment has none with it."""
        found = (REQUESTS.c.assignment == column_text(assignment), REQUESTS.c.public_id == column_text(id))
        return next(iter(self._read(_query().where(*found))), None)

    def of_student(self, assignment: str, student: str) -> list[StudentRequest]:
        """Return a student's requests, oldest first. There are at most MAX_REQUESTS."""
        theirs = (REQUESTS.c.assignment == column_text(assignment), REQUESTS.c.student == column_text(student))
        return self._read(_query().where(*theirs).order_by(REQUESTS.c.id))

    def of_assignment(
        self, assignment: str, limit: int, *, after: int = 0, only_open: bool = False
    ) -> list[StudentRequest]:
        """Return everybody's requests, oldest first, behind the one with the number `after`."""
        query = _query().where(REQUESTS.c.assignment == column_text(assignment), REQUESTS.c.id > after)
        if only_open:
            query = query.where(ANSWERS.c.request.is_(None))
        return self._read(query.order_by(REQUESTS.c.id).limit(limit))

    def count_open(self, assignment: str) -> int:
        """Return how many requests wait for an answer."""
        waiting = _query().where(REQUESTS.c.assignment == column_text(assignment), ANSWERS.c.request.is_(None))
        with self._book.reading() as connection:
            return connection.scalar(select(func.count()).select_from(waiting.subquery())) or 0

    def _read(self, query: Select[Any]) -> list[StudentRequest]:
        with self._book.reading() as connection:
            return [_as_request(row) for row in connection.execute(query)]


def open_requests(connection: Connection, request: StudentRequest, *, same_mistake: bool) -> list[StudentRequest]:
    """Return a request if it waits for an answer, in an open transaction; with `same_mistake`, all that do with it.

    They are locked first, and read then: PostgreSQL would read what was there before the lock.
    """
    wanted = REQUESTS.c.mistake == request.mistake if same_mistake else REQUESTS.c.id == request.number
    those = (REQUESTS.c.assignment == column_text(request.assignment), wanted)
    connection.execute(select(REQUESTS.c.id).where(*those).order_by(REQUESTS.c.id).with_for_update()).all()
    query = _query().where(*those, ANSWERS.c.request.is_(None)).order_by(REQUESTS.c.id)
    return [_as_request(row) for row in connection.execute(query)]


def add_answers(
    connection: Connection, requests: Iterable[StudentRequest], text: str, who: str, adjustments: Mapping[str, int]
) -> None:
    """Answer requests, in an open transaction. The database refuses a second answer to a request.

    :param adjustments: student -> number of the adjustment that came with the answer
    """
    for request in requests:
        row = {"request": request.number, "text": column_text(text), "who": column_text(who), "at": utc_now()}
        connection.execute(insert(ANSWERS), {**row, "adjustment": adjustments.get(request.student)})
        target = f"{request.assignment} {request.student} {request.question} {request.case}"
        record_change(connection, who, "answer request", target, before=request.text, after=text)


def _query() -> Select[Any]:
    """Return the query for requests with their answers."""
    answer = [column.label(f"answer_{column.name}") for column in ANSWERS.c["text", "who", "at", "adjustment"]]
    return select(REQUESTS, *answer).outerjoin(ANSWERS, ANSWERS.c.request == REQUESTS.c.id)


def _as_request(row: Row[Any]) -> StudentRequest:
    """Return the request in a row of `_query`."""
    *values, text, who, at, adjustment = tuple(row)
    fields: dict[str, Any] = dict(zip(StudentRequest.__struct_fields__[:-1], values, strict=True))
    return StudentRequest(**fields, answer=RequestAnswer(text, who, at, adjustment) if at is not None else None)
