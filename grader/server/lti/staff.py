"""Page of platforms, for instructors: addresses to paste, platforms, their courses, and scores that wait."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from grader.errors import GraderError
from grader.gradebook.lti_courses import LtiContext
from grader.server.auth import TheInstructor, ThePortal, check_csrf
from grader.server.lti.limits import OUTBOX_ROWS, REGISTRATION_SECONDS
from grader.server.lti.registration import addresses
from grader.server.portal import Portal
from grader.server.templating import render

router = APIRouter(include_in_schema=False, prefix="/lti")
Csrf = Annotated[str, Form()]
SEE_OTHER = 303


@router.get("")
def platforms_page(request: Request, portal: ThePortal, viewer: TheInstructor) -> HTMLResponse:
    """Show platforms, courses and the outbox."""
    tool = portal.lti
    return render(
        request,
        "lti.html",
        viewer,
        addresses=addresses(tool.url),
        platforms={platform.number: platform for platform in tool.platforms.all()},
        contexts=tool.courses.contexts(),
        rows=tool.outbox.rows(OUTBOX_ROWS),
        counts=tool.outbox.counts(),
        registration="",
    )


@router.post("/registrations")
def new_registration(request: Request, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = "") -> HTMLResponse:
    """Show a new registration link, which is valid once and for a day."""
    check_csrf(request, viewer, csrf)
    code = portal.lti.tickets.issue("registration", viewer.person.id, REGISTRATION_SECONDS)
    link = f"{portal.lti.url}/lti/register/{code}"
    title, text = (
        "Registration link",
        f"Paste it into the platform's tool registration. It works once, for a day: {link}",
    )
    return render(request, "message.html", viewer, title=title, text=text)


@router.post("/courses/{number}/accept")
def accept_course(number: int, request: Request, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = "") -> Response:
    """Let the people of a platform's course in."""
    check_csrf(request, viewer, csrf)
    portal.lti.courses.accept(_context(portal, number).number, viewer.person.id)
    return RedirectResponse("/lti", SEE_OTHER)


@router.post("/courses/{number}/refuse")
def refuse_course(number: int, request: Request, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = "") -> Response:
    """Let the people of a platform's course in no longer."""
    check_csrf(request, viewer, csrf)
    portal.lti.courses.accept(_context(portal, number).number, viewer.person.id, accepted=False)
    return RedirectResponse("/lti", SEE_OTHER)


@router.post("/courses/{number}/roster")
def load_course_roster(
    number: int, request: Request, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = ""
) -> HTMLResponse:
    """Load the people of a course from its platform."""
    check_csrf(request, viewer, csrf)
    context = _context(portal, number)
    try:
        count = portal.lti.load_roster(context, viewer.person.id)
    except GraderError as problem:
        raise HTTPException(503, f"The people of {context.entry.title} can't be loaded: {problem}.") from None
    text = f"{count} people of {context.entry.title} are in the roster. Nobody was deleted."
    return render(request, "message.html", viewer, title="Roster", text=text)


@router.post("/outbox/{number}/retry")
def retry_score(number: int, request: Request, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = "") -> Response:
    """Send a parked score again."""
    check_csrf(request, viewer, csrf)
    if not portal.lti.outbox.retry(number, viewer.person.id):
        raise HTTPException(404, "There is no such score, or it isn't parked.")
    return RedirectResponse("/lti", SEE_OTHER)


def _context(portal: Portal, number: int) -> LtiContext:
    context = portal.lti.courses.context(number) if 0 < number < 2**53 else None
    if context is None:
        raise HTTPException(404, "There is no such course.")
    return context
