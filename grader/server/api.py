"""HTTP API, for programs: a Bearer token says who asks, and answers are JSON."""

from __future__ import annotations

from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile

from grader.errors import GraderError
from grader.gradebook.attempts import Attempt, Standing, State
from grader.gradebook.files import FileTooLarge
from grader.gradebook.grades import grades, grades_of
from grader.policies import Grade
from grader.reports import json as as_json
from grader.server.attempt_limit import NoAttemptLeft
from grader.server.auth import (
    TheCourse,
    TheInstructor,
    ThePortal,
    TheSight,
    TheViewer,
    Viewer,
    check_csrf,
    glance,
    viewer_of,
)
from grader.server.downloads import disposition, everything_zip
from grader.server.estimate import seconds_until_look
from grader.server.limits import ASK_SECONDS, MAX_ROWS, PAGE_ROWS
from grader.server.naming import Naming
from grader.server.portal import Course, Portal
from grader.server.regrades import (
    RegradeConfirmation,
    RegradeDiff,
    RegradeId,
    confirm_regrade,
    discard_regrade,
    read_regrade,
    start_regrade,
)
from grader.server.upload import read_form, the_file, too_large
from grader.server.visible import Visible
from grader.submissions.limits import MAX_SUBMISSION

# For OpenAPI alone: `viewer_of` reads the header.
BEARER = HTTPBearer(auto_error=False, description="The token at the end of a personal link.")

router = APIRouter(prefix="/api/v1", tags=["api"], dependencies=[Security(BEARER)])
JSON = "application/json"
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


class Problem(BaseModel):
    """Why a request wasn't carried out, as a sentence."""

    detail: str


class Accepted(BaseModel):
    """A submission that is stored and waits to be graded."""

    id: str
    student: str
    digest: str = Field(description="SHA-256 of the file, hexadecimal")
    received_at: str = Field(description="UTC, ISO 8601")
    receipt: str = Field(description="for `grader verify`")
    position: int = Field(description="place in the queue, from 1; 0 if it doesn't wait")
    estimate_seconds: float
    url: str = Field(description="page of the submission")


class SubmissionState(BaseModel):
    """State of a submission."""

    id: str
    state: State
    position: int
    estimate_seconds: float
    score: float | None = Field(description="automatic; null as long as there is none, or it is hidden")
    max_score: float | None
    withheld: str = Field(description="why results are hidden from the student now, as a sentence; empty if nothing is")
    worth: float | None = Field(
        description="points that it gives if it counts: the score with what the policy and people add and take off"
    )
    counts: bool = Field(description="whether the student's grade is made of it; false while results are hidden")
    changes: str = Field(description='why worth isn\'t the score, such as "10 % off for 1 day late"; empty if it is')


class FlagRow(BaseModel):
    """Adjustment that a person should look at again. It still counts."""

    number: int
    reason: str


class GradeRow(BaseModel):
    """Grade of one student."""

    student: str
    name: str
    auto: float | None = Field(description="score of the submission that counts")
    adjustments: float
    penalty: float
    final: float | None
    max_score: float | None
    attempts: int
    state: str = Field(description="of the newest submission; none if there is none")
    needs_review: bool = Field(description="whether a person must look at what could change the grade")
    flagged: list[FlagRow] = Field(description="adjustments beneath which the automatic result has changed")
    sentence: str = Field(description="how the grade comes about")


class RegradeRequest(BaseModel):
    """Which students are graded again. Without `students`, all are. A preview changes nothing until it is confirmed."""

    model_config = ConfigDict(extra="forbid")

    preview: bool = True
    students: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=MAX_ROWS)] | None = None


# As the model would be described. FastAPI prepares a model for each response of each route: 200 of them, in 0.1 s.
PROBLEM: dict[str, Any] = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    422: {"model": Problem},  # puts the schema into the document
    **{status: PROBLEM for status in (400, 401, 403, 404, 408, 413, 415, 429, 503)},
}
DECISION_PROBLEMS = {**PROBLEMS, 409: PROBLEM}


@router.post("/assignments/{name}/submissions", status_code=202, responses=PROBLEMS, openapi_extra=FORM)
async def hand_in(
    request: Request, response: Response, course: TheCourse, portal: ThePortal, viewer: TheViewer
) -> Accepted:
    """Hand in a file. The answer is sent when it is durable."""
    attempt = await receive(request, course, portal, viewer)
    try:
        position, estimate = await run_in_threadpool(portal.place, attempt)
    except GraderError:  # the database went away in the meantime: the attempt is durable, and this is its receipt
        position, estimate = 0, 0.0
    response.headers.update(ask_again(estimate))
    return Accepted(
        id=attempt.public_id,
        student=viewer.person.id,
        digest=attempt.digest,
        received_at=attempt.received,
        receipt=attempt.receipt,
        position=position,
        estimate_seconds=estimate,
        url=f"{portal.settings.url}/submissions/{attempt.public_id}",
    )


