"""What a grade consists of, example by example. test_laws.py has what holds for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from grader.policies import (
    Adjustment,
    CaseScore,
    EarlyRule,
    Extension,
    HandIn,
    LateRule,
    LateStep,
    Policy,
    QuestionScore,
    decide,
)

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
TEN_PERCENT = Policy(due=DUE, late=LateRule(percent=10, cap=50))
STAFF = "A. Instructor"


def handed_in(score: float, late: timedelta = timedelta(0), number: int = 1, **fields: Any) -> HandIn:
    """Return a hand-in so long after the due date."""
    values: dict[str, Any] = {"state": "graded", "max_score": 20.0, "digest": str(number)} | fields
    return HandIn(number, DUE + late, score=score, **values)


def adjusted(number: int = 1, **fields: Any) -> Adjustment:
    return Adjustment(number, STAFF, DUE + timedelta(days=number), **fields)


def questions(**scores: float) -> tuple[QuestionScore, ...]:
    """Return questions of ten points with two cases of five each."""
    return tuple(
        QuestionScore(name, score, 10.0, cases=(CaseScore("small", score / 2, 5.0), CaseScore("large", score / 2, 5.0)))
        for name, score in scores.items()
    )


def test_the_ledger_reads_as_a_sentence() -> None:
    """18 of 20 a minute late: 10 % of 18 is 1.8; and a point more makes 17.2."""
    grade = decide(
        [handed_in(18, timedelta(minutes=1))], TEN_PERCENT, (), [adjusted(points=1, comment="unclear wording")]
    )
    assert grade.sentence == "18 of 20; 10 % off for 1 day late; +1 by A. Instructor: unclear wording"
    assert [line.points for line in grade.ledger] == [18, -1.8, 1]
    assert (grade.auto, grade.penalty, grade.adjustments, grade.final, grade.max) == (18, -1.8, 1, 17.2, 20)
    assert (grade.state, grade.handin, grade.late_seconds, grade.due) == ("graded", 1, 60, DUE)


@pytest.mark.parametrize(
    ("rule", "late", "final"),
    [
        (LateRule(percent=10, cap=50), timedelta(days=1), 18.0),  # the day ends at the hour of the due date
        (LateRule(percent=10, cap=50), timedelta(days=1, seconds=1), 16.0),
        (LateRule(percent=10, cap=50), timedelta(days=30), 10.0),
        (LateRule(percent=1, per="hour"), timedelta(hours=2, minutes=1), 19.4),
        (LateRule(percent=33.3), timedelta(hours=1), 13.34),  # 33.3 % of 20 is 6.66
        (LateRule(points=1.5), timedelta(days=2), 17.0),
        (LateRule(points=15, cap=50), timedelta(days=1), 10.0),
        (LateRule(percent=10, free_days=2), timedelta(days=3), 18.0),
        (LateRule(free_days=2), timedelta(days=2), 20.0),
        (LateRule(free_days=2), timedelta(days=3), 0.0),
        (LateRule(until=DUE + timedelta(days=2)), timedelta(days=2), 20.0),
        (LateRule(until=DUE + timedelta(days=2)), timedelta(days=2, seconds=1), 0.0),
        (LateRule(step=(LateStep(DUE + timedelta(days=7), 80),)), timedelta(days=6), 16.0),
        (LateRule(), timedelta(days=3), 20.0),
    ],
)
def test_what_lateness_costs(rule: LateRule, late: timedelta, final: float) -> None:
    """Of 20 points."""
    grade = decide([handed_in(20, late)], Policy(due=DUE, late=rule))
    assert grade.final == final
    assert grade.late_seconds == late.total_seconds()


def test_grace_forgives_and_moves_no_date() -> None:
    """15 minutes late are none; 16 are a day late, since the due date."""
    policy = Policy(due=DUE, grace_minutes=15, late=LateRule(percent=1, per="hour"))
    assert decide([handed_in(20, timedelta(minutes=15))], policy).final == 20
    assert decide([handed_in(20, timedelta(minutes=16))], policy).late_seconds == 16 * 60


@pytest.mark.parametrize(
    ("due", "received", "days"),
    [
        # The clock goes back in the night to 25 October: the day has 25 hours.
        ("2026-10-24T23:59", "2026-10-25T23:59", 1),
        ("2026-10-24T23:59", "2026-10-26T00:00", 2),
        # It goes forward in the night to 29 March: 23 hours.
        ("2026-03-28T23:59", "2026-03-29T23:59", 1),
        ("2026-03-28T23:59", "2026-03-30T00:00", 2),
        ("2028-02-28T12:00", "2028-02-29T12:00", 1),  # a leap day
        ("2028-02-28T12:00", "2028-03-01T12:00", 2),
    ],
)
def test_a_day_ends_at_the_same_hour_by_the_clock_of_the_course(due: str, received: str, days: int) -> None:
    """Whatever the clock does meanwhile, and wherever the server and the student are."""
    zone = ZoneInfo("Europe/Berlin")
    policy = Policy(due=datetime.fromisoformat(due), zone="Europe/Berlin", late=LateRule(percent=10))
    local = datetime.fromisoformat(received).replace(tzinfo=zone)
    for elsewhere in (zone, UTC, ZoneInfo("America/New_York")):
        grade = decide([HandIn(1, local.astimezone(elsewhere), "graded", 20.0, 20.0)], policy)
        assert grade.final == 20 - 2 * days


@pytest.mark.parametrize(
    ("due", "instant"),
    [("2026-10-25T02:30", "2026-10-25T01:30Z"), ("2026-03-29T02:30", "2026-03-29T01:30Z")],
)
def test_an_hour_that_is_twice_or_never_is_the_later_one(due: str, instant: str) -> None:
    """A due date at 2:30 in the night when the clock is changed."""
    policy = Policy(due=datetime.fromisoformat(due), zone="Europe/Berlin", late=LateRule(percent=10))
    assert policy.due == datetime.fromisoformat(instant)


@pytest.mark.parametrize(("counts", "number", "final"), [("best", 2, 19), ("last", 3, 16), ("first", 1, 10)])
def test_which_hand_in_counts(counts: Any, number: int, final: float) -> None:
    """10, then 19, then 16."""
    handins = [handed_in(10, number=1), handed_in(19, number=2), handed_in(16, number=3)]
    grade = decide(handins, Policy(due=DUE, counts=counts))
    assert (grade.handin, grade.final) == (number, final)


def test_an_unreadable_newest_file_pushes_nothing_out() -> None:
    """Nor does one that waits, or that comes after the last time that counts."""
    policy = Policy(due=DUE, late=LateRule(until=DUE))
    for further in ({"state": "rejected"}, {"state": "waiting"}, {"late": timedelta(days=1), "score": 3}):
        grade = decide([handed_in(18), handed_in(**({"score": 0, "number": 2} | further))], policy)
        assert (grade.state, grade.handin, grade.final) == ("graded", 1, 18)


def test_a_fault_of_ours_waits_for_a_person_and_costs_nothing() -> None:
    """The earlier file counts meanwhile. A verdict settles it, and then the newest counts."""
    doubtful = QuestionScore("double", 0.0, 10.0, review=True)
    newest = handed_in(9, number=2, state="review", questions=(doubtful, QuestionScore("quadruple", 9.0, 10.0)))
    grade = decide([handed_in(12), newest], Policy(due=DUE))
    assert (grade.final, grade.handin, grade.needs_review) == (12, 1, True)
    settled = decide([handed_in(12), newest], Policy(due=DUE), (), [adjusted(question="double", verdict="passed")])
    assert (settled.state, settled.final, settled.handin, settled.needs_review) == ("graded", 19, 2, False)
    alone = decide([newest], Policy(due=DUE))
    assert (alone.state, alone.final) == ("review", 9)


def test_a_file_that_a_fault_hit_counts_from_its_first_time() -> None:
    """The same bytes, handed in again a day later, are on time."""
    handins = [
        handed_in(0, number=1, state="review", digest="same"),
        handed_in(20, timedelta(days=1), number=2, digest="same"),
    ]
    assert decide(handins, TEN_PERCENT).final == 20


def test_of_several_extensions_the_best_holds() -> None:
    """A withdrawn one doesn't; one before the due date changes nothing."""
    late = [handed_in(20, timedelta(days=2))]
    early = Extension(1, STAFF, DUE, until=DUE - timedelta(days=5))
    one, two = Extension(2, STAFF, DUE, days=1), Extension(3, STAFF, DUE + timedelta(days=9), days=2)
    assert decide(late, TEN_PERCENT, [early]).final == 16
    assert decide(late, TEN_PERCENT, [early, one]).final == 18
    assert decide(late, TEN_PERCENT, [early, one, two]).final == 20
    gone = Extension(4, STAFF, DUE, withdraws=3)
    assert decide(late, TEN_PERCENT, [early, one, two, gone]).final == 18


