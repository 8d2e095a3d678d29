"""Adjustments, extensions, requests and releases for the API and the pages, with names as the viewer may know them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

import msgspec
from fastapi import HTTPException
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from grader.gradebook.adjustments import AdjustmentRefused, add_adjustment
from grader.gradebook.attempts import Attempt
from grader.gradebook.counting_reports import counting_report, counting_reports
from grader.gradebook.course_lists import announced_grades
from grader.gradebook.errors import GradebookError
from grader.gradebook.extensions import ExtensionRefused
from grader.gradebook.releases import WHOLE
from grader.gradebook.report_places import Change, NoSuchPlace, new_adjustment
from grader.gradebook.requests import RequestRefused, StudentRequest, add_answers, open_requests
from grader.gradebook.roster import Person
from grader.gradebook.written_text import MAX_WRITTEN, TextRefused, check_text
from grader.models import ScoreReport
from grader.policies import Adjustment, Extension
from grader.policies.corrections import holding
from grader.policies.policy import MAX_DAYS, MAX_POINTS
from grader.reports.mistakes import mistake_at
from grader.server.limits import MAX_EXTENDED
from grader.server.naming import Naming
from grader.server.portal import Course, Portal

Name = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=MAX_WRITTEN)]
Points = Annotated[float, Field(ge=0, le=MAX_POINTS, allow_inf_nan=False)]
Difference = Annotated[float, Field(ge=-MAX_POINTS, le=MAX_POINTS, allow_inf_nan=False)]
Verdict = Literal["passed", "failed"]


class Strict(BaseModel):
    """Body of a request, whose unknown fields are errors."""

    model_config = ConfigDict(extra="forbid")


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


class Withdrawal(Strict):
    """Why an adjustment or an extension no longer holds."""

    reason: Text


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


class NewExtension(Strict):
    """A later due date for students: a date, or days behind the due date of the class."""

    students: Annotated[list[Name], Field(min_length=1, max_length=MAX_EXTENDED)]
    until: AwareDatetime | None = None
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


class NewRelease(Strict):
    """Release of the results of a question, or of everything."""

    question: Name = WHOLE


class ReleaseRow(BaseModel):
    """A release: students see the results since then."""

    question: str = Field(description="empty: everything")
    who: str
    at: str = Field(description="UTC, ISO 8601")


class Desk(NamedTuple):
    """An assignment of the portal, and who works on it."""

    portal: Portal
    course: Course
    person: Person

    @property
    def assignment(self) -> str:
        """Return the name of the assignment."""
        return self.course.assignment.name

    @property
    def naming(self) -> Naming:
        """Return the names of students as they may be known now."""
        return self.portal.view(self.assignment).naming

    def changed(self) -> None:
        """Wake the pages that show the assignment."""
        self.portal.live.publish(self.assignment)


def refused(problem: GradebookError) -> HTTPException:
    """Return the answer to a request that the gradebook refused. Raises other errors again."""
    if isinstance(problem, NoSuchPlace):
        return HTTPException(404, sentence(problem))
    if isinstance(problem, TextRefused):
        return HTTPException(422, sentence(problem))
    if isinstance(problem, AdjustmentRefused | ExtensionRefused | RequestRefused):
        return HTTPException(409, sentence(problem))
    raise problem


def sentence(problem: GradebookError) -> str:
    """Return an error as a sentence."""
    text = str(problem)
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(("?", ".")) else ".")


def shown_student(naming: Naming, shown: str) -> Person:
    """Return a student by the id that is shown. Raises HTTPException 404."""
    person = naming.find(shown)
    if person is None or person.role != "student":
        raise HTTPException(404, f"There is no student {shown[:100]} in the roster.")
    return person


# ---- adjustments


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


# ---- extensions


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


# ---- requests


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


# ---- releases


def list_releases(desk: Desk) -> list[ReleaseRow]:
    """Return the releases, oldest first."""
    return [
        ReleaseRow(question=one.question, who=one.who, at=one.at)
        for one in desk.portal.releases.of_assignment(desk.assignment)
    ]


def release_results(desk: Desk, question: str) -> list[ReleaseRow]:
    """Release the results of a question, or of everything. Raises HTTPException 404 if there is no such question."""
    if question and question not in desk.course.assignment.question_names:
        raise HTTPException(404, f"The assignment has no question {question[:100]}.")
    announced = () if question else announced_grades(desk.portal.book, desk.assignment)
    desk.portal.releases.add(desk.assignment, question, desk.person.id, announced)
    desk.changed()
    return list_releases(desk)
