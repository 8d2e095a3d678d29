"""Who is asking: a session cookie, or a Bearer token. FastAPI resolves these dependencies.

A session begins with a personal link, or with the header of a reverse proxy where people have logged in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import Depends, Form, HTTPException, Request, Response

from grader.gradebook.attempts import Attempt
from grader.gradebook.roster import Person
from grader.gradebook.score_changes import score_changes
from grader.gradebook.sessions import LIFETIME
from grader.policies.compare import StudentRecord
from grader.server import csrf
from grader.server.lti.cookies import FRAME_COOKIE, set_frame_cookie
from grader.server.portal import Course, Portal
from grader.server.visible import AssignmentView, Visible, is_staff

COOKIE = "grader-session"
SECURE_COOKIE = "__Host-grader-session"  # browsers accept it from HTTPS alone, and from no other host
SAFE_METHODS = ("GET", "HEAD")
MAX_TOKEN = 100  # characters
MAX_LOGIN = 320
UNKNOWN = "There is no such submission."
LINK_NEEDED = "Open your personal link first, or the link in your learning platform."


class Viewer(NamedTuple):
    """Who is asking. `session` is the token of the session; empty with a Bearer token."""

    person: Person
    session: str

    @property
    def csrf(self) -> str:
        """Return the token for the forms of the session; empty without a session, whose forms need none."""
        return csrf.csrf_token(self.session) if self.session else ""


def portal_of(request: Request) -> Portal:
    """Return the portal of the application."""
    portal: Portal = request.app.state.portal
    return portal


async def the_portal(request: Request) -> Portal:
    """Return the portal of the application. FastAPI would call a plain function in a thread, which takes longer."""
    return portal_of(request)


def viewer_of(request: Request) -> Viewer:
    """Return who is asking. Raises HTTPException 401 if nobody known is."""
    portal, login = portal_of(request), login_of(request)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    person: Person | None = None
    session = ""
    if kind.lower() == "bearer":
        person = portal.roster.by_token(token.strip()[:MAX_TOKEN])
        if person is None and not login:  # else the header may be for the proxy, which passes it on
            raise HTTPException(401, "The token isn't valid, or was revoked.", {"WWW-Authenticate": "Bearer"})
    if person is None and (session := session_of(request)):
        person = portal.sessions.person(session, datetime.now(UTC))
        if person and login and portal.roster.by_login(login) != person:
            person = None  # somebody else has logged in at the proxy meanwhile
    if person is None:
        raise HTTPException(401, LINK_NEEDED, {"WWW-Authenticate": "Bearer"})
    request.state.person = person.id  # for the access log
    if session and session == request.cookies.get(FRAME_COOKIE):
        request.state.frame_origins = portal.lti.origins()
    return Viewer(person, session)


def is_still(viewer: Viewer, request: Request) -> bool:
    """Return whether who asks may go on reading: the link, session, role and login are those of the beginning."""
    try:
        return viewer_of(request) == viewer
    except HTTPException:
        return False


def session_of(request: Request) -> str:
    """Return the token of the browser's session; empty if it has none. That of a platform's frame is first."""
    cookies = request.cookies
    return (cookies.get(FRAME_COOKIE) or cookies.get(cookie_name(request)) or "")[:MAX_TOKEN]


def login_of(request: Request) -> str:
    """Return who has logged in at the reverse proxy; empty if nobody has, or none is trusted."""
    name = portal_of(request).settings.login_header
    given = request.headers.getlist(name) if name else []
    return given[0].strip()[:MAX_LOGIN] if len(given) == 1 else ""


TheViewer = Annotated[Viewer, Depends(viewer_of)]
ThePortal = Annotated[Portal, Depends(the_portal)]


async def staff_of(viewer: TheViewer) -> Viewer:
    """Return who is asking. Raises HTTPException 403 for students."""
    if not is_staff(viewer.person):
        raise HTTPException(403, "This is for assistants and instructors.")
    return viewer


async def instructor_of(viewer: TheViewer) -> Viewer:
    """Return who is asking. Raises HTTPException 403 if it is no instructor."""
    if viewer.person.role != "instructor":
        raise HTTPException(403, "This is for instructors.")
    return viewer


TheStaff = Annotated[Viewer, Depends(staff_of)]
TheInstructor = Annotated[Viewer, Depends(instructor_of)]


async def course_of(name: str, portal: ThePortal, viewer: TheViewer) -> Course:
    """Return an assignment of the portal, for somebody who is known. Raises HTTPException 404."""
    course = portal.courses.get(name)
    if course is None:
        raise HTTPException(404, "There is no such assignment.")
    return course


TheCourse = Annotated[Course, Depends(course_of)]


class Sight(NamedTuple):
    """An attempt, whose it is as far as the viewer may know, and what the viewer may see of it."""

    attempt: Attempt
    owner: Person
    seen: Visible
    record: StudentRecord | None = None  # what the owner's grade depends on; None before there is a result


def glance(id: str, portal: Portal, viewer: Viewer) -> tuple[Attempt, Visible]:
    """Return an attempt and what the viewer may see of it, without its report, which takes longer to read.

    Raises HTTPException 404 if it isn't theirs or doesn't exist.
    """
    attempt, owner, view, seen = _see(id, portal, viewer)
    if seen.score is None:  # as for all who wait: they ask often
        return attempt, seen
    worth = portal.worths(attempt.assignment, [owner]).get(attempt.number)
    return attempt, view.see(attempt, None, viewer.person, owner, worth) or seen


def sight_of(id: str, portal: ThePortal, viewer: TheViewer) -> Sight:
    """Return an attempt as the viewer may see it. Raises HTTPException 404 if it isn't theirs or doesn't exist."""
    attempt, owner, view, seen = _see(id, portal, viewer)  # before the report is read
    if attempt.result is None:
        return Sight(attempt, seen.student, seen)
    record = portal.record(attempt.assignment, owner.id)
    worth = portal.worth(attempt, owner, record) if seen.score is not None else None
    changes = score_changes(portal.book, attempt.assignment, [attempt]).get(attempt.number, ())
    found = view.see(attempt, portal.report(attempt, record), viewer.person, owner, worth, changes)
    assert found, "it doesn't depend on the report"
    return Sight(attempt, found.student, found, record)


def _see(id: str, portal: Portal, viewer: Viewer) -> tuple[Attempt, Person, AssignmentView, Visible]:
    """Return an attempt, whose it is, what decides who sees what, and what the viewer may see of it without its report.

    Raises HTTPException 404.
    """
    attempt = portal.queue.get(id[:MAX_TOKEN])
    if attempt is None or attempt.assignment not in portal.courses:
        raise HTTPException(404, UNKNOWN)
    own = attempt.person == viewer.person.number
    owner = viewer.person if own else portal.roster.get(attempt.person)
    view = portal.view(attempt.assignment)
    seen = view.see(attempt, None, viewer.person, owner) if owner else None
    if owner is None or seen is None:
        raise HTTPException(404, UNKNOWN)
    return attempt, owner, view, seen


TheSight = Annotated[Sight, Depends(sight_of)]


def check_csrf(request: Request, viewer: Viewer, given: object) -> None:
    """Raise HTTPException 403 if a cookie came with a request that isn't from a page of the portal.

    A Bearer token needs no such check: no other site can make a browser send one.

    :param given: the field of the form, if there is one
    """
    if not viewer.session:
        return
    token = request.headers.get(csrf.HEADER, "") or (given if isinstance(given, str) else "")
    if not csrf.is_valid(viewer.session, token):
        raise HTTPException(403, csrf.OUT_OF_DATE)


def check_form(request: Request, viewer: TheViewer, given: Annotated[str, Form(alias="csrf")] = "") -> None:
    """Check the token of a form, for routes that depend on it. Raises HTTPException 403."""
    check_csrf(request, viewer, given)


def is_secure(request: Request) -> bool:
    """Return whether the browser speaks HTTPS: with the server, or with the reverse proxy of the public address."""
    return request.url.scheme == "https" or portal_of(request).settings.url.startswith("https://")


def cookie_name(request: Request) -> str:
    """Return the name of the session cookie.

    It has the port of the address: browsers send a host's cookies to all its ports, and another course may be there.
    """
    name = SECURE_COOKIE if is_secure(request) else COOKIE
    port = urlsplit(portal_of(request).settings.url).port
    return f"{name}-{port}" if port else name


def set_cookie(request: Request, response: Response, session: str) -> None:
    """Give the browser the token of a new session."""
    response.set_cookie(
        cookie_name(request),
        session,
        max_age=int(LIFETIME.total_seconds()),
        secure=is_secure(request),
        httponly=True,
        samesite="lax",  # links from mails and learning platforms arrive with the session
    )
    if FRAME_COOKIE in request.cookies:  # in a browser that doesn't keep it apart for each site: it would be first
        set_frame_cookie(response, FRAME_COOKIE, "", 0)


def drop_cookie(request: Request, response: Response) -> None:
    """Make the browser forget the session."""
    response.delete_cookie(cookie_name(request), secure=is_secure(request), httponly=True, samesite="lax")
    set_frame_cookie(response, FRAME_COOKIE, "", 0)
