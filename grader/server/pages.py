"""Pages of students: their assignments, a form to hand in, and each submission with its report."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from markupsafe import Markup
from starlette.background import BackgroundTask

from grader.gradebook.attempts import Attempt
from grader.gradebook.roster import Person
from grader.gradebook.score_changes import score_changes
from grader.reports.html.page_process import PageFailed
from grader.server.api import receive, standing
from grader.server.auth import (
    LINK_NEEDED,
    Sight,
    TheCourse,
    ThePortal,
    TheSight,
    TheViewer,
    Viewer,
    check_csrf,
    cookie_name,
    drop_cookie,
    is_still,
    login_of,
    portal_of,
    set_cookie,
)
from grader.server.downloads import SANDBOXED, disposition
from grader.server.estimate import seconds_until_look
from grader.server.grade_view import view_grade
from grader.server.limits import PAGE_ROWS, STREAM_POLL_SECONDS
from grader.server.live import Look
from grader.server.portal import Portal
from grader.server.report_pages import TooManyPages, in_portal
from grader.server.templating import Before, asset, portal_templates, render
from grader.server.visible import is_staff

router = APIRouter(include_in_schema=False)
SEE_OTHER = 303
DOWNLOAD = "application/octet-stream"
PLAIN = "text/plain; charset=utf-8"


@router.get("/static/{name}")
async def static(name: str, v: str = "") -> Response:
    """Return a style or script of the portal. In no thread: all of them may wait for a database that hangs."""
    try:
        found = asset(name)
    except KeyError:
        raise HTTPException(404, "There is no such file.") from None
    cache = "public, max-age=31536000, immutable" if v == found.version else "no-cache"
    return Response(found.content, media_type=found.type, headers={"Cache-Control": cache})


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """Say that there is no icon: browsers ask for one on each page."""
    return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})


@router.get("/link/{token}")
def open_link(token: str, request: Request, portal: ThePortal) -> Response:
    """Start a session for the person of a personal link, and go on to an address without the token."""
    person = portal.roster.by_token(token[:100])
    if person is None:
        raise HTTPException(401, "This link isn't valid any more. Ask your instructor for a new one.")
    return start_session(request, portal, person)


@router.get("/login")
def log_in(request: Request, portal: ThePortal) -> Response:
    """Start a session for the person who has logged in at the reverse proxy."""
    login = login_of(request)
    person = portal.roster.by_login(login) if login else None
    if person is None:
        known = f"The roster of the course has nobody with the login {login}. Ask your instructor." if login else ""
        raise HTTPException(401, known or LINK_NEEDED)
    return start_session(request, portal, person)


def start_session(request: Request, portal: Portal, person: Person) -> Response:
    """End the browser's session, start a new one for a person, and go on to the assignments."""
    if old := request.cookies.get(cookie_name(request)):
        portal.sessions.end(old[:100])
    response = RedirectResponse("/", SEE_OTHER)
    set_cookie(request, response, portal.sessions.start(person.number, datetime.now(UTC)))
    return response


@router.post("/logout")
def log_out(request: Request, portal: ThePortal, viewer: TheViewer, csrf: Annotated[str, Form()] = "") -> Response:
    """End the session."""
    check_csrf(request, viewer, csrf)
    portal.sessions.end(viewer.session)
    response = RedirectResponse("/goodbye", SEE_OTHER)
    drop_cookie(request, response)
    return response


@router.get("/goodbye")
def goodbye(request: Request) -> HTMLResponse:
    """Say that the session has ended."""
    return render(request, "message.html", None, title="Signed out", text="Your personal link signs you in again.")


@router.get("/")
def home(request: Request, portal: ThePortal, viewer: TheViewer) -> Response:
    """List the assignments, with what a student has for each; where there is only one, go to it."""
    if len(portal.courses) == 1:
        return RedirectResponse(f"/assignments/{quote(next(iter(portal.courses)))}", SEE_OTHER)
    me = viewer.person
    rows = [
        (course, None if is_staff(me) else view_grade(portal, name, portal.record(name, me.id), me))
        for name, course in portal.courses.items()
    ]
    return render(request, "home.html", viewer, rows=rows)