def test_the_last_time_that_counts_moves_with_an_extension() -> None:
    """Two days after the due date are two days after the student's own."""
    policy = Policy(due=DUE, late=LateRule(percent=10, until=DUE + timedelta(days=2)))
    handins = [handed_in(20, timedelta(days=3))]
    assert decide(handins, policy).final == 0
    assert decide(handins, policy, [Extension(1, STAFF, DUE, days=2)]).final == 18


def test_other_assignments_take_late_days_from_the_budget() -> None:
    """Of five days, four are gone; of two late days, one is free."""
    policy = Policy(due=DUE, late=LateRule(percent=10, free_days=5, free_days_for="course"))
    late = [handed_in(20, timedelta(days=2))]
    grade = decide(late, policy, days_used={4})
    assert (grade.final, grade.late_days) == (18, 1)
    took = "(other assignments took 4 of 5 late days)"
    assert grade.sentence == f"20 of 20; 10 % off for 2 days late, of which 1 is free {took}"
    assert decide(late, policy, days_used={3}).sentence == "20 of 20; 2 days late, of which 2 are free"
    alone = replace(policy, late=LateRule(percent=10, free_days=5))
    assert decide(late, alone, days_used={4}).final == 20


def test_a_bonus_for_an_early_file() -> None:
    """5 % of 18 are 0.9; the maximum is the limit, unless the policy has a bonus."""
    early = Policy(due=DUE, early=EarlyRule(percent=5, days=2))
    two_days = timedelta(days=-2)
    assert decide([handed_in(18, two_days)], early).final == 18.9
    assert decide([handed_in(18, two_days + timedelta(seconds=1))], early).final == 18
    assert (
        decide([handed_in(20, two_days)], early).sentence == "20 of 20; 5 % more for handing in early; no more than 20"
    )
    with_bonus = Policy(due=DUE, bonus=0.5, early=EarlyRule(percent=5, days=2))
    assert decide([handed_in(20, two_days)], with_bonus).final == 20.5


