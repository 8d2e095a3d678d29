"""Records that `decide` takes and returns. Times are aware; points are those of the report's scale.

The garbage collector needn't look at them: what never changes after it is made has no cycles.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Literal

import msgspec

from grader.policies.policy import MAX_DAYS, MAX_POINTS, YEARS

HandInState = Literal["graded", "rejected", "review", "waiting"]
GradeState = Literal["graded", "rejected", "review", "waiting", "missing"]
LineKind = Literal["automatic", "correction", "late", "early", "adjustment", "limit"]


class CaseScore(msgspec.Struct, frozen=True, gc=False):
    """Automatic points of a case."""

    name: str
    score: float
    max_score: float
    review: bool = False  # a fault of ours: a person must look


class QuestionScore(msgspec.Struct, frozen=True, gc=False):
    """Automatic points of a question."""

    name: str
    score: float
    max_score: float
    review: bool = False  # a fault of ours: a person must look
    cases: tuple[CaseScore, ...] = ()  # as far as somebody needs them: adjustments of cases do


class HandIn(msgspec.Struct, frozen=True, gc=False):
    """A file that a student handed in, with its newest result."""

    number: int  # grows with time
    received: datetime | None  # None if the platform doesn't say; then nothing is taken off
    state: HandInState
    score: float = 0.0  # automatic
    max_score: float = 0.0
    questions: tuple[QuestionScore, ...] = ()  # as far as somebody needs them
    digest: str = ""  # SHA-256 of the file
    late: bool = False  # whether a platform says so; without a time, nobody knows by how much
    result: int | None = None  # number of that result in the gradebook

    @property
    def scored(self) -> bool:
        """Return whether it has a result."""
        return self.state in ("graded", "review")

    @property
    def fault(self) -> bool:
        """Return whether a fault of ours hit it."""
        return self.state == "review"


class Extension(msgspec.Struct, frozen=True, gc=False):
    """A student's own due date, by a date or by days after the class's. A row that is never changed.

    Raises ValueError unless it has exactly one of `until`, `days` and `withdraws`.
    """

    number: int
    who: str  # gave it
    at: datetime
    reason: str = ""  # for staff
    until: datetime | None = None
    days: int | None = None
    withdraws: int | None = None  # number of an extension that no longer holds

    def __post_init__(self) -> None:
        """Refuse what can't be computed with."""
        if sum(each is not None for each in (self.until, self.days, self.withdraws)) != 1:
            raise ValueError("an extension has a date, or days, or it withdraws another one")
        if self.days is not None and not 0 <= self.days <= MAX_DAYS:
            raise ValueError(f"an extension has 0 to {MAX_DAYS} days; found {self.days}")
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("the date of an extension needs a zone")
        if self.until is not None and self.until.year not in YEARS:
            raise ValueError(f"an extension ends in the years {YEARS.start} to {YEARS.stop - 1}")


class Adjustment(msgspec.Struct, frozen=True, gc=False):
    """A person's change of the points of a case, a question or the whole. A row that is never changed.

    It adds `points`, or sets them if `absolute`; or it is a verdict, which gives all points or none, for what nobody
    could grade automatically. Raises ValueError unless it has exactly one of `points`, `verdict` and `withdraws`.
    """

    number: int
    who: str
    at: datetime
    question: str = ""  # empty: the whole
    case: str = ""  # empty: the whole question
    points: float | None = None
    absolute: bool = False
    verdict: Literal["passed", "failed"] | None = None
    comment: str = ""  # for the student
    reason: str = ""  # for staff
    handin: int | None = None  # the only hand-in that it is for; None: whichever counts
    basis_points: float | None = None  # automatic points of its target when it was made
    basis_digest: str = ""  # SHA-256 of the file that it was made for
    withdraws: int | None = None  # number of an adjustment that no longer holds

    def __post_init__(self) -> None:
        """Refuse what can't be computed with."""
        if sum(each is not None for each in (self.points, self.verdict, self.withdraws)) != 1:
            raise ValueError("an adjustment has points, or a verdict, or it withdraws another one")
        if self.points is not None and not (math.isfinite(self.points) and abs(self.points) <= MAX_POINTS):
            raise ValueError(f"an adjustment has at most {MAX_POINTS:g} points; found {self.points:g}")
        if self.case and not self.question:
            raise ValueError("an adjustment of a case names its question")


class LedgerLine(msgspec.Struct, frozen=True, gc=False):
    """One step to a grade. The points of all lines add up to it."""

    kind: LineKind
    points: float  # that this step adds; below 0 if it takes off
    sentence: str  # part of a sentence: "10 % off for 1 day late"
    adjustment: int | None = None  # its number, if a person made this step


class FlaggedAdjustment(msgspec.Struct, frozen=True, gc=False):
    """An adjustment that a person should look at again, because what it lies on has changed. It still holds."""

    number: int
    reason: str


class Grade(msgspec.Struct, frozen=True, gc=False):
    """Grade of a student for an assignment: auto + adjustments + penalty = final."""

    state: GradeState  # "missing": nothing was handed in
    auto: float  # automatic score of the hand-in that counts
    adjustments: float  # what people added; below 0 if they took off
    penalty: float  # what the policy takes off, below 0; above 0 if a bonus outweighs it
    final: float  # within [0, max + Policy.bonus]
    max: float
    handin: int | None = None  # number of the hand-in that counts
    late_seconds: int = 0  # since the student's own due date; 0 if it isn't late
    late_days: int = 0  # that it takes from the budget of late days
    due: datetime | None = None  # the student's own due date, in UTC
    needs_review: bool = False  # a person must look at a hand-in that could change the grade
    flagged: tuple[FlaggedAdjustment, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()

    @property
    def sentence(self) -> str:
        """Return the ledger as a sentence, such as "18 of 20; 10 % off for 1 day late; +1 by A. Instructor: typo"."""
        return "; ".join(line.sentence for line in self.ledger)

    @property
    def changes(self) -> str:
        """Return the ledger without the automatic points: what a policy and people changed; empty if nothing."""
        return "; ".join(line.sentence for line in self.ledger[1:])