@router.get("/assignments/{name}")
def assignment(
    request: Request, course: TheCourse, portal: ThePortal, viewer: TheViewer, before: Before = None
) -> HTMLResponse:
    """Show an assignment: its files, the form to hand in, and the viewer's own submissions."""
    name = course.assignment.name
    view = portal.view(name)
    me = viewer.person
    attempts = portal.queue.of_person(me.number, name, PAGE_ROWS, before)
    grade_view = None if is_staff(me) else view_grade(portal, name, portal.record(name, me.id), me)
    worths = grade_view.worths if grade_view else {}
    changes = score_changes(portal.book, name, attempts)
    return render(
        request,
        "assignment.html",
        viewer,
        course=course,
        rows=[
            (one, view.see(one, None, me, me, worths.get(one.number), changes.get(one.number, ()))) for one in attempts
        ],
        grade_view=grade_view,
        withheld="" if is_staff(me) else view.disclosure.withheld,
        older=attempts[-1].number if len(attempts) == PAGE_ROWS else None,
        paused=portal.paused,
        attempts_left=portal.attempts_left(me, name),
    )


@router.post("/assignments/{name}/submissions")
async def hand_in(request: Request, course: TheCourse, portal: ThePortal, viewer: TheViewer) -> Response:
    """Hand in by the form, and go to the page of the submission."""
    attempt = await receive(request, course, portal, viewer)
    return RedirectResponse(f"/submissions/{attempt.public_id}", SEE_OTHER)


@router.get("/assignments/{name}/files.zip")
def files_zip(course: TheCourse) -> Response:
    """Return all files of the assignment for students."""
    return _download(course.handout.zipped, f"{course.assignment.name}.zip", "application/zip")


@router.get("/assignments/{name}/files/{path:path}")
def one_file(path: str, course: TheCourse) -> Response:
    """Return one file of the assignment for students."""
    content = course.handout.files.get(path)
    if content is None:
        raise HTTPException(404, "The assignment has no such file.")
    return _download(content, path.rpartition("/")[2])


@router.get("/submissions/{id}")
def submission_page(request: Request, sight: TheSight, portal: ThePortal, viewer: TheViewer) -> HTMLResponse:
    """Show a submission: its place in the queue, then its result."""
    state = standing(portal, sight.attempt, sight.seen)
    waits = sight.seen.state in ("queued", "grading")
    return render(
        request,
        "submission.html",
        viewer,
        sight=sight,
        course=portal.courses[sight.attempt.assignment],
        standing=state,
        reload_seconds=round(max(STREAM_POLL_SECONDS, seconds_until_look(state.estimate_seconds))),
        waits=waits,
        grade_view=None
        if waits or sight.record is None
        else view_grade(portal, sight.attempt.assignment, sight.record, viewer.person),
        paused=portal.paused,
    )


@router.get("/submissions/{id}/events")
async def submission_events(id: str, request: Request, viewer: TheViewer, sight: TheSight) -> Response:
    """Send an event whenever the submission has changed, as text for its page."""
    portal = portal_of(request)
    owner = await run_in_threadpool(portal.roster.get, sight.attempt.person)

    def now() -> Look:
        attempt = portal.queue.get(id)
        view = portal.view(sight.attempt.assignment)
        seen = view.see(attempt, None, viewer.person, owner) if attempt and owner else None
        if attempt is None or seen is None or not is_still(viewer, request):
            return Look("gone", True)
        state = standing(portal, attempt, seen)
        pause = max(STREAM_POLL_SECONDS, seconds_until_look(state.estimate_seconds))
        return Look(state.model_dump_json(), seen.state not in ("queued", "grading"), pause)

    return stream(portal, viewer, id, now)


