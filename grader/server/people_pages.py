"""Pages for people in the loop: requests and their answers, adjustments, extensions, and the release of results."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Literal, NamedTuple, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ValidationError

from grader.gradebook.grades import grades_of, students_to_review
from grader.gradebook.requests import StudentRequest
from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from grader.policies import Grade
from grader.policies.corrections import holding
from grader.policies.dates import latest_instant
from grader.reports.mistakes import find_case
from grader.server.api import check_rate
from grader.server.auth import TheInstructor, ThePortal, TheSight, TheStaff, TheViewer, check_form
from grader.server.limits import PAGE_ROWS
from grader.server.pages import SEE_OTHER
from grader.server.people.adjustments import NewAdjustment, adjust, withdraw_adjustment
from grader.server.people.desk import Desk, Number, TheDesk, Withdrawal
from grader.server.people.extensions import NewExtension, check_year, extend, list_extensions, withdraw_extension
from grader.server.people.releases import list_releases, release_results
from grader.server.people.requests import (
    NewAnswer,
    NewRequest,
    answer,
    ask_course,
    find_request,
    list_requests,
    same_mistake,
)
from grader.server.portal import Course
from grader.server.templating import render

router = APIRouter(include_in_schema=False)
forms = APIRouter(include_in_schema=False, dependencies=[Depends(check_form)])  # each form has the session's token
Line = Annotated[str, Form(max_length=500)]
Words = Annotated[str, Form(max_length=10_000)]  # the models have the real limits, and say them
How = Literal["none", "by", "points", "passed", "failed"]
TheHow = Annotated[How, Form()]
Model = TypeVar("Model", bound=BaseModel)


class Group(NamedTuple):
    """Open requests about one mistake."""

    requests: list[StudentRequest]
    question: QuestionResult | None  # of the report that the first of them read
    case: CaseResult | None

    @property
    def first(self) -> StudentRequest:
        """Return the oldest of them."""
        return self.requests[0]


class Open(NamedTuple):
    """A student whose grade needs a person."""

    student: str  # as the viewer may know them
    grade: Grade
    reasons: list[str]


@router.get("/assignments/{name}/review")
def review_page(request: Request, desk: TheDesk, viewer: TheStaff) -> HTMLResponse:
    """Show what needs a person: requests by mistake, results to review, adjustments to look at again, the release."""
    return render(
        request,
        "review.html",
        viewer,
        course=desk.course,
        groups=_groups(desk),
        people=_open_grades(desk),
        shown_id=desk.naming.id,
        releases=list_releases(desk),
        disclosure=desk.portal.view(desk.assignment).disclosure,
        policy=desk.course.policy,
    )


@forms.post("/assignments/{name}/requests/{id}/answer")
def answer_by_form(
    id: str,
    request: Request,
    desk: TheDesk,
    viewer: TheStaff,
    text: Words = "",
    how: TheHow = "none",
    amount: Line = "",
    everybody: Line = "",
    confirmed: Line = "",
) -> Response:
    """Show whom an answer would reach; once that is confirmed, answer."""
    asked = find_request(desk, id)
    wanted = checked(NewAnswer, text=text, everybody=bool(everybody), **_change(how, amount))
    values = {"course": desk.course, "asked": asked, "wanted": wanted, "how": how, "amount": amount}
    if not confirmed:
        return render(request, "answer.html", viewer, **values, **_reach(desk, asked, wanted, how))
    return render(request, "answered.html", viewer, **values, result=answer(desk, asked, wanted))


@router.get("/assignments/{name}/dates")
def dates_page(request: Request, desk: TheDesk, viewer: TheStaff) -> HTMLResponse:
    """Show the dates of an assignment, and students' own."""
    rows = list_extensions(desk)
    return render(request, "dates.html", viewer, course=desk.course, policy=desk.course.policy, rows=rows[::-1])


