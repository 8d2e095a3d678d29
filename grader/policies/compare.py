"""What another policy would do to a class: who gains, who loses, by how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from grader.policies.decide import decide, worth
from grader.policies.points import to_points, to_units
from grader.policies.policy import Policy
from grader.policies.records import Adjustment, Extension, Grade, HandIn


class StudentRecord(msgspec.Struct, frozen=True, gc=False):
    """Everything that a student's grade depends on, except the policy."""

    student: str
    handins: tuple[HandIn, ...] = ()
    extensions: tuple[Extension, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    max_score: float = 0.0
    days_used: frozenset[int] = frozenset((0,))  # late days that assignments due before may have taken

    def grade(self, policy: Policy) -> Grade:
        """Return the student's grade under a policy."""
        parts = (self.handins, policy, self.extensions, self.adjustments)
        return decide(*parts, max_score=self.max_score, days_used=self.days_used)

    def worth(self, policy: Policy) -> dict[int, Grade]:
        """Return number of a hand-in -> the grade that it would give under a policy if it counted."""
        parts = (self.handins, policy, self.extensions, self.adjustments)
        return worth(*parts, max_score=self.max_score, days_used=self.days_used)


class GradeChange(msgspec.Struct, frozen=True):
    """A student whose final grade another policy would change."""

    student: str
    before: Grade
    after: Grade
    points: float  # above 0 if the student gains


class PolicyChange(msgspec.Struct, frozen=True):
    """Difference between two policies over a class."""

    students: int
    gain: tuple[GradeChange, ...]  # most points first
    lose: tuple[GradeChange, ...]  # most points first
    points: float  # of all changes together


def compare_policies(students: Iterable[StudentRecord], before: Policy, after: Policy) -> PolicyChange:
    """Return which grades would change, and how, if one policy followed another."""
    changes: list[GradeChange] = []
    count = 0
    for record in students:
        count += 1
        old, new = record.grade(before), record.grade(after)
        difference = to_units(new.final) - to_units(old.final)
        if difference:
            changes.append(GradeChange(record.student, old, new, to_points(difference)))
    gain = sorted((each for each in changes if each.points > 0), key=_most_first)
    lose = sorted((each for each in changes if each.points < 0), key=_most_first)
    return PolicyChange(count, tuple(gain), tuple(lose), _total(changes))


def _most_first(change: GradeChange) -> tuple[float, str]:
    return -abs(change.points), change.student


def _total(changes: Sequence[GradeChange]) -> float:
    return to_points(sum(to_units(each.points) for each in changes))