async def receive(request: Request, course: Course, portal: Portal, viewer: Viewer) -> Attempt:
    """Store the file of a form and queue it. Raises HTTPException."""
    name = course.assignment.name
    try:
        check_rate(portal.uploads.take(viewer.person.number), "handed in very often")
        form = await read_form(request, MAX_SUBMISSION, viewer.csrf)
        try:
            check_csrf(request, viewer, form.get("csrf"))
            file = the_file(form)
            check_rate(portal.bytes.take(viewer.person.number, file.size or 0), "handed in very much")
            attempt = await run_in_threadpool(store, portal, viewer, name, file)
        finally:
            await form.close()
    except HTTPException as problem:
        portal.metrics.uploads.labels(name, str(problem.status_code)).inc()
        raise
    portal.metrics.uploads.labels(name, "accepted").inc()
    return attempt


def check_rate(wait: int, how: str) -> None:
    """Raise HTTPException 429 if a person has to wait.

    :param wait: seconds; 0 if they needn't
    :param how: what they have done, such as "handed in very often"
    """
    if wait:
        unit = "second" if wait == 1 else "seconds"
        sentence = f"You have {how} in a short time. Try again in {wait} {unit}."
        raise HTTPException(429, sentence, {"Retry-After": str(wait), "Connection": "close"})


def store(portal: Portal, viewer: Viewer, assignment: str, file: UploadFile) -> Attempt:
    """Store an uploaded file and queue it. Raises HTTPException."""
    try:
        limited = viewer.person.role == "student"
        return portal.hand_in(viewer.person, assignment, file.filename or "", file.file, limited=limited)
    except NoAttemptLeft as problem:
        wait = {"Retry-After": str(problem.seconds)} if problem.seconds else {}
        raise HTTPException(429, str(problem), wait) from None
    except FileTooLarge:
        raise too_large(MAX_SUBMISSION) from None
    except GraderError as problem:
        raise unavailable(portal, problem) from None


def unavailable(portal: Portal, problem: GraderError) -> HTTPException:
    """Return the answer to a request that the store can't carry out now. Nothing was kept of it."""
    reason = portal.public_reason(str(problem))
    return HTTPException(503, f"This can't be stored now, so nothing was kept: {reason}.", {"Retry-After": "10"})


@router.get("/submissions/{id}", responses=PROBLEMS)
async def submission_state(id: str, request: Request, response: Response, portal: ThePortal) -> SubmissionState:
    """Return the state of a submission. While it waits for long, `Retry-After` says when to ask again."""

    def read() -> SubmissionState:
        return standing(portal, *glance(id, portal, viewer_of(request)))

    # Many who wait ask this again and again: one thread reads everything, where a dependency each would take three.
    state = await run_in_threadpool(read)
    response.headers.update(ask_again(state.estimate_seconds))
    return state


def ask_again(estimate: float) -> dict[str, str]:
    """Return the header that says when to ask for the state again; none if a program may ask at its own pace.

    :param estimate: seconds until the attempt is graded
    """
    seconds = round(seconds_until_look(estimate))
    return {"Retry-After": str(seconds)} if seconds > ASK_SECONDS else {}


def standing(portal: Portal, attempt: Attempt, seen: Visible) -> SubmissionState:
    """Return the state of an attempt, as its reader may see it."""
    position, estimate = portal.place(attempt)
    return SubmissionState(
        id=attempt.public_id,
        state=seen.state,
        position=position,
        estimate_seconds=estimate,
        score=seen.score,
        max_score=seen.max_score,
        withheld=seen.withheld,
        worth=seen.worth.points if seen.worth else None,
        counts=seen.worth is not None and seen.worth.counts,
        changes=seen.worth.changes if seen.worth else "",
    )


@router.get("/submissions/{id}/report", responses=DECISION_PROBLEMS)
def submission_report(sight: TheSight) -> Response:
    """Return the canonical report of a submission."""
    if sight.seen.report is None and sight.seen.withheld and sight.attempt.result is not None:
        raise HTTPException(403, sight.seen.rejection or sight.seen.withheld)
    if sight.seen.report is None:
        raise HTTPException(409, "There is no report yet: the submission isn't graded.", {"Retry-After": "1"})
    return Response(as_json.render(sight.seen.report), media_type=JSON)


