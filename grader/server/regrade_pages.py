"""Pages of a regrade: what changes, and for a preview the buttons that confirm or discard it. For instructors."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from grader.server.auth import TheCourse, TheInstructor, ThePortal, check_csrf, is_still
from grader.server.live import Look
from grader.server.pages import SEE_OTHER, stream
from grader.server.portal import Course, Portal
from grader.server.regrades import confirm_regrade, discard_regrade, find_regrade, read_regrade
from grader.server.templating import render

router = APIRouter(include_in_schema=False, prefix="/assignments/{name}/regrades/{id}")
Csrf = Annotated[str, Form()]


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
) -> Response:
    """Make the results of a preview count."""
    check_csrf(request, viewer, csrf)
    confirm_regrade(portal, course, id, viewer.person, lower=bool(lower))
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
