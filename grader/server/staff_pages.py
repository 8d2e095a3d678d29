"""Pages of assistants and instructors: the class, the queue, every attempt, uploads, switches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from grader.errors import GraderError, UserError
from grader.gradebook.attempts import Attempt, QueueCounts
from grader.gradebook.roster import MAX_ID
from grader.reports import PER_CLASS
from grader.server.api import grade_rows, unavailable
from grader.server.auth import TheCourse, TheInstructor, ThePortal, TheSight, TheStaff, check_csrf, is_still
from grader.server.class_upload import hand_in_class
from grader.server.limits import CLASS_EVENT_SECONDS, PAGE_ROWS
from grader.server.live import Look
from grader.server.metrics import workers_alive
from grader.server.pages import SEE_OTHER, stream
from grader.server.portal import Course, Portal
from grader.server.regrades import keep_regrade, start_regrade
from grader.server.report_pages import in_portal
from grader.server.templating import Before, asset_url, portal_templates, render
from grader.server.upload import read_form, the_file
from grader.submissions.limits import MAX_CLASS_ZIP

router = APIRouter(include_in_schema=False)
Csrf = Annotated[str, Form()]
After = Annotated[str, Query(max_length=MAX_ID)]  # id of the last student on the page before
Student = Annotated[str, Query(max_length=MAX_ID)]  # id of a student as it is shown; empty for everybody


class ClassState(msgspec.Struct, frozen=True):
    """What the pages of a class show, which differs whenever they do."""

    paused: bool
    states: dict[str, int]  # state -> number of attempts

    @property
    def text(self) -> str:
        """Return it as JSON, for pages that wait for another one."""
        return msgspec.json.encode(self).decode()


@router.get("/assignments/{name}/class")
def the_class(course: TheCourse, portal: ThePortal, viewer: TheStaff) -> Response:
    """Show the class: scores, known mistakes, questions, students."""
    name = course.assignment.name
    state = class_state(portal, name, portal.queue.counts())  # before: what comes meanwhile makes the page anew
    page = portal.class_pages.page(name)
    template = portal_templates().get_template("class_navigation.html")
    script = Markup(
        '<script src="{}" data-events="{}" data-reload="4" data-first="{}" data-page="{}" defer></script>\n'
    )
    events = f"/assignments/{quote(name)}/events"
    scripts = script.format(asset_url("portal.js"), events, state.text, page.version)
    fitted = in_portal(page.content, Markup(template.render(course=course, viewer=viewer)), scripts)
    return HTMLResponse(fitted.content, headers={"Content-Security-Policy": fitted.policy})


@router.get("/assignments/{name}/scores.csv")
def scores(course: TheCourse, portal: ThePortal, viewer: TheStaff) -> Response:
    """Return the table of scores, as `grader grade` writes it."""
    content = PER_CLASS["scores.csv"](portal.reports(course.assignment.name))
    return Response(content, media_type="text/csv; charset=utf-8")


@router.get("/assignments/{name}/queue")
def queue(request: Request, course: TheCourse, portal: ThePortal, viewer: TheStaff) -> HTMLResponse:
    """Show who waits, what is being graded, and for how long."""
    name = course.assignment.name
    counts = portal.queue.counts()
    state = class_state(portal, name, counts)
    running, waiting = portal.queue.running(name, PAGE_ROWS), portal.queue.waiting(name, PAGE_ROWS)
    return render(
        request,
        "queue.html",
        viewer,
        course=course,
        state=state.text,
        people=portal.view(name).naming.numbered(attempt.person for attempt in (*running, *waiting)),
        running=running,
        waiting=waiting,
        total=counts.states.get((name, "queued"), 0),
        dispatcher=course.dispatcher,
        workers=course.dispatcher.workers or workers_alive(portal.queue, name),
        pace=portal.pace(name),
        paused=portal.paused,
        now=datetime.now(UTC),
        seconds_graded=seconds_graded,
        seconds_waited=seconds_waited,
    )


@router.get("/assignments/{name}/attempts")
def attempts(
    request: Request,
    course: TheCourse,
    portal: ThePortal,
    viewer: TheStaff,
    before: Before = None,
    student: Student = "",
) -> HTMLResponse:
    """List every attempt, or those of a student by their id as it is shown, newest first."""
    name = course.assignment.name
    view = portal.view(name)
    person = view.naming.find(student) if student else None
    if student and person is None:
        raise HTTPException(404, "There is no such student in the roster.")
    if person:
        found = portal.queue.of_person(person.number, name, PAGE_ROWS, before)
    else:
        found = portal.queue.newest(name, PAGE_ROWS, before)
    owners = portal.roster.numbered(attempt.person for attempt in found)
    worths = portal.worths(name, owners.values())
    return render(
        request,
        "attempts.html",
        viewer,
        course=course,
        student=student,
        people={number: view.naming.person(person) for number, person in owners.items()},
        rows=[
            (each, view.see(each, None, viewer.person, owners[each.person], worths.get(each.number))) for each in found
        ],
        older=found[-1].number if len(found) == PAGE_ROWS else None,
    )


@router.get("/assignments/{name}/students")
def students(
    request: Request, course: TheCourse, portal: ThePortal, viewer: TheStaff, after: After = ""
) -> HTMLResponse:
    """List the students of the roster with their grade and number of attempts."""
    rows = grade_rows(portal, course, PAGE_ROWS, after)
    return render(
        request,
        "students.html",
        viewer,
        course=course,
        grades=rows,
        after=after,
        more=rows[-1].student if len(rows) == PAGE_ROWS else None,
        previews=portal.regrades.open_previews(course.assignment.name, PAGE_ROWS),
    )


@router.get("/assignments/{name}/students/{id}")
def newest_of(id: str, course: TheCourse, portal: ThePortal, viewer: TheStaff) -> Response:
    """Go to the newest attempt of a student."""
    person = portal.view(course.assignment.name).naming.find(id)
    found = portal.queue.of_person(person.number, course.assignment.name, 1) if person else []
    if not found:
        raise HTTPException(404, "This student has handed in nothing.")
    return RedirectResponse(f"/submissions/{found[0].public_id}", SEE_OTHER)


@router.get("/assignments/{name}/events")
async def class_events(request: Request, course: TheCourse, portal: ThePortal, viewer: TheStaff) -> Response:
    """Send an event whenever something has changed."""
    name = course.assignment.name

    def now() -> Look:
        if not is_still(viewer, request):
            return Look("gone", True)
        state = msgspec.structs.asdict(class_state(portal, name, portal.queue.counts()))
        event = {"page": portal.class_pages.shown(name), **state}  # of this server alone, unlike the rest
        return Look(msgspec.json.encode(event).decode(), False)

    return stream(portal, viewer, name, now, CLASS_EVENT_SECONDS)


def class_state(portal: Portal, assignment: str, counts: QueueCounts) -> ClassState:
    """Return what the pages of a class show."""
    states = {state: number for (name, state), number in counts.states.items() if name == assignment}
    return ClassState(portal.paused, dict(sorted(states.items())))


@router.post("/assignments/{name}/class-upload")
async def upload_class(request: Request, course: TheCourse, portal: ThePortal, viewer: TheInstructor) -> Response:
    """Hand in a whole class from a zip."""
    form = await read_form(request, MAX_CLASS_ZIP, viewer.csrf)
    try:
        check_csrf(request, viewer, form.get("csrf"))
        file = the_file(form)
        result = await run_in_threadpool(hand_in_class, portal, course, file.filename or "", file.file)
    except UserError as problem:
        raise HTTPException(400, f"The class can't be read: {problem}.") from None
    except GraderError as problem:
        raise unavailable(portal, problem) from None
    finally:
        await form.close()
    return render(request, "class_upload.html", viewer, 503 if result.stopped else 200, course=course, result=result)


@router.post("/assignments/{name}/pause")
def pause_grading(
    request: Request, course: TheCourse, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = ""
) -> Response:
    """Pause grading. What is being graded goes on; files are accepted all the same."""
    check_csrf(request, viewer, csrf)
    portal.pause(True, viewer.person.id)
    return _to(course, "queue")


@router.post("/assignments/{name}/resume")
def resume_grading(
    request: Request, course: TheCourse, portal: ThePortal, viewer: TheInstructor, csrf: Csrf = ""
) -> Response:
    """Go on with grading."""
    check_csrf(request, viewer, csrf)
    portal.pause(False, viewer.person.id)
    return _to(course, "queue")


@router.post("/assignments/{name}/regrades")
def regrade_many(
    request: Request,
    course: TheCourse,
    portal: ThePortal,
    viewer: TheInstructor,
    csrf: Csrf = "",
    student: Annotated[list[str] | None, Form()] = None,
    everybody: Annotated[str, Form()] = "",
    at_once: Annotated[str, Form()] = "",
) -> Response:
    """Grade the newest attempt of each chosen student again, as a preview; of all students if the form says so."""
    check_csrf(request, viewer, csrf)
    if not student and everybody != "yes":
        raise HTTPException(400, "Nobody was chosen, so nothing is graded again. Go back and choose students.")
    return _to(course, f"regrades/{start_regrade(portal, course, viewer.person, student, preview=not at_once)}")


@router.post("/submissions/{id}/regrade")
def regrade_one(
    request: Request,
    sight: TheSight,
    portal: ThePortal,
    viewer: TheInstructor,
    csrf: Csrf = "",
    at_once: Annotated[str, Form()] = "",
) -> Response:
    """Grade one attempt again, as a preview."""
    check_csrf(request, viewer, csrf)
    name = sight.attempt.assignment
    id = keep_regrade(portal, name, viewer.person, [sight.attempt], preview=not at_once)
    if at_once:
        return RedirectResponse(f"/submissions/{sight.attempt.public_id}", SEE_OTHER)
    return _to(portal.courses[name], f"regrades/{id}")


def seconds_graded(attempt: Attempt, now: datetime) -> str:
    """Return the seconds since a worker took an attempt."""
    return _seconds(attempt.started or attempt.received, now)


def seconds_waited(attempt: Attempt, now: datetime) -> str:
    """Return the seconds since an attempt was received; a dash for a regrade, which waits since it was asked for."""
    return "\N{EN DASH}" if attempt.priority else _seconds(attempt.received, now)


def _seconds(since: str, now: datetime) -> str:
    return f"{max(0.0, (now - datetime.fromisoformat(since)).total_seconds()):.0f}"


def _to(course: Course, page: str) -> Response:
    return RedirectResponse(f"/assignments/{quote(course.assignment.name)}/{page}", SEE_OTHER)
