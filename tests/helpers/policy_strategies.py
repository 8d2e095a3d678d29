"""Random policies, histories of hand-ins, extensions and adjustments, for Hypothesis.

Due dates lie beside changes of the clock and leap days, and every time may be written in another zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import reject
from hypothesis import strategies as st

from grader.policies import (
    Adjustment,
    CaseScore,
    EarlyRule,
    Extension,
    HandIn,
    LateRule,
    LateStep,
    Policy,
    PolicyProblem,
    QuestionScore,
)

ZONES = ("Europe/Berlin", "America/New_York", "UTC", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata")
# The night before clocks change in Berlin, New York and Lord Howe, a leap day, the day that Apia left out, any day
DAYS = ("2026-03-28", "2026-10-24", "2026-03-07", "2026-11-01", "2026-04-04", "2028-02-28", "2011-12-29", "2026-06-30")
MAX = 20.0
STAFF = "A. Instructor"
LAST = datetime(9000, 1, 1, tzinfo=UTC)


class History(NamedTuple):
    """All that a grade depends on."""

    handins: tuple[HandIn, ...]
    policy: Policy
    extensions: tuple[Extension, ...]
    adjustments: tuple[Adjustment, ...]


zones = st.sampled_from(ZONES)
hundredths = st.integers(0, int(MAX * 100)).map(lambda number: number / 100)
maybe_hundredths = st.none() | hundredths
periods: st.SearchStrategy[Any] = st.sampled_from(("day", "hour"))
roundings: st.SearchStrategy[Any] = st.sampled_from(("up", "nearest"))
states: st.SearchStrategy[Any] = st.sampled_from(("graded", "graded", "graded", "review", "rejected", "waiting"))
percent = st.sampled_from((0.0, 0.5, 10.0, 33.3, 50.0, 100.0))

# To make a strategy costs several times what it costs to draw from one: those that depend on nothing are made once.
coins = st.booleans()
days = st.sampled_from(DAYS)
minutes_of_a_day = st.integers(0, 24 * 60 - 1)
few = st.integers(0, 3)
budgets = st.integers(1, 4)
kinds_of_rules = st.sampled_from(("none", "percent", "points", "budget", "both", "steps"))
ends_of_steps = st.sets(st.integers(1, 6000), min_size=1, max_size=3)
minutes_late = st.none() | st.integers(0, 6000)
bonuses = st.sampled_from((0.0, 2.0))
graces = st.sampled_from((0.0, 15.0, 90.0))
early_rules = {
    bonus: st.none() | st.builds(EarlyRule, percent, few, coins if bonus else st.just(False)) for bonus in (0.0, 2.0)
}
cents_of_a_case = st.integers(0, 500)
minutes_around = st.integers(-6000, 9000)
minutes_of_an_extension = st.integers(-3000, 6000)
digests = st.sampled_from("abcd")
targets = st.sampled_from(
    (("", ""), ("double", ""), ("double", "small"), ("quadruple", "large"), ("gone", ""), ("double", "gone"))
)
cents_of_an_adjustment = st.integers(-3000, 3000)
percents_of_a_budget = st.sampled_from((0.0, 10.0))
how_many = st.integers(0, 4)
INDEXES = [st.integers(0, max(0, length - 1)) for length in range(6)]  # of so many things


@st.composite
def due_dates(draw: st.DrawFn) -> datetime:
    """A local time, which the policy's zone makes aware."""
    day = datetime.fromisoformat(draw(days))
    return day + timedelta(minutes=draw(minutes_of_a_day))


any_due_date = due_dates()


@st.composite
def late_rules(draw: st.DrawFn, due: datetime) -> LateRule:
    """A rule of each kind."""
    late = draw(minutes_late)
    until = None if late is None else due + timedelta(minutes=late)
    cap, rounding = draw(percent), draw(roundings)
    kind = draw(kinds_of_rules)
    if kind == "percent":
        return LateRule(percent=draw(percent) or 1.0, per=draw(periods), rounding=rounding, cap=cap, until=until)
    if kind == "points":
        return LateRule(points=draw(hundredths) or 1.0, rounding=rounding, cap=cap, until=until)
    if kind == "budget":
        return LateRule(free_days=draw(budgets), until=until)
    if kind == "both":
        return LateRule(percent=10.0, cap=cap, free_days=draw(budgets), until=until)
    if kind == "steps":
        ends = sorted(draw(ends_of_steps))
        most = sorted((draw(percent) for _ in ends), reverse=True)
        pairs = zip(ends, most, strict=True)
        return LateRule(step=tuple(LateStep(due + timedelta(minutes=end), each) for end, each in pairs))
    return LateRule(until=until)


