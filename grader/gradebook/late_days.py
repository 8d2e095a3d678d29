"""Late days of a budget that assignments of a gradebook share: how many of them the assignments due before have taken.

The assignments take them in the order of their due dates for the class, those with one due date in the order of their
names. So a later assignment never changes the grade of an earlier one, and no order of rows or arrival matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from grader.gradebook.current_policy import stored_policies
from grader.gradebook.handins import read_class, read_some
from grader.gradebook.store import Readable
from grader.policies import Policy, days_after
from grader.policies.compare import StudentRecord


class _Turn(NamedTuple):
    """When an assignment takes late days."""

    due: datetime
    name: str


class Instead(NamedTuple):
    """Records of an assignment that take the place of those in the gradebook, by student."""

    assignment: str
    records: Mapping[str, StudentRecord]


def days_taken(
    book: Readable,
    assignment: str,
    policy: Policy,
    students: Sequence[str] | None = None,
    instead: Instead | None = None,
) -> Mapping[str, frozenset[int]]:
    """Return student -> late days that may be used before an assignment, of those who may have used any.

    :param students: of these alone
    """
    taken: dict[str, frozenset[int]] = {}
    for name, other in _before(book, assignment, policy):
        zone = other.zone
        records = read_class(book, name, zone) if students is None else read_some(book, name, students, zone)
        for stored in records:
            replaced = instead.records if instead and instead.assignment == name else {}
            each = replaced.get(stored.student, stored)
            used = taken.get(each.student, frozenset((0,)))
            after = days_after(each.handins, other, each.extensions, each.adjustments, days_used=used)
            if after != {0}:
                taken[each.student] = after
    return taken


def assignments_after(book: Readable, assignment: str, policy: Policy) -> list[str]:
    """Return the assignments whose grades may depend on the late days that an assignment takes."""
    mine = _turn(assignment, policy)
    if mine is None:
        return []
    return [turn.name for turn, _ in _sharing(book, assignment) if turn > mine]


def _before(book: Readable, assignment: str, policy: Policy) -> list[tuple[str, Policy]]:
    """Return the assignments that take late days before one, in their order, with their policies."""
    mine = _turn(assignment, policy)
    if mine is None:
        return []
    return [(turn.name, other) for turn, other in _sharing(book, assignment) if turn < mine]


def _sharing(book: Readable, but: str) -> list[tuple[_Turn, Policy]]:
    """Return the turns and policies of the assignments that share a budget, but for one, in their order."""
    turns = [(_turn(name, other), other) for name, other in stored_policies(book).items() if name != but]
    return sorted(((turn, other) for turn, other in turns if turn), key=itemgetter(0))


def _turn(assignment: str, policy: Policy) -> _Turn | None:
    return _Turn(policy.due, assignment) if policy.late.shares_days and policy.due else None
