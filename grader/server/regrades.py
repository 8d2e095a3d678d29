"""Regrades for the API and the pages: start them, show what they change, confirm or discard a preview."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Literal

import msgspec
from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from grader._util.wording import format_number
from grader.gradebook.attempts import Attempt, State
from grader.gradebook.final_changes import FinalChange
from grader.gradebook.regrade_grades import LaterGrade, RegradedGrade, attempts_to_regrade, regraded_grades
from grader.gradebook.regraded import Kept, Regrade, RegradedAttempt
from grader.gradebook.regrades import RegradeRefused, Regrades
from grader.gradebook.roster import Person
from grader.gradebook.store import Gradebook
from grader.gradebook.written_text import MAX_WRITTEN, TextRefused
from grader.models import Status
from grader.server.portal import Course, Portal
from grader.server.printed import PrintedTexts

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

    lower: bool = Field(False, description="whether final grades may drop")
    reason: str = Field("", max_length=MAX_WRITTEN, description="for the students whose score changes; may be empty")


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
    """Final grade of a student before and after a regrade of their submissions, as it would be now."""

    before: str = Field(description="16.2 / 20, or a state such as rejected")
    after: str
    by: float = Field(description="change in points")
    adjusted: bool = Field(description="whether a person has adjusted the student's grade")
    flagged: list[str] = Field(description="why a person should look at an adjustment again")
    drops: bool = Field(description="whether it is fewer points, or a smaller share of the maximum")


class LaterDifference(BaseModel):
    """Final grade for an assignment due later, which changes because other late days of a shared budget are left."""

    assignment: str
    final: FinalDifference | None = Field(description="null under blind marking: it could say who the student is")
    drops: bool


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
    lower: bool = Field(
        description="whether the automatic score drops, or would if the preview is confirmed; final.drops says whether "
        "the grade does"
    )
    kept: str | None = Field(description="why the preview doesn't replace the result, as a sentence")
    reasons: list[str] = Field(description="of a preview: other reasons than the questions")
    questions: list[QuestionDifference] = Field(description="of a preview")
    final: FinalDifference | None = Field(description="null if the result stays as it was")
    later: list[LaterDifference] = Field(description="other final grades of the student that change")

    @property
    def drops(self) -> bool:
        """Return whether a final grade drops, or would."""
        return (self.final is not None and self.final.drops) or any(each.drops for each in self.later)

    @property
    def grade_says_more(self) -> bool:
        """Return whether the final grade isn't the automatic score."""
        scores = ((self.before, self.max_before), (self.after, self.max_after))
        plain = [f"{format_number(score)} / {format_number(most)}" for score, most in scores if score and most]
        final = self.final
        return final is not None and (final.adjusted or [final.before, final.after] != plain)


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
    reason: str = Field(description="that the students read whose score has changed")
    outdated: bool = Field(description="whether the preview was graded by another version of the assignment than now")
    lower: int = Field(description="number of automatic scores that drop, or would")
    drops: int = Field(
        description="number of final grades that drop, or would, for this assignment and those due later: then only "
        "`lower` confirms the preview"
    )
    changes: list[RegradeChange]


def start_regrade(
    portal: Portal, course: Course, who: Person, students: Collection[str] | None, *, preview: bool
) -> str:
    """Queue again what the grades of students depend on, and return the regrade's id.

    :param students: ids as they are shown; None for everybody
    Raises HTTPException 404 for a student who isn't in the roster.
    """
    name = course.assignment.name
    naming = portal.view(name).naming
    found = {student: naming.find(student) for student in students or ()}
    if unknown := sorted(id for id, person in found.items() if person is None or person.role != "student"):
        raise HTTPException(404, f"There is no student {unknown[0]} in the roster.")
    chosen = None if students is None else {person.id for person in found.values() if person}
    numbers = attempts_to_regrade(portal.book, name, chosen)
    return keep_regrade(portal, name, who, portal.queue.numbered(numbers), preview=preview)


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
    naming = portal.view(course.assignment.name).naming
    regrade = find_regrade(portal, course, id)
    digest = course.dispatcher.basis.assignment_digest
    return describe_regrade(portal.book, regrade, naming.numbered, digest, blind=naming.blind)


