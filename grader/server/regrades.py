"""Regrades for the API and the pages: start them, show what they change, confirm or discard a preview."""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import suppress
from typing import Literal

import msgspec
from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from grader._util import logs
from grader.gradebook.attempts import Attempt, State
from grader.gradebook.final_changes import FinalChange, FinalChanges
from grader.gradebook.regrades import Kept, Regrade, RegradedAttempt, RegradeRefused
from grader.gradebook.roster import Person
from grader.models import Status
from grader.server.limits import MAX_ROWS
from grader.server.naming import Naming
from grader.server.portal import Course, Portal

LOG = logging.getLogger("grader.server")
MISSING = "There is no such regrade."
KEPT: dict[Kept, str] = {
    "grader error": "The grader failed in this preview, so the result before stays.",
    "being graded": "This submission is being graded again, so its result stays.",
    "another result": "This submission was graded again after the preview had begun, so the newer result stays.",
}

Progress = Literal["grading", "ready", "confirmed", "discarded", "done"]


class RegradeId(BaseModel):
    """Regrade that was started."""

    id: str


class RegradeConfirmation(BaseModel):
    """Confirmation of a preview."""

    model_config = ConfigDict(extra="forbid")

    lower: bool = Field(False, description="whether scores may drop")


class CaseDifference(BaseModel):
    """A case whose status or points changed. null stands for a case that one of the two reports doesn't have."""

    name: str
    title: str
    before: Status | None
    after: Status | None
    points_before: float | None
    points_after: float | None
    message: str


class QuestionDifference(BaseModel):
    """A question whose points changed."""

    name: str
    before: float | None
    after: float | None
    cases: list[CaseDifference]


class FinalDifference(BaseModel):
    """Final grade of a student before and after a regrade of one of their submissions, as it would be now."""

    before: str = Field(description="16.2 / 20, or a state such as rejected")
    after: str
    by: float = Field(description="change in points")
    adjusted: bool = Field(description="whether a person has adjusted the student's grade")
    flagged: list[str] = Field(description="why a person should look at an adjustment again")


class RegradeChange(BaseModel):
    """One submission before and after a regrade. `after` is null until it is graded, and after a grader error."""

    student: str
    submission: str
    state: State
    before: float | None
    after: float | None
    max_before: float | None
    max_after: float | None
    changed: bool
    lower: bool = Field(description="whether the score drops, or would if the preview is confirmed")
    kept: str | None = Field(description="why the preview doesn't replace the result, as a sentence")
    reasons: list[str] = Field(description="of a preview: other reasons than the questions")
    questions: list[QuestionDifference] = Field(description="of a preview")
    final: FinalDifference | None = Field(description="null if neither a policy nor a person has a say in the grade")


class RegradeDiff(BaseModel):
    """What a regrade has changed so far, or would change if its preview is confirmed."""

    id: str
    preview: bool
    state: Progress = Field(description="ready: a preview that waits to be confirmed or discarded")
    done: bool
    who: str
    started: str = Field(description="UTC, ISO 8601")
    ended: str | None = Field(description="when the preview was confirmed or discarded")
    ended_by: str | None
    outdated: bool = Field(description="whether the assignment has changed since the preview graded")
    lower: int = Field(description="number of scores that drop, or would")
    changes: list[RegradeChange]


def start_regrade(
    portal: Portal, course: Course, who: Person, students: Collection[str] | None, *, preview: bool
) -> str:
    """Queue the newest attempts of students again, and return the regrade's id.

    :param students: ids as they are shown; None for everybody
    Raises HTTPException 404 for a student who isn't in the roster.
    """
    name = course.assignment.name
    naming = portal.view(name).naming
    rows = {naming.id(row.person.id): row.newest for row in portal.queue.standings(name, MAX_ROWS)}
    if unknown := sorted(set(students or ()) - rows.keys()):
        raise HTTPException(404, f"There is no student {unknown[0]} in the roster.")
    attempts = [newest for id, newest in rows.items() if newest and (students is None or id in students)]
    return keep_regrade(portal, name, who, attempts, preview=preview)


def keep_regrade(portal: Portal, assignment: str, who: Person, attempts: Collection[Attempt], *, preview: bool) -> str:
    """Queue attempts again, and return the id of the regrade. Of a preview, nobody sees anything until it is confirmed.

    Attempts that wait or are being graded are left out.
    """
    numbers = [attempt.number for attempt in attempts]
    regrade = portal.regrades.start(assignment, numbers, who.id, preview=preview)
    if preview:
        portal.courses[assignment].dispatcher.wake()
    else:
        portal.regrade(attempts, who.id)
    return regrade.public_id