def test_corrections_are_made_before_the_penalty_and_adjustments_after() -> None:
    """A case worth 2 more is late as the rest is: 0.9 of 17 is 15.3. A whole that is set stays as it is set."""
    handins = [handed_in(15, timedelta(hours=1), questions=questions(double=10, quadruple=5))]
    case = adjusted(1, question="quadruple", case="small", points=2)
    grade = decide(handins, TEN_PERCENT, (), [case])
    assert grade.sentence == "15 of 20; +2 for quadruple/small by A. Instructor; 10 % off for 1 day late"
    assert grade.final == 15.3
    assert decide(handins, TEN_PERCENT, (), [case, adjusted(2, points=12, absolute=True)]).final == 12


def test_adjustments_follow_each_other() -> None:
    """A case set to 5, its question set to 6, and a point more for it: 10 and 7."""
    handins = [handed_in(15, questions=questions(double=10, quadruple=5))]
    rows = [
        adjusted(1, question="quadruple", case="small", points=5, absolute=True),
        adjusted(2, question="quadruple", points=6, absolute=True),
        adjusted(3, question="quadruple", points=1),
    ]
    grade = decide(handins, TEN_PERCENT, (), rows)
    assert [line.points for line in grade.ledger] == [15, 2.5, -1.5, 1]
    assert grade.final == 17
    assert decide(handins, TEN_PERCENT, (), [*rows, adjusted(4, withdraws=3)]).final == 16


