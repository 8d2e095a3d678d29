"""Records of a regrade: the attempts that are graded again, each before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, select

from grader.gradebook.attempts import State
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.points import Points
from grader.gradebook.run_diff import StudentChange
from grader.gradebook.schema import ATTEMPTS, REGRADE_ITEMS

RegradeState = Literal["direct", "preview", "confirmed", "discarded"]
Kept = Literal["grader error", "being graded", "another result"]  # why a preview doesn't replace a result

ENDED = ("graded", "rejected", "review")


class Regrade(msgspec.Struct, frozen=True):
    """One regrade. Times are UTC, ISO 8601."""

    number: int
    public_id: str  # random; for addresses
    assignment: str
    who: str
    started: str
    state: RegradeState
    ended: str | None  # when a preview was confirmed or discarded
    ended_by: str | None
    reason: str = ""  # for the students whose score it changed


class RegradedAttempt(msgspec.Struct, frozen=True):
    """One attempt of a regrade, before and after."""

    number: int  # Attempt.number
    public_id: str
    person: int  # Person.number
    state: State  # of the shadow in a preview, of the attempt in a direct regrade
    before: Points | None  # None if there was no score that a student could see
    after: Points | None  # None as long as there is none, and after a grader error
    change: StudentChange | None  # question by question; for previews
    result_before: int | None  # number of its result when the regrade began
    result_after: int | None  # number of the one that replaced it; None for a preview before it is confirmed
    kept: Kept | None  # why the result before stays
    assignment_digest: str  # what the preview was graded with; empty before it was, and for a direct regrade

    @property
    def ended(self) -> bool:
        """Return whether the attempt is graded again."""
        return self.state in ENDED

    @property
    def changed(self) -> bool:
        """Return whether the attempt was graded again with another outcome."""
        return self.change is not None or (self.after is not None and self.after != self.before)

    @property
    def lower(self) -> bool:
        """Return whether the automatic score is lower than before, or would be if the preview is confirmed."""
        return bool(self.kept is None and self.before and self.after and self.after.is_below(self.before))


def read_items(connection: Connection, regrade: int) -> Sequence[Row[Any]]:
    """Return the items of a regrade with their attempts as they are now, and the states of their shadows."""
    shadows = ATTEMPTS.alias()
    now = ATTEMPTS.c["state", "result", "score", "max_score"]
    query = select(
        REGRADE_ITEMS,
        *ATTEMPTS.c["public_id", "person"],
        *(column.label(f"now_{column.name}") for column in now),
        shadows.c.state.label("shadow_state"),
    )
    query = query.join(ATTEMPTS, ATTEMPTS.c.id == REGRADE_ITEMS.c.attempt)
    query = query.outerjoin(shadows, shadows.c.id == REGRADE_ITEMS.c.shadow)
    query = query.where(REGRADE_ITEMS.c.regrade == regrade).order_by(REGRADE_ITEMS.c.attempt)
    return connection.execute(query).all()


def as_regraded(row: Row[Any], regrade: Regrade) -> RegradedAttempt:
    """Return an item of a regrade from a row of `read_items`."""
    if regrade.state == "direct":
        graded = row.now_result != row.before and row.now_state != "review"
        state, after, kept = row.now_state, _points(row.now_score, row.now_max_score) if graded else None, None
        result = row.now_result if graded else None
    else:
        state, result = row.shadow_state or row.state or "queued", row.after
        after = None if row.state in (None, "review") else _points(row.score, row.max_score)
        kept = _why_kept(row) if regrade.state == "preview" else row.kept
    return RegradedAttempt(
        number=row.attempt,
        public_id=row.public_id,
        person=row.person,
        state=state,
        before=_points(row.score_before, row.max_before),
        after=after,
        change=msgspec.json.decode(row.change, type=StudentChange) if row.change else None,
        result_before=row.before,
        result_after=result,
        kept=kept,
        assignment_digest=msgspec.json.decode(row.basis, type=RunFingerprint).assignment_digest if row.basis else "",
    )


def _why_kept(row: Row[Any]) -> Kept | None:
    """Return why the result of a preview must not replace the attempt's; None if it may."""
    if row.now_state not in ENDED:
        return "being graded"
    if row.now_result != row.before:
        return "another result"
    return "grader error" if row.state == "review" else None


def _points(score: float | None, max_score: float | None) -> Points | None:
    return None if score is None or max_score is None else Points(score, max_score)
