"""What a reader may see. Every response about an attempt goes through `visible`, the one function that decides.

A student sees their own attempts: state, score, report, file, receipt. Assistants and instructors see everybody's, and
what the submission printed. What policies hide until a date (docs/portal.md) is decided here, too.
"""

from __future__ import annotations

import msgspec

from grader.gradebook.attempts import Attempt, State
from grader.gradebook.roster import Person
from grader.models import ScoreReport

STAFF = ("assistant", "instructor")


class Visible(msgspec.Struct, frozen=True):
    """What a reader may see of an attempt."""

    state: State
    report: ScoreReport | None  # None as long as there is none, or the reader may not see it
    score: float | None
    max_score: float | None
    original: bool  # whether the reader may have the file
    receipt: bool
    printed: bool  # whether the reader may see what it printed


def is_staff(person: Person) -> bool:
    """Return whether a person sees everybody's work."""
    return person.role in STAFF


def visible(attempt: Attempt, report: ScoreReport | None, reader: Person) -> Visible | None:
    """Return what a reader may see of an attempt; None if nothing, not even that it exists.

    A score that a grader error made isn't shown: nobody should take it for a grade. While an attempt is graded
    again, its earlier score and report stay.

    :param report: the newest report of the attempt, if the caller needs it
    """
    staff = is_staff(reader)
    if attempt.shadow_of is not None:  # a preview is nobody's submission
        return None
    if reader.revoked or not (staff or reader.number == attempt.person):
        return None
    scored = attempt.result is not None and attempt.state != "review"
    return Visible(
        state=attempt.state,
        report=report,
        score=attempt.score if scored else None,
        max_score=attempt.max_score if scored else None,
        original=True,
        receipt=True,
        printed=staff,
    )
