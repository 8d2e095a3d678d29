"""Places of a report that an adjustment can be for: a case, a question or the whole."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from grader._util.escaping import one_line
from grader._util.wording import format_number, join_with_and
from grader.gradebook.adjustments import AdjustmentRefused
from grader.gradebook.errors import GradebookError
from grader.models import ScoreReport
from grader.policies import Adjustment

MAX_SHOWN = 100  # characters of a name in a message
MAX_SUGGESTIONS = 5


class NoSuchPlace(GradebookError):
    """A report has no such question or case. The text is a sentence for people."""


class PlaceScore(NamedTuple):
    """Automatic points of a place."""

    points: float
    max_points: float


class Change(NamedTuple):
    """What a person changes at a place: exactly one of the three isn't None."""

    points: float | None = None  # the new points
    by: float | None = None  # points to add; below 0 to take off
    verdict: Literal["passed", "failed"] | None = None


def score_at(report: ScoreReport, question: str = "", case: str = "") -> PlaceScore:
    """Return the automatic points of a case, of a question, or without names of the whole.

    Raises NoSuchPlace, which names what there is.
    """
    if not question:
        if case:
            raise NoSuchPlace(f"the case {_shown(case)} needs its question; name that, too")
        return PlaceScore(report.score, report.max_score)
    found = {each.name: each for each in report.questions}
    if question not in found:
        raise NoSuchPlace(f"the report has no question {_shown(question)}; {_suggestion(question, found)}")
    if not case:
        return PlaceScore(found[question].score, found[question].max_score)
    cases = {each.name: each for each in found[question].cases}
    if case not in cases:
        raise NoSuchPlace(f"the question {_shown(question)} has no case {_shown(case)}; {_suggestion(case, cases)}")
    return PlaceScore(cases[case].points, cases[case].max_points)


def new_adjustment(
    report: ScoreReport | None, who: str, change: Change, comment: str, reason: str, question: str = "", case: str = ""
) -> Adjustment:
    """Return an adjustment upon a report, which no gradebook has yet.

    :param report: that counts for the student; None if there is none, then only the whole can be adjusted
    Raises NoSuchPlace, and AdjustmentRefused for points that are impossible at the place.
    """
    if sum(each is not None for each in change) != 1:
        raise AdjustmentRefused("give one of the three: new points, points to add, or a verdict")
    if report is None and question:
        raise NoSuchPlace("nothing of the student is graded yet, so only the whole can be adjusted")
    beneath = score_at(report, question, case) if report else None
    if change.points is not None and change.points < 0:
        raise AdjustmentRefused(
            f"there can't be {format_number(change.points)} points; to take some off, give -N to add"
        )
    if beneath and change.points is not None and change.points > beneath.max_points:
        most = format_number(beneath.max_points)
        raise AdjustmentRefused(f"{format_number(change.points)} points are more than the {most} that there are for it")
    try:
        return Adjustment(
            0,
            who,
            datetime.now(UTC),
            question,
            case,
            points=change.points if change.by is None else change.by,
            absolute=change.points is not None,
            verdict=change.verdict,
            comment=comment,
            reason=reason,
            basis_points=beneath.points if beneath else None,
            basis_digest=report.digest if report else "",
        )
    except ValueError as problem:
        raise AdjustmentRefused(str(problem)) from None


def _shown(name: str) -> str:
    return repr(one_line(name, MAX_SHOWN))


def _suggestion(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    names = [one_line(each, MAX_SHOWN) for each in known]
    more = [f"{len(names) - MAX_SUGGESTIONS} more"] if len(names) > MAX_SUGGESTIONS else []
    return f"there is {join_with_and([*names[:MAX_SUGGESTIONS], *more]) or 'none'}"
