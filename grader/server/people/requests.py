"""Requests of students to look at a case again, and their answers, for the API and the pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from fastapi import HTTPException
from pydantic import BaseModel, Field

from grader.gradebook.adjustments import add_adjustment
from grader.gradebook.attempts import Attempt
from grader.gradebook.errors import GradebookError
from grader.gradebook.graded_reports import counting_report, counting_reports
from grader.gradebook.report_places import Change, new_adjustment
from grader.gradebook.requests import RequestRefused, StudentRequest, add_answers, open_requests
from grader.gradebook.written_text import MAX_WRITTEN, check_text
from grader.models import ScoreReport
from grader.policies.corrections import holding
from grader.reports.mistakes import mistake_at
from grader.server.people.desk import (
    Desk,
    Difference,
    Name,
    Points,
    Strict,
    Text,
    Verdict,
    refused,
)


class NewRequest(Strict):
    """A student's request to look at a case again."""

    question: Name
    case: Name
    text: Text


class NewAnswer(Strict):
    """Answer to a request, with points for the case if it was right.

    With `everybody`, it answers all open requests about the same mistake, and whoever made the mistake gets the points.
    """

    text: Text
    points: Points | None = None
    by: Difference | None = None
    verdict: Verdict | None = None
    reason: Annotated[str, Field(max_length=MAX_WRITTEN)] = Field("", description="for the staff, of the points")
    everybody: bool = True


class RequestRow(BaseModel):
    """A request, and its answer."""

    id: str
    student: str
    submission: str = Field(description="whose report the student read")
    question: str
    case: str
    mistake: str = Field(description="equal for all whose answers show the same mistake")
    text: str
    at: str = Field(description="UTC, ISO 8601")
    state: Literal["open", "answered"]
    answer: str | None
    answered_by: str | None
    answered_at: str | None
    adjustment: int | None = Field(description="number of the adjustment that came with the answer")


class AnswerResult(BaseModel):
    """Whom an answer reached."""

    answered: list[str] = Field(description="ids of the requests")
    adjusted: list[str] = Field(description="students who got the points")
    kept: list[str] = Field(description="students with the mistake who have an adjustment there already, which stays")


def list_requests(desk: Desk, limit: int, after: int = 0, *, only_open: bool = False) -> list[StudentRequest]:
    """Return everybody's requests, oldest first; of a student, their own."""
    if desk.person.role == "student":
        found = desk.portal.requests.of_student(desk.assignment, desk.person.id)
        return [one for one in found if not (only_open and one.answer)][:limit]
    return desk.portal.requests.of_assignment(desk.assignment, limit, after=after, only_open=only_open)


def request_rows(desk: Desk, found: Iterable[StudentRequest]) -> list[RequestRow]:
    """Return requests as the person at the desk may see them."""
    own = desk.person.role == "student"
    naming = desk.naming
    return [
        RequestRow(
            id=one.id,
            student=one.student if own else naming.id(one.student),
            submission=one.submission,
            question=one.question,
            case=one.case,
            mistake=one.mistake,
            text=one.text,
            at=one.at,
            state="answered" if one.answer else "open",
            answer=one.answer.text if one.answer else None,
            answered_by=one.answer.who if one.answer else None,
            answered_at=one.answer.at if one.answer else None,
            adjustment=one.answer.adjustment if one.answer else None,
        )
        for one in found
    ]


def ask_course(desk: Desk, attempt: Attempt, report: ScoreReport | None, wanted: NewRequest) -> StudentRequest:
    """Store a student's request about a case of their report.

    :param report: as the student may see it
    Raises HTTPException 404 if the report has no such case that lost points, 409 and 422.
    """
    mistake = mistake_at(report, wanted.question, wanted.case) if report else None
    if mistake is None or attempt.result is None:
        raise HTTPException(404, "Your report has no such case with a loss that you could ask about.")
    place = (wanted.question, wanted.case)
    try:
        made = desk.portal.requests.add(
            desk.assignment, desk.person.id, *place, mistake, attempt.public_id, attempt.result, wanted.text
        )
    except GradebookError as problem:
        raise refused(problem) from None
    desk.changed()
    return made


def find_request(desk: Desk, id: str) -> StudentRequest:
    """Return a request by its id; a student finds their own alone. Raises HTTPException 404."""
    found = desk.portal.requests.get(desk.assignment, id[:100])
    if found is None or (desk.person.role == "student" and found.student != desk.person.id):
        raise HTTPException(404, "There is no such request.")
    return found


def same_mistake(desk: Desk, request: StudentRequest) -> list[tuple[str, ScoreReport]]:
    """Return the students whose counting report shows the mistake of a request, with it but for its other questions."""
    found = []
    for report in counting_reports(desk.portal.book, desk.assignment):
        if mistake_at(report, request.question, request.case) == request.mistake:
            questions = tuple(each for each in report.questions if each.name == request.question)
            found.append((report.student, msgspec.structs.replace(report, questions=questions)))
    return found


def answer(desk: Desk, request: StudentRequest, wanted: NewAnswer) -> AnswerResult:
    """Answer a request, and all others about the same mistake unless the answer says otherwise, in one transaction.

    If the answer comes with points, whoever made the mistake gets them; without, only those who asked read it. A
    student who has an adjustment at the case already keeps it. Raises HTTPException 404, 409 and 422.
    """
    change = Change(wanted.points, wanted.by, wanted.verdict)
    given = any(each is not None for each in change)
    affected = same_mistake(desk, request) if given and wanted.everybody else []
    if given and request.student not in dict(affected):
        report = counting_report(desk.portal.book, desk.assignment, request.student)
        affected += [(request.student, report)] if report else []
    naming, book = desk.naming, desk.portal.book
    place = (request.question, request.case)
    reason = wanted.reason.strip() or f"answer to request {request.id}"
    try:
        text = check_text("answer", wanted.text)
        drafts = {
            student: new_adjustment(report, desk.person.id, change, text, reason, *place)
            for student, report in affected
        }
        adjusted: dict[str, int] = {}
        with book.writing(durable=True) as connection:
            found = open_requests(connection, request, same_mistake=wanted.everybody)
            if request.id not in {one.id for one in found}:
                raise RequestRefused("this request was answered before")
            before = desk.portal.adjustments.of_assignment(desk.assignment)
            for student, draft in drafts.items():
                if not any((one.question, one.case) == place for one in holding(before.get(student, ()))):
                    adjusted[student] = add_adjustment(connection, desk.assignment, student, draft).number
            add_answers(connection, found, text, desk.person.id, adjusted)
    except GradebookError as problem:
        raise refused(problem) from None
    desk.changed()
    kept = sorted(naming.id(student) for student in drafts.keys() - adjusted.keys())
    return AnswerResult(answered=[one.id for one in found], adjusted=sorted(map(naming.id, adjusted)), kept=kept)
