"""HTTP API of adjustments, extensions, requests and releases."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request, Security

from grader.server.api import BEARER, DECISION_PROBLEMS, PROBLEMS, check_rate
from grader.server.auth import TheInstructor, ThePortal, TheSight, TheStaff, TheViewer, check_csrf
from grader.server.limits import PAGE_ROWS
from grader.server.people.adjustments import AdjustmentRow, NewAdjustment, adjust, list_adjustments, withdraw_adjustment
from grader.server.people.desk import Desk, Name, Number, TheDesk, Withdrawal
from grader.server.people.extensions import ExtensionRow, NewExtension, extend, list_extensions, withdraw_extension
from grader.server.people.releases import NewRelease, ReleaseRow, list_releases, release_results
from grader.server.people.requests import (
    AnswerResult,
    NewAnswer,
    NewRequest,
    RequestRow,
    answer,
    ask_course,
    find_request,
    list_requests,
    request_rows,
)


def checked_csrf(request: Request, viewer: TheViewer) -> None:
    """Raise HTTPException 403 if a cookie came with a request that isn't from a page of the portal."""
    if request.method not in ("GET", "HEAD"):
        check_csrf(request, viewer, None)


router = APIRouter(prefix="/api/v1", tags=["people"], dependencies=[Security(BEARER), Depends(checked_csrf)])
ASSIGNMENT = "/assignments/{name}"


@router.get(f"{ASSIGNMENT}/adjustments", responses=PROBLEMS)
def adjustments(desk: TheDesk, viewer: TheStaff, student: Name = "") -> list[AdjustmentRow]:
    """Return the adjustments of a student, or of everybody, oldest first."""
    return list_adjustments(desk, student)


@router.post(f"{ASSIGNMENT}/adjustments", status_code=201, responses=DECISION_PROBLEMS)
def add_one_adjustment(desk: TheDesk, viewer: TheStaff, wanted: NewAdjustment) -> AdjustmentRow:
    """Adjust the points of a student for a case, a question or the whole. It survives every regrade."""
    return adjust(desk, wanted)


@router.post(f"{ASSIGNMENT}/adjustments/{{number}}/withdraw", responses=DECISION_PROBLEMS)
def withdraw_one_adjustment(desk: TheDesk, viewer: TheStaff, number: Number, wanted: Withdrawal) -> list[AdjustmentRow]:
    """Withdraw an adjustment. It stays in the list, and no longer counts."""
    withdraw_adjustment(desk, number, wanted.reason)
    return list_adjustments(desk)


@router.get(f"{ASSIGNMENT}/extensions", responses=PROBLEMS)
def extensions(desk: TheDesk, viewer: TheStaff) -> list[ExtensionRow]:
    """Return everybody's extensions, oldest first."""
    return list_extensions(desk)


@router.post(f"{ASSIGNMENT}/extensions", status_code=201, responses=DECISION_PROBLEMS)
def add_extensions(desk: TheDesk, viewer: TheInstructor, wanted: NewExtension) -> list[ExtensionRow]:
    """Give students a later due date, all of them or none. It holds at once, without a regrade."""
    return extend(desk, wanted)


@router.post(f"{ASSIGNMENT}/extensions/{{number}}/withdraw", responses=DECISION_PROBLEMS)
def withdraw_one_extension(
    desk: TheDesk, viewer: TheInstructor, number: Number, wanted: Withdrawal
) -> list[ExtensionRow]:
    """Withdraw an extension. It stays in the list, and no longer counts."""
    withdraw_extension(desk, number, wanted.reason)
    return list_extensions(desk)


@router.post("/submissions/{id}/requests", status_code=201, responses=DECISION_PROBLEMS)
def add_request(sight: TheSight, portal: ThePortal, viewer: TheViewer, wanted: NewRequest) -> RequestRow:
    """Ask the course to look at a case of one's own report again."""
    if viewer.person.number != sight.attempt.person or viewer.person.role != "student":
        raise HTTPException(403, "Only the student whose submission it is can ask.")
    check_rate(portal.asked.take(viewer.person.number), "asked very often")
    desk = Desk(portal, portal.courses[sight.attempt.assignment], viewer.person)
    return request_rows(desk, [ask_course(desk, sight.attempt, sight.seen.report, wanted)])[0]


@router.get(f"{ASSIGNMENT}/requests", responses=PROBLEMS)
def requests(desk: TheDesk, open: bool = False, after: str = "") -> list[RequestRow]:
    """Return requests, oldest first, at most 200: everybody's for the staff, one's own for a student.

    With `open`, only those that wait for an answer; with `after`, those behind the request with this id.
    """
    behind = find_request(desk, after).number if after else 0
    return request_rows(desk, list_requests(desk, PAGE_ROWS, behind, only_open=open))


@router.post(f"{ASSIGNMENT}/requests/{{id}}/answer", responses=DECISION_PROBLEMS)
def answer_request(desk: TheDesk, viewer: TheStaff, id: str, wanted: NewAnswer) -> AnswerResult:
    """Answer a request, once: for everybody whose answers show the same mistake, or for the one student."""
    return answer(desk, find_request(desk, id), wanted)


@router.get(f"{ASSIGNMENT}/releases", responses=PROBLEMS)
def releases(desk: TheDesk) -> list[ReleaseRow]:
    """Return what was released."""
    return list_releases(desk)


@router.post(f"{ASSIGNMENT}/releases", responses=DECISION_PROBLEMS)
def add_release(desk: TheDesk, viewer: TheInstructor, wanted: NewRelease) -> list[ReleaseRow]:
    """Release the results of a question, or of everything, with the names of a blind marking. It can't be undone."""
    return release_results(desk, wanted.question)