@forms.post("/assignments/{name}/extensions")
def give_extension(
    desk: TheDesk,
    viewer: TheInstructor,
    students: Words = "",
    until: Line = "",
    days: Line = "",
    reason: Words = "",
) -> Response:
    """Give students a later due date."""
    wanted = checked(
        NewExtension,
        students=students.replace(",", " ").split(),
        until=_local(until, desk.course) if until else None,
        days=days.strip() or None,
        reason=reason,
    )
    extend(desk, wanted)
    return _to(desk.course, "dates")


@forms.post("/assignments/{name}/extensions/{number}/withdraw")
def take_extension_back(
    number: Number,
    desk: TheDesk,
    viewer: TheInstructor,
    reason: Words = "",
) -> Response:
    """Withdraw an extension."""
    withdraw_extension(desk, number, checked(Withdrawal, reason=reason).reason)
    return _to(desk.course, "dates")


@forms.post("/assignments/{name}/releases")
def release_by_form(
    desk: TheDesk,
    viewer: TheInstructor,
    question: Line = "",
) -> Response:
    """Release the results of a question, or of everything."""
    release_results(desk, question)
    return _to(desk.course, "review")


@forms.post("/submissions/{id}/adjustments")
def adjust_here(
    sight: TheSight,
    portal: ThePortal,
    viewer: TheStaff,
    place: Line = "",
    how: TheHow = "by",
    amount: Line = "",
    comment: Words = "",
    reason: Words = "",
) -> Response:
    """Adjust the points of the student whose submission it is.

    :param place: QUESTION, or QUESTION/CASE; empty for the whole
    """
    question, _, case = place.partition("/")
    fields = {"question": question, "case": case, "comment": comment, "reason": reason, **_change(how, amount)}
    wanted = checked(NewAdjustment, student=sight.owner.id, **fields)
    adjust(Desk(portal, portal.courses[sight.attempt.assignment], viewer.person), wanted)
    return RedirectResponse(f"/submissions/{sight.attempt.public_id}#grade", SEE_OTHER)


@forms.post("/submissions/{id}/adjustments/{number}/withdraw")
def take_adjustment_back(
    number: Number,
    sight: TheSight,
    portal: ThePortal,
    viewer: TheStaff,
    reason: Words = "",
) -> Response:
    """Withdraw an adjustment."""
    desk = Desk(portal, portal.courses[sight.attempt.assignment], viewer.person)
    withdraw_adjustment(desk, number, checked(Withdrawal, reason=reason).reason)
    return RedirectResponse(f"/submissions/{sight.attempt.public_id}#grade", SEE_OTHER)


@router.get("/submissions/{id}/ask")
def ask_page(
    request: Request,
    sight: TheSight,
    portal: ThePortal,
    viewer: TheViewer,
    place: Annotated[str, Query(max_length=500)] = "",
) -> HTMLResponse:
    """Show the form in which a student asks the course to look at a result again."""
    _only_the_student(sight, viewer)
    course = portal.courses[sight.attempt.assignment]
    asked = list_requests(Desk(portal, course, viewer.person), PAGE_ROWS)
    places = list(lost_places(sight.seen.report)) if sight.seen.report else []
    return render(request, "ask.html", viewer, sight=sight, course=course, places=places, place=place, asked=asked)


@forms.post("/submissions/{id}/ask")
def ask_by_form(
    sight: TheSight,
    portal: ThePortal,
    viewer: TheViewer,
    place: Line = "",
    text: Words = "",
) -> Response:
    """Ask the course to look at a result again."""
    _only_the_student(sight, viewer)
    check_rate(portal.asked.take(viewer.person.number), "asked very often")
    question, _, case = place.partition("/")
    desk = Desk(portal, portal.courses[sight.attempt.assignment], viewer.person)
    ask_course(desk, sight.attempt, sight.seen.report, checked(NewRequest, question=question, case=case, text=text))
    return RedirectResponse(f"/submissions/{sight.attempt.public_id}#requests", SEE_OTHER)


def lost_places(report: ScoreReport) -> Iterable[tuple[str, str]]:
    """Yield the cases that lost points as (QUESTION/CASE, text for people)."""
    for question in report.questions:
        for case in question.cases:
            if case.status is not Status.PASSED:
                yield f"{question.name}/{case.name}", f"{question.name}: {case.title or case.name}"


