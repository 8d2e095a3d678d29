"""What each attempt is worth: its score with what a policy and people add and take off, and which one counts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.gradebook.grades import some_records
from grader.gradebook.store import Readable
from grader.policies import Grade, Policy
from grader.policies.compare import StudentRecord


class AttemptWorth(msgspec.Struct, frozen=True):
    """What an attempt gives if it counts, and whether it does."""

    points: float
    max_score: float
    counts: bool  # whether the grade is made of it
    changes: str  # why the points aren't the score, such as "10 % off for 1 day late"


def attempt_worths(book: Readable, assignment: str, students: Sequence[str], policy: Policy) -> dict[int, AttemptWorth]:
    """Return number of an attempt -> what it is worth, of students with attempts; those without a score are left out.

    :param students: in the roster as students: others have no grade
    """
    found: dict[int, AttemptWorth] = {}
    for record in some_records(book, assignment, students, policy):
        found |= record_worths(record, policy)
    return found


def record_worths(record: StudentRecord, policy: Policy) -> dict[int, AttemptWorth]:
    """Return number of an attempt -> what it is worth, of one student, as `attempt_worths` does."""
    counts = record.grade(policy).handin
    return {number: _as_worth(grade, number == counts) for number, grade in record.worth(policy).items()}


def _as_worth(grade: Grade, counts: bool) -> AttemptWorth:
    return AttemptWorth(grade.final, grade.max, counts, grade.changes)