def stream(portal: Portal, viewer: Viewer, topic: str, now: Callable[[], Look], pause: float = 0.0) -> Response:
    """Return a stream of server-sent events. Raises HTTPException 429 if the viewer has too many.

    :param pause: seconds between two events at least
    """
    if portal.live.full(viewer.person.number):
        raise HTTPException(429, "Too many pages are open. Close some.", {"Retry-After": "30"})

    async def read() -> Look:
        return await run_in_threadpool(now)

    events = portal.live.stream(viewer.person.number, topic, read, pause)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.get("/submissions/{id}/report.html")
def report_page(sight: TheSight, portal: ThePortal, viewer: TheViewer) -> Response:
    """Show the report."""
    return report_response(portal, viewer, sight, ".html")


@router.get("/submissions/{id}/report.notebook.html")
def notebook_page(sight: TheSight, portal: ThePortal, viewer: TheViewer) -> Response:
    """Show the submission with the feedback in it."""
    return report_response(portal, viewer, sight, ".notebook.html")


@router.get("/submissions/{id}/receipt")
def receipt(sight: TheSight) -> Response:
    """Return the signed receipt."""
    if not sight.seen.receipt:
        raise HTTPException(404, "There is no receipt.")
    name = f"receipt-{sight.attempt.public_id}.json"
    return _download(sight.attempt.receipt.encode() + b"\n", name, "application/json")


@router.get("/submissions/{id}/file")
def original(sight: TheSight, portal: ThePortal) -> Response:
    """Return the file as it was handed in."""
    if not sight.seen.original:
        raise HTTPException(404, "There is no file.")
    path = portal.data.files.path(sight.attempt.digest)
    try:
        stream = path.open("rb")
    except OSError as problem:
        raise HTTPException(503, f"The file can't be read now: {problem.strerror}.") from None
    return StreamingResponse(
        iter(lambda: stream.read(1 << 18), b""),
        media_type=DOWNLOAD,
        headers={**disposition(sight.seen.filename), "Content-Length": str(sight.attempt.size)},
        background=BackgroundTask(stream.close),
    )


@router.get("/submissions/{id}/printed")
def printed(sight: TheSight, portal: ThePortal) -> Response:
    """Return what the submission printed, to those who may see it."""
    if not sight.seen.printed:
        raise HTTPException(403, "This is for assistants and instructors.")
    text = portal.printed(sight.attempt) or "It printed nothing.\n"
    return Response(text.encode(), media_type=PLAIN, headers={"Content-Security-Policy": SANDBOXED})


def report_response(portal: Portal, viewer: Viewer, sight: Sight, suffix: str) -> Response:
    """Return a page of a report as the viewer may see it."""
    attempt, report = sight.attempt, sight.seen.report
    if report is None:
        return RedirectResponse(f"/submissions/{attempt.public_id}", SEE_OTHER)
    rules = portal.courses[attempt.assignment].rules
    try:
        own = viewer.person.number == attempt.person and viewer.person.role == "student"
        ask = f"/submissions/{attempt.public_id}/ask" if own else ""
        page = portal.pages.pages(attempt, report, sight.owner, rules, ask, reader=viewer.person.number)[suffix]
    except TooManyPages:
        sentence = "Too many of your reports are being made at a time. Try again in some seconds."
        raise HTTPException(429, sentence, {"Retry-After": "5"}) from None
    except PageFailed as problem:
        raise HTTPException(503, f"The page can't be rendered ({problem}); the report is there as JSON.") from None
    fitted = in_portal(page, navigation(attempt, viewer))
    return HTMLResponse(fitted.content, headers={"Content-Security-Policy": fitted.policy})


def navigation(attempt: Attempt, viewer: Viewer) -> Markup:
    """Return the links of a report's page back to the portal."""
    template = portal_templates().get_template("report_navigation.html")
    return Markup(template.render(attempt=attempt, staff=is_staff(viewer.person)))


def _download(content: bytes, name: str, kind: str = "") -> Response:
    guessed = kind or mimetypes.guess_type(name)[0] or DOWNLOAD
    safe = guessed if guessed in ("application/zip", "application/json") else DOWNLOAD
    return Response(content, media_type=safe, headers=disposition(name))
