"""What another policy would do to a class."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from grader.policies import HandIn, LateRule, Policy
from grader.policies.compare import StudentRecord, compare_policies

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)


def student(name: str, *hand_ins: tuple[float, float]) -> StudentRecord:
    """Return a student by score and days after the due date."""
    handins = (
        HandIn(number, DUE + timedelta(days=days), "graded", score, 20.0)
        for number, (score, days) in enumerate(hand_ins, start=1)
    )
    return StudentRecord(name, tuple(handins))


def test_who_gains_and_who_loses() -> None:
    """From the last hand-in to the best with 10 % a day off: Cleo 18 to 16.2, Bob 5 to 12, Dan 10 to 19."""
    students = [
        student("ada", (20, 0)),
        student("bob", (12, -1), (5, 0)),
        student("cleo", (18, 1)),
        student("dan", (19, -2), (10, 2)),
        student("nobody"),
    ]
    change = compare_policies(students, Policy(due=DUE), Policy(due=DUE, counts="best", late=LateRule(percent=10)))
    assert change.students == 5
    assert [(each.student, each.points) for each in change.gain] == [("dan", 9), ("bob", 7)]
    assert [(each.student, each.points) for each in change.lose] == [("cleo", -1.8)]
    assert change.points == 14.2
    assert (change.lose[0].before.final, change.lose[0].after.sentence) == (18, "18 of 20; 10 % off for 1 day late")


def test_the_same_policy_changes_nothing() -> None:
    """Nobody gains, nobody loses."""
    change = compare_policies([student("ada", (20, 3))], Policy(due=DUE), Policy(due=DUE))
    assert (change.gain, change.lose, change.points) == ((), (), 0)