def describe_regrade(
    book: Gradebook,
    regrade: Regrade,
    people: Callable[[Iterable[int]], Mapping[int, Person]],
    digest: str,
    *,
    blind: bool = False,
) -> RegradeDiff:
    """Return what a regrade has changed, or would change.

    :param people: returns people by their numbers, as they may be shown
    :param digest: of the assignment as it is now
    :param blind: whether nothing may be shown that names a file
    """
    found = Regrades(book).attempts(regrade)
    shown = people(one.person for one in found)
    grades = regraded_grades(book, regrade, found)
    return RegradeDiff(
        id=regrade.public_id,
        preview=regrade.state != "direct",
        state=_progress(regrade, found),
        done=all(one.ended for one in found),
        who=regrade.who,
        started=regrade.started,
        ended=regrade.ended,
        ended_by=regrade.ended_by,
        reason=regrade.reason,
        outdated=any(one.assignment_digest not in ("", digest) for one in found),
        lower=sum(one.lower for one in found),
        drops=sum(each.drops for each in grades.values()),
        changes=sorted(
            (_as_change(one, shown[one.person].id, grades.get(one.person), blind) for one in found),
            key=lambda change: change.student,
        ),
    )


def find_regrade(portal: Portal, course: Course, id: str) -> Regrade:
    """Return a regrade of an assignment. Raises HTTPException 404."""
    regrade = portal.regrades.get(course.assignment.name, id)
    if regrade is None:
        raise HTTPException(404, MISSING)
    return regrade


def confirm_regrade(portal: Portal, course: Course, id: str, who: Person, wanted: RegradeConfirmation) -> None:
    """Make the results of a preview count. Raises HTTPException 404, 409 and 422; then nothing was changed."""
    find_regrade(portal, course, id)
    try:
        name = course.assignment.name
        found = portal.regrades.confirm(name, id, who.id, lower=wanted.lower, reason=wanted.reason)
    except RegradeRefused as problem:
        raise HTTPException(409, str(problem)) from None
    except TextRefused as problem:
        raise HTTPException(422, f"{problem}.") from None
    replaced = [one.public_id for one in found if one.kept is None]
    PrintedTexts(portal.data.printed).confirm(id, replaced)
    portal.live.publish(*replaced, course.assignment.name)


def discard_regrade(portal: Portal, course: Course, id: str, who: Person) -> None:
    """Delete a preview. Raises HTTPException 404, and 409 if it was confirmed or discarded before."""
    find_regrade(portal, course, id)
    try:
        portal.regrades.discard(course.assignment.name, id, who.id)
    except RegradeRefused as problem:
        raise HTTPException(409, str(problem)) from None
    PrintedTexts(portal.data.printed).discard(id)
    portal.live.publish(course.assignment.name)


def _progress(regrade: Regrade, found: Collection[RegradedAttempt]) -> Progress:
    if regrade.state in ("confirmed", "discarded"):
        return regrade.state
    if not all(one.ended for one in found):
        return "grading"
    return "done" if regrade.state == "direct" else "ready"


def _as_change(one: RegradedAttempt, student: str, grade: RegradedGrade | None, blind: bool) -> RegradeChange:
    questions = msgspec.to_builtins(one.change.questions) if one.change else []
    reasons = list(one.change.reasons) if one.change else []
    if blind:  # why a file is rejected may name it
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
        final=_as_difference(grade.final) if grade and one.changed else None,
        later=[_as_later(each, blind) for each in grade.later] if grade and one.changed else [],
    )


def _as_difference(final: FinalChange) -> FinalDifference:
    return FinalDifference.model_validate(msgspec.to_builtins(final))


def _as_later(grade: LaterGrade, blind: bool) -> LaterDifference:
    final = None if blind else _as_difference(grade.final)
    return LaterDifference(assignment=grade.assignment, final=final, drops=grade.final.drops)