def test_an_adjustment_is_flagged_when_what_it_lies_on_has_changed() -> None:
    """It still holds. One of a file that doesn't count doesn't."""
    handins = [handed_in(15, questions=questions(double=10, quadruple=5))]
    rows = [
        adjusted(1, question="double", points=1, basis_points=10.0),
        adjusted(2, question="quadruple", points=1, basis_points=4.0),
        adjusted(3, question="gone", points=1),
        adjusted(4, points=1, basis_digest="of another file"),
        adjusted(5, points=1, handin=7),
    ]
    grade = decide(handins, Policy(due=DUE), (), rows)
    assert grade.final == 19
    assert [(flag.number, flag.reason) for flag in grade.flagged] == [
        (2, "the automatic result was 4 and is 5 now"),
        (3, "the result has no such question or case"),
        (4, "it was made for another file than the one that counts"),
        (5, "it is for another file than the one that counts"),
    ]


def test_without_a_result() -> None:
    """Nothing, an unreadable file, one that waits; and what a person gave for them."""
    policy = Policy(due=DUE)
    assert decide([], policy, max_score=20).sentence == "nothing was handed in"
    assert decide([], policy, max_score=20).max == 20
    rejected = handed_in(0, state="rejected")
    assert decide([rejected], policy).state == "rejected"
    assert decide([handed_in(0, state="waiting")], policy).state == "waiting"
    given = decide([rejected], policy, (), [adjusted(points=15, absolute=True)])
    assert (given.state, given.final) == ("graded", 15)
    assert decide([], policy, (), [adjusted(points=5)], max_score=20).final == 5


def test_an_unreadable_file_that_a_person_graded_counts_as_the_others_do() -> None:
    """It is the last one."""
    rows = [adjusted(points=15, absolute=True, handin=2)]
    grade = decide([handed_in(10), handed_in(0, number=2, state="rejected")], Policy(due=DUE), (), rows)
    assert (grade.state, grade.handin, grade.final) == ("graded", 2, 15)


def test_late_by_nobody_knows_how_much() -> None:
    """A platform says late and no time: nothing is taken off, and a person must look."""
    grade = decide([HandIn(1, None, "graded", 18.0, 20.0, late=True)], TEN_PERCENT)
    assert (grade.final, grade.needs_review) == (18, True)


def test_all_points_stay_all_points() -> None:
    """A maximum that isn't a whole number of hundredths, such as 1/6."""
    grade = decide([HandIn(1, DUE, "graded", 1 / 6, 1 / 6)], Policy(due=DUE))
    assert grade.final == grade.max == pytest.approx(1 / 6, abs=1e-6)


@pytest.mark.parametrize(
    "fields",
    [{}, {"points": 1.0, "verdict": "passed"}, {"points": float("nan")}, {"points": 1.0, "case": "small"}],
)
def test_impossible_adjustments(fields: dict[str, Any]) -> None:
    """Neither points nor a verdict, both, no number, a case of no question."""
    with pytest.raises(ValueError, match="adjustment"):
        adjusted(**fields)


@pytest.mark.parametrize("fields", [{}, {"days": 1, "until": DUE}, {"days": 1000}, {"until": datetime(2026, 1, 1)}])
def test_impossible_extensions(fields: dict[str, Any]) -> None:
    """Neither days nor a date, both, too many, a date without a zone."""
    with pytest.raises(ValueError, match="extension"):
        Extension(1, STAFF, DUE, **fields)