def checked(model: type[Model], **fields: object) -> Model:
    """Return a record of the API from a form. Raises HTTPException 422 with what is wrong with the first bad field."""
    try:
        return model.model_validate(fields)
    except ValidationError as problem:
        error = problem.errors()[0]
        place = ".".join(map(str, error["loc"]))
        raise HTTPException(422, f"{place.capitalize()}: {error['msg']}. Go back and correct it.") from None


def _change(how: How, amount: str) -> dict[str, object]:
    """Return the fields of an adjustment that say what it changes."""
    if how in ("passed", "failed"):
        return {"verdict": how}
    return {} if how == "none" else {how: amount.strip().replace(",", ".")}


def _local(text: str, course: Course) -> datetime:
    """Return a time of a form, which is local to the zone of the policy, or UTC without one."""
    try:
        time = check_year(datetime.fromisoformat(text))
    except ValueError:
        raise HTTPException(422, f"{text[:50]} isn't a time; expected one such as 2026-12-01T23:59.") from None
    return time if time.tzinfo else latest_instant(time, ZoneInfo(course.policy.zone or "UTC"))


def _groups(desk: Desk) -> list[Group]:
    """Return the open requests by mistake, those with most requests first."""
    found = sorted(list_requests(desk, PAGE_ROWS, only_open=True), key=attrgetter("mistake", "number"))
    groups = []
    for _, requests in groupby(found, key=attrgetter("mistake")):
        rows = list(requests)
        attempt = desk.portal.queue.get(rows[0].submission)
        report = desk.portal.report(attempt) if attempt else None
        question, case = (report and find_case(report, rows[0].question, rows[0].case)) or (None, None)
        groups.append(Group(rows, question, case))
    return sorted(groups, key=lambda group: (-len(group.requests), group.first.number))


def _open_grades(desk: Desk) -> list[Open]:
    """Return the students whose grade needs a person, and why. At most PAGE_ROWS."""
    naming = desk.naming
    found = []
    book = desk.portal.book
    students = students_to_review(book, desk.assignment, PAGE_ROWS)
    for student, grade in grades_of(book, desk.assignment, students).items():
        reasons = [f"Adjustment {each.number}: {each.reason}." for each in grade.flagged]
        if grade.needs_review:
            reasons.insert(0, "A result isn't certain: the grader had a fault. Grade it again, or give a verdict.")
        if grade.state == "rejected":
            reasons.insert(0, "The file could not be read, so there is no grade.")
        if reasons:
            found.append(Open(naming.id(student), grade, reasons))
    return sorted(found, key=lambda row: row.student)[:PAGE_ROWS]


def _reach(desk: Desk, asked: StudentRequest, wanted: NewAnswer, how: How) -> dict[str, object]:
    """Return whom an answer would reach, for its preview."""
    waiting = list_requests(desk, PAGE_ROWS, only_open=True)
    mistake = asked.mistake if wanted.everybody else None
    answered = [one for one in waiting if one.mistake == mistake or one.number == asked.number]
    naming, place = desk.naming, (asked.question, asked.case)
    given = desk.portal.adjustments.of_assignment(desk.assignment)
    rows = []
    for student, report in same_mistake(desk, asked) if how != "none" else ():
        found = find_case(report, *place)
        kept = any((one.question, one.case) == place for one in holding(given.get(student, ())))
        if found and (wanted.everybody or student == asked.student):
            rows.append((naming.id(student), found[1], kept))
    return {"students": sorted({naming.id(one.student) for one in answered}), "rows": sorted(rows, key=lambda r: r[0])}


def _only_the_student(sight: TheSight, viewer: TheViewer) -> None:
    if viewer.person.number != sight.attempt.person or viewer.person.role != "student":
        raise HTTPException(403, "Only the student whose submission it is can ask.")


def _to(course: Course, page: str) -> Response:
    return RedirectResponse(f"/assignments/{quote(course.assignment.name)}/{page}", SEE_OTHER)