def read_regrade(portal: Portal, course: Course, id: str) -> RegradeDiff:
    """Return what a regrade has changed, or would change. Raises HTTPException 404."""
    regrade = find_regrade(portal, course, id)
    found = portal.regrades.attempts(regrade)
    naming = portal.view(course.assignment.name).naming
    people = naming.numbered(one.person for one in found)
    digest = course.dispatcher.basis.assignment_digest
    finals = _final_changes(portal, regrade, found)
    return RegradeDiff(
        id=id,
        preview=regrade.state != "direct",
        state=_progress(regrade, found),
        done=all(one.ended for one in found),
        who=regrade.who,
        started=regrade.started,
        ended=regrade.ended,
        ended_by=regrade.ended_by,
        outdated=any(one.assignment_digest not in ("", digest) for one in found),
        lower=sum(one.lower for one in found),
        changes=sorted(
            (_as_change(one, people[one.person].id, finals.get(one.number), naming) for one in found),
            key=lambda change: change.student,
        ),
    )


def find_regrade(portal: Portal, course: Course, id: str) -> Regrade:
    """Return a regrade of an assignment. Raises HTTPException 404."""
    regrade = portal.regrades.get(course.assignment.name, id)
    if regrade is None:
        raise HTTPException(404, MISSING)
    return regrade


def confirm_regrade(portal: Portal, course: Course, id: str, who: Person, *, lower: bool) -> None:
    """Make the results of a preview count. Raises HTTPException 404 and 409; then nothing was changed."""
    find_regrade(portal, course, id)
    try:
        found = portal.regrades.confirm(course.assignment.name, id, who.id, lower=lower)
    except RegradeRefused as problem:
        raise HTTPException(409, str(problem)) from None
    for one in found:
        if one.kept is None:
            _keep_printed(portal, id, one.public_id)
            portal.live.publish(one.public_id)
    _forget(portal, course, id)


def discard_regrade(portal: Portal, course: Course, id: str, who: Person) -> None:
    """Delete a preview. Raises HTTPException 404, and 409 if it was confirmed or discarded before."""
    find_regrade(portal, course, id)
    try:
        portal.regrades.discard(course.assignment.name, id, who.id)
    except RegradeRefused as problem:
        raise HTTPException(409, str(problem)) from None
    _forget(portal, course, id)


def _keep_printed(portal: Portal, id: str, submission: str) -> None:
    """Replace what a submission printed by what it printed in a preview, which has the id of its shadow."""
    folder = portal.data.printed
    made, target = (folder / f"{name}.txt" for name in (f"{id}.{submission}", submission))
    try:
        if made.exists():
            made.replace(target)
        else:
            target.unlink(missing_ok=True)
    except OSError as problem:  # it is for reading only: the result counts
        logs.event(LOG, logging.WARNING, "printed text not kept", attempt=submission, why=problem.strerror)


def _forget(portal: Portal, course: Course, id: str) -> None:
    """Delete what submissions printed in a preview and isn't kept, and wake the pages that show the assignment."""
    for path in portal.data.printed.glob(f"{id}.*.txt"):
        with suppress(OSError):
            path.unlink()
    portal.live.publish(course.assignment.name)


def _progress(regrade: Regrade, found: Collection[RegradedAttempt]) -> Progress:
    if regrade.state in ("confirmed", "discarded"):
        return regrade.state
    if not all(one.ended for one in found):
        return "grading"
    return "done" if regrade.state == "direct" else "ready"


def _final_changes(portal: Portal, regrade: Regrade, found: Collection[RegradedAttempt]) -> dict[int, FinalChange]:
    """Return number of an attempt -> what the regrade does to the grade of its student, for attempts that change."""
    finals = FinalChanges(portal.book, regrade.assignment, portal.courses[regrade.assignment].policy)
    if not finals:
        return {}
    students = portal.roster.numbered(one.person for one in found if one.changed)
    owners = {one.number: students[one.person].id for one in found if one.changed}
    changes = (
        (number, finals.of_handin(owners[number], number, before, after))
        for number, before, after in portal.regrades.report_pairs(regrade, owners)
    )
    return {number: change for number, change in changes if change}


def _as_change(one: RegradedAttempt, student: str, final: FinalChange | None, naming: Naming) -> RegradeChange:
    questions = msgspec.to_builtins(one.change.questions) if one.change else []
    reasons = list(one.change.reasons) if one.change else []
    if naming.blind:  # why a file is rejected may name it
        reasons = [reason.partition(":")[0] for reason in reasons]
    return RegradeChange(
        student=student,
        submission=one.public_id,
        state=one.state,
        before=one.before.score if one.before else None,
        after=one.after.score if one.after else None,
        max_before=one.before.max_score if one.before else None,
        max_after=one.after.max_score if one.after else None,
        changed=one.changed,
        lower=one.lower,
        kept=KEPT[one.kept] if one.kept else None,
        reasons=reasons,
        questions=[QuestionDifference.model_validate(question) for question in questions],
        final=FinalDifference.model_validate(msgspec.to_builtins(final)) if final else None,
    )
