"""Policies of five other systems, and the numbers that their public documentation gives for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from grader.policies import (
    AttemptRule,
    EarlyRule,
    Extension,
    Grade,
    HandIn,
    LateRule,
    LateStep,
    Policy,
    decide,
)
from grader.policies.attempt_bucket import attempts_left


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def grade(policy: Policy, received: datetime, score: float, maximum: float = 100.0, **given: Any) -> Grade:
    return decide([HandIn(1, received, "graded", score, maximum)], policy, **given)


GRADESCOPE = Policy(due=at("03-02 09:00"), late=LateRule(until=at("03-02 10:00")))


@pytest.mark.parametrize(
    ("received", "late", "counts"),
    [
        ("03-02 09:00", False, True),
        ("03-02 09:30", True, True),
        ("03-02 10:00", True, True),
        ("03-02 10:01", True, False),
    ],
)
def test_gradescope_due_and_late_due_date(received: str, late: bool, counts: bool) -> None:
    """Released at 8:00, due at 9:00, late due date at 10:00: until 9:00 on time, until 10:00 marked late, then closed.

    https://help.gradescope.com/article/y83cyd7srv-remote-faq-time-limit-extensions, student A. Gradescope takes nothing
    off for lateness.
    """
    found = grade(GRADESCOPE, at(received), 90)
    assert (found.late_seconds > 0, found.final) == (late, 90 if counts else 0)


def test_gradescope_pushes_both_dates_out() -> None:
    """An hour more, as student B there: due at 10:00, late due date at 11:00."""
    more = [Extension(1, "A. Instructor", at("03-01 00:00"), until=at("03-02 10:00"))]
    assert grade(GRADESCOPE, at("03-02 10:00"), 90, extensions=more).late_seconds == 0
    assert grade(GRADESCOPE, at("03-02 11:00"), 90, extensions=more).final == 90
    assert grade(GRADESCOPE, at("03-02 11:01"), 90, extensions=more).final == 0


PRAIRIELEARN = Policy(
    due=at("02-15 23:59"),
    counts="best",
    bonus=1.0,
    early=EarlyRule(percent=10, days=7, full_marks=True),
    late=LateRule(step=(LateStep(at("02-22 23:59"), 80),)),
)


@pytest.mark.parametrize(
    ("received", "points", "percent"),
    [
        ("02-08 23:59", 10, 110),  # full marks until the early deadline
        ("02-08 23:59", 9, 90),  # "points / maxPoints * 100 when points < maxPoints"
        ("02-15 23:59", 10, 100),
        ("02-20 12:00", 8, 80),  # min(credit, points / maxPoints * 100)
        ("02-20 12:00", 9, 80),
        ("02-20 12:00", 10, 80),
        ("02-20 12:00", 7, 70),
        ("02-23 00:00", 10, 0),  # after the last deadline
    ],
)
def test_prairielearn_credit(received: str, points: float, percent: float) -> None:
    """110 % until an early deadline, 100 % until the due date, 80 % until a late one, then nothing.

    https://prairielearn.readthedocs.io/en/latest/assessment/accessControl/, "Credit", and
    accessControlModern, "Early and late deadlines".
    """
    assert grade(PRAIRIELEARN, at(received), points, 10).final * 10 == percent


def test_prairielearn_never_takes_away_what_was_earned() -> None:
    """A score of 9 on time stays, whatever is handed in for 80 %."""
    handins = [
        HandIn(1, at("02-15 12:00"), "graded", 9.0, 10.0),
        HandIn(2, at("02-20 12:00"), "graded", 10.0, 10.0),
    ]
    assert decide(handins, PRAIRIELEARN).final == 9


SEMESTER = LateRule(points=25, free_days=3, free_days_for="course", until=at("04-15 23:59"))
AUTOLAB = Policy(due=at("04-10 23:59"), late=SEMESTER)


@pytest.mark.parametrize(
    ("days", "used", "final", "taken"),
    [
        (0, 0, 80, 0),  # "without penalty or consuming grace days"
        (1, 0, 80, 1),  # "each late day consumes one of the budgeted grace days"
        (3, 0, 80, 3),
        (2, 1, 80, 2),
        (2, 3, 30, 0),  # "if students run out of grace days", the late penalty, here 25 points a day
        (6, 0, 0, 0),  # "submissions are disabled after the end date"
    ],
)
def test_autolab_grace_days(days: int, used: int, final: float, taken: int) -> None:
    """A budget of late days for a semester, of which other assignments took some.

    https://docs.autolabproject.com/instructors/, "Important Dates" and "Grace Days". The penalty is
    the instructor's; that page gives no number.
    """
    found = grade(AUTOLAB, at("04-10 23:59") + timedelta(days=days), 80, days_used={used})
    assert (found.final, found.late_days) == (final, taken)


@pytest.mark.parametrize("minutes", [1, 29, 30, 31, 60, 89, 90, 91, 150, 600])
def test_nbgrader_one_mark_an_hour(minutes: int) -> None:
    """The plug-in of the documentation returns round(hours_late, 0) marks as the penalty.

    https://nbgrader.readthedocs.io/en/stable/plugins/late-plugin.html, "Creating a plugin".
    """
    policy = Policy(due=at("02-02 14:58"), late=LateRule(points=1, per="hour", rounding="nearest"))
    found = grade(policy, at("02-02 14:58") + timedelta(minutes=minutes), 50, 60)
    assert found.final == 50 - round(minutes / 60, 0)


def test_nbgrader_zero() -> None:
    """`penalty_method = 'zero'`: a late notebook has a score of zero. By default nothing is off. The same page."""
    due = at("02-02 14:58")
    assert grade(Policy(due=due, late=LateRule(percent=100)), due + timedelta(seconds=1), 50).final == 0
    assert grade(Policy(due=due, late=LateRule(percent=100)), due, 50).final == 50
    assert grade(Policy(due=due), due + timedelta(days=3), 50).final == 50


@pytest.mark.parametrize(("seconds", "final"), [(0, 70), (179, 70), (180, 70), (181, 0)])
def test_artemis_grace_period(seconds: int, final: float) -> None:
    """Students have 3 minutes (the default) to hand in after the working time; later, it isn't graded.

    https://docs.artemis.cit.tum.de/user/exams/instructors_guide, "Create Exam", and students_guide, "Offline Mode".
    """
    end = at("07-20 11:00")
    policy = Policy(due=end, grace_minutes=3, late=LateRule(until=end))
    assert grade(policy, end + timedelta(seconds=seconds), 70).final == final


def test_artemis_submission_limit() -> None:
    """The policy that locks the repository: as many submissions as the limit says, and then none.

    https://docs.artemis.cit.tum.de/user/exercises/programming, "Submission Policy".
    """
    rule, now = AttemptRule(capacity=5), at("07-20 12:00")
    handins = [HandIn(number, now, "graded", 1.0, 10.0, digest=str(number)) for number in range(6)]
    assert [attempts_left(handins[:count], rule, now).left for count in range(6)] == [5, 4, 3, 2, 1, 0]
    assert attempts_left(handins[:5], rule, now).next_at is None