@st.composite
def policies(draw: st.DrawFn, counts: tuple[str, ...] = ("best", "last", "first")) -> Policy:
    """A policy with a due date."""
    due, bonus = draw(any_due_date), draw(bonuses)
    values: dict[str, Any] = {
        "due": due,
        "zone": draw(zones),
        "grace_minutes": draw(graces),
        "late": draw(late_rules(due)),
        "early": draw(early_rules[bonus]),
        "bonus": bonus,
        "counts": counts[draw(INDEXES[len(counts)])],
    }
    try:
        return Policy(**values)
    except PolicyProblem:  # times that differ by the clock on the wall can be one where Apia left out a day
        reject()


@st.composite
def questions(draw: st.DrawFn, review: bool) -> tuple[QuestionScore, ...]:
    """Two questions of ten points, of two cases each."""
    found = []
    for name in ("double", "quadruple"):
        doubtful = review and draw(coins)
        cases = tuple(
            CaseScore(case, 0.0 if doubtful else draw(cents_of_a_case) / 100, 5.0, doubtful)
            for case in ("small", "large")
        )
        score = round(sum(case.score for case in cases), 2)
        found.append(QuestionScore(name, score, MAX / 2, doubtful, cases))
    return tuple(found)


any_questions = {review: questions(review) for review in (False, True)}


@st.composite
def hand_ins(draw: st.DrawFn, due: datetime) -> HandIn:
    """A hand-in within some days of the due date, in any state, its time written in any zone."""
    state = draw(states)
    scored = draw(any_questions[state == "review"]) if state in ("graded", "review") else ()
    received = due + timedelta(minutes=draw(minutes_around))
    return HandIn(
        number=1,
        received=received.astimezone(ZoneInfo(draw(zones))),
        state=state,
        score=round(sum(question.score for question in scored), 2),
        max_score=MAX,
        questions=scored,
        digest=draw(digests),
    )


@st.composite
def extension_rows(draw: st.DrawFn, due: datetime) -> tuple[Extension, ...]:
    """Extensions by date and by days, some withdrawn."""
    rows: list[Extension] = []
    for number in range(draw(few)):
        kinds: list[dict[str, Any]] = [
            {"until": due + timedelta(minutes=draw(minutes_of_an_extension))},
            {"days": draw(few)},
            *([{"withdraws": number - 1}] if number else []),
        ]
        rows.append(Extension(number, STAFF, due, **kinds[draw(INDEXES[len(kinds)])]))
    return tuple(rows)


@st.composite
def adjustment_rows(draw: st.DrawFn, due: datetime, handins: tuple[HandIn, ...]) -> tuple[Adjustment, ...]:
    """Adjustments of each kind, of what there is and of what there isn't."""
    rows: list[Adjustment] = []
    for number in range(draw(few)):
        question, case = draw(targets)
        points = draw(cents_of_an_adjustment) / 100
        kinds: list[dict[str, Any]] = [
            {"points": points},
            {"points": abs(points), "absolute": True},
            {"verdict": "passed"},
            {"verdict": "failed"},
            *([{"withdraws": number - 1}] if number else []),
        ]
        what = kinds[draw(INDEXES[len(kinds)])]
        file = draw(INDEXES[len(handins) + 1])
        rows.append(
            Adjustment(
                number,
                STAFF,
                due + timedelta(minutes=draw(few)),
                question,
                case,
                handin=handins[file - 1].number if file else None,
                basis_points=draw(maybe_hundredths),
                **what,
            )
        )
    return tuple(rows)


@st.composite
def histories(draw: st.DrawFn, counts: tuple[str, ...] = ("best", "last", "first")) -> History:
    """A student's history under a policy. Numbers grow with time."""
    policy = draw(policies(counts))
    assert policy.due
    due = policy.due.astimezone(UTC)
    found = [draw(hand_ins(due)) for _ in range(draw(how_many))]
    found.sort(key=lambda each: each.received or due)
    numbered = tuple(HandIn(index, *_rest(each)) for index, each in enumerate(found, start=1))
    return History(numbered, policy, draw(extension_rows(due)), draw(adjustment_rows(due, numbered)))


two_or_three = st.lists(histories(), min_size=2, max_size=3)


@st.composite
def courses(draw: st.DrawFn) -> tuple[History, ...]:
    """A student's histories of assignments that share a budget of late days, in the order in which they take them."""
    found = draw(two_or_three)
    free_days = draw(budgets)
    made = []
    for each in found:
        rule = LateRule(percent=draw(percents_of_a_budget), free_days=free_days, free_days_for="course")
        made.append(each._replace(policy=msgspec.structs.replace(each.policy, late=rule)))
    return tuple(sorted(made, key=lambda each: each.policy.due or LAST))


def _rest(handin: HandIn) -> tuple[Any, ...]:
    return tuple(getattr(handin, name) for name in HandIn.__struct_fields__[1:])
