"""Pages of a regrade: what changes, and for a preview the buttons that confirm or discard it. For instructors."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from grader.server.auth import Sight, TheCourse, TheInstructor, ThePortal, Viewer, check_csrf, is_still
from grader.server.live import Look
from grader.server.pages import SEE_OTHER, report_response, stream
from grader.server.people_pages import checked
from grader.server.portal import Course, Portal
from grader.server.regrades import RegradeConfirmation, confirm_regrade, discard_regrade, find_regrade, read_regrade
from grader.server.templating import render

router = APIRouter(include_in_schema=False, prefix="/assignments/{name}/regrades/{id}")
Csrf = Annotated[str, Form()]
PAGES = {"report.html": ".html", "report.notebook.html": ".notebook.html"}  # by the names that they link to each other


@router.get("")
def regrade_page(
    id: str, request: Request, course: TheCourse, portal: ThePortal, viewer: TheInstructor
) -> HTMLResponse:
    """Show what a regrade has changed, or would change."""
    state = look_at_regrade(portal, course, id).text  # before the rest is read: the page is made anew then
    return render(request, "regrade.html", viewer, course=course, state=state, diff=read_regrade(portal, course, id))


@router.get("/events")
def regrade_events(id: str, request: Request, course: TheCourse, portal: ThePortal, viewer: TheInstructor) -> Response:
    """Send an event whenever more is graded."""
    find_regrade(portal, course, id)

    def now() -> Look:
        if not is_still(viewer, request):
            return Look("gone", True)
        return look_at_regrade(portal, course, id)

    return stream(portal, viewer, course.assignment.name, now)


@router.get("/before/{submission}/{page}")
def report_before(
    id: str, submission: str, page: str, course: TheCourse, portal: ThePortal, viewer: TheInstructor
) -> Response:
    """Show the report of a submission as it was before the regrade."""
    return _report(portal, course, viewer, id, submission, page, 0)


@router.get("/after/{submission}/{page}")
def report_after(
    id: str, submission: str, page: str, course: TheCourse, portal: ThePortal, viewer: TheInstructor
) -> Response:
    """Show the report of a submission that the regrade made, as the student will read it."""
    return _report(portal, course, viewer, id, submission, page, 1)


def _report(portal: Portal, course: Course, viewer: Viewer, id: str, submission: str, page: str, side: int) -> Response:
    """Return a page of the report before (0) or after (1) a regrade. Raises HTTPException 404."""
    regrade = find_regrade(portal, course, id)
    found = next((one for one in portal.regrades.attempts(regrade) if one.public_id == submission), None)
    attempt = portal.queue.get(submission) if found else None
    owner = portal.roster.get(attempt.person) if attempt else None
    report = portal.regrades.reports(regrade, found)[side] if found else None
    if found is None or attempt is None or owner is None or report is None or page not in PAGES:
        raise HTTPException(404, "There is no such report.")
    result = (found.result_before, found.result_after)[side]
    result = -regrade.number if result is None else result  # a page is kept for each result; a preview's has no number
    named = msgspec.structs.replace(attempt, result=result)
    seen = portal.view(course.assignment.name).see(named, report, viewer.person, owner)
    assert seen, "instructors see everything"
    return report_response(portal, viewer, Sight(named, seen.student, seen), PAGES[page])


def look_at_regrade(portal: Portal, course: Course, id: str) -> Look:
    """Return what the page of a regrade shows, as a text that differs whenever it does. Raises HTTPException 404."""
    regrade = find_regrade(portal, course, id)
    remaining = portal.regrades.remaining(regrade)
    return Look(msgspec.json.encode({"regrade": regrade.state, "remaining": remaining}).decode(), remaining == 0)


@router.post("/confirm")
def confirm(
    id: str,
    request: Request,
    course: TheCourse,
    portal: ThePortal,
    viewer: TheInstructor,
    csrf: Csrf = "",
    lower: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Make the results of a preview count."""
    check_csrf(request, viewer, csrf)
    confirm_regrade(portal, course, id, viewer.person, checked(RegradeConfirmation, lower=bool(lower), reason=reason))
    return _to_page(course, id)


@router.post("/discard")
def discard(
    id: str, request: Request, course: TheCourse, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = ""
) -> Response:
    """Delete a preview."""
    check_csrf(request, viewer, csrf)
    discard_regrade(portal, course, id, viewer.person)
    return _to_page(course, id)


def _to_page(course: Course, id: str) -> Response:
    return RedirectResponse(f"/assignments/{quote(course.assignment.name)}/regrades/{quote(id)}", SEE_OTHER)