@router.get("/assignments/{name}/grades", responses=PROBLEMS)
def class_grades(course: TheCourse, portal: ThePortal, viewer: TheInstructor) -> list[GradeRow]:
    """Return a row for each student of the roster."""
    return grade_rows(portal, course, MAX_ROWS)


def grade_rows(portal: Portal, course: Course, limit: int, after: str = "") -> list[GradeRow]:
    """Return the rows of students, sorted by their id as it is shown.

    :param after: return only students behind this id
    """
    name = course.assignment.name
    naming = portal.view(name).naming
    if naming.blind:  # the store sorts by the real ids
        shown = [(naming.person(row.person).id, row) for row in portal.queue.standings(name, MAX_ROWS)]
        found = [row for id, row in sorted(shown, key=itemgetter(0)) if id > after][:limit]
    else:
        found = portal.queue.standings(name, limit, after)
    ids = [row.person.id for row in found]
    decided = grades_of(portal.book, name, ids) if len(ids) <= PAGE_ROWS else dict(grades(portal.book, name))
    return [grade_row(naming, row, decided[row.person.id]) for row in found if row.person.id in decided]


def grade_row(naming: Naming, row: Standing, grade: Grade) -> GradeRow:
    """Return the row of a student. What a grader error left without a score has none."""
    shown = naming.person(row.person)
    scored = grade.state in ("graded", "rejected")
    return GradeRow(
        student=shown.id,
        name=shown.name,
        auto=grade.auto if scored else None,
        adjustments=grade.adjustments,
        penalty=grade.penalty,
        final=grade.final if scored else None,
        max_score=grade.max,
        attempts=row.attempts,
        state=row.newest.state if row.newest else "none",
        needs_review=grade.needs_review,
        flagged=[FlagRow(number=each.number, reason=each.reason) for each in grade.flagged],
        sentence=grade.sentence,
    )


@router.post("/assignments/{name}/regrades", status_code=202, responses=PROBLEMS)
def regrade(
    request: Request, wanted: RegradeRequest, course: TheCourse, portal: ThePortal, viewer: TheInstructor
) -> RegradeId:
    """Grade again what the grades of students depend on: the newest submission, and the one that counts.

    If the policy counts the best one, that is every submission. The reports that count stay until the new ones are
    there; with a preview until it is confirmed, and nobody but instructors sees it.
    """
    check_csrf(request, viewer, None)
    started = start_regrade(portal, course, viewer.person, wanted.students, preview=wanted.preview)
    return RegradeId(id=started)


@router.get("/assignments/{name}/regrades/{id}", responses=PROBLEMS)
def regrade_diff(id: str, course: TheCourse, portal: ThePortal, viewer: TheInstructor) -> RegradeDiff:
    """Return what a regrade has changed so far, or would change if its preview is confirmed."""
    return read_regrade(portal, course, id)


@router.post("/assignments/{name}/regrades/{id}/confirm", responses=DECISION_PROBLEMS)
def confirm_preview(
    id: str,
    request: Request,
    course: TheCourse,
    portal: ThePortal,
    viewer: TheInstructor,
    wanted: RegradeConfirmation | None = None,
) -> RegradeDiff:
    """Make the results of a preview count, all at once. If a final grade would drop, `lower` must say so."""
    check_csrf(request, viewer, None)
    confirm_regrade(portal, course, id, viewer.person, wanted or RegradeConfirmation(lower=False, reason=""))
    return read_regrade(portal, course, id)


@router.post("/assignments/{name}/regrades/{id}/discard", responses=DECISION_PROBLEMS)
def discard_preview(
    id: str, request: Request, course: TheCourse, portal: ThePortal, viewer: TheInstructor
) -> RegradeDiff:
    """Delete a preview, also while it runs."""
    check_csrf(request, viewer, None)
    discard_regrade(portal, course, id, viewer.person)
    return read_regrade(portal, course, id)


@router.get("/assignments/{name}/everything.zip", response_class=StreamingResponse, responses=PROBLEMS)
def everything(course: TheCourse, portal: ThePortal, viewer: TheInstructor) -> Response:
    """Return all files and reports of an assignment as a zip, which is made while it is sent."""
    headers = disposition(f"{course.assignment.name}-everything.zip")
    return StreamingResponse(
        everything_zip(portal, course, viewer.person), media_type="application/zip", headers=headers
    )
