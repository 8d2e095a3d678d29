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
periods: st.SearchStrategy[Any] = st.sampled_from(("day", "hour"))
roundings: st.SearchStrategy[Any] = st.sampled_from(("up", "nearest"))
states: st.SearchStrategy[Any] = st.sampled_from(("graded", "graded", "graded", "review", "rejected", "waiting"))
percent = st.sampled_from((0.0, 0.5, 10.0, 33.3, 50.0, 100.0))


@st.composite
def due_dates(draw: st.DrawFn) -> datetime:
    """A local time, which the policy's zone makes aware."""
    day = datetime.fromisoformat(draw(st.sampled_from(DAYS)))
    return day + timedelta(minutes=draw(st.integers(0, 24 * 60 - 1)))


@st.composite
def late_rules(draw: st.DrawFn, due: datetime) -> LateRule:
    """A rule of each kind."""
    until = draw(st.none() | st.integers(0, 6000).map(lambda minutes: due + timedelta(minutes=minutes)))
    cap, rounding = draw(percent), draw(roundings)
    kind = draw(st.sampled_from(("none", "percent", "points", "budget", "both", "steps")))
    if kind == "percent":
        return LateRule(percent=draw(percent) or 1.0, per=draw(periods), rounding=rounding, cap=cap, until=until)
    if kind == "points":
        return LateRule(points=draw(hundredths) or 1.0, rounding=rounding, cap=cap, until=until)
    if kind == "budget":
        return LateRule(free_days=draw(st.integers(1, 4)), until=until)
    if kind == "both":
        return LateRule(percent=10.0, cap=cap, free_days=draw(st.integers(1, 4)), until=until)
    if kind == "steps":
        ends = sorted(draw(st.sets(st.integers(1, 6000), min_size=1, max_size=3)))
        most = sorted(draw(st.lists(percent, min_size=len(ends), max_size=len(ends))), reverse=True)
        pairs = zip(ends, most, strict=True)
        return LateRule(step=tuple(LateStep(due + timedelta(minutes=end), each) for end, each in pairs))
    return LateRule(until=until)


@st.composite
def policies(draw: st.DrawFn, counts: tuple[str, ...] = ("best", "last", "first")) -> Policy:
    """A policy with a due date."""
    due, bonus = draw(due_dates()), draw(st.sampled_from((0.0, 2.0)))
    early = st.builds(EarlyRule, percent, st.integers(0, 3), st.booleans() if bonus else st.just(False))
    values: dict[str, Any] = {
        "due": due,
        "zone": draw(zones),
        "grace_minutes": draw(st.sampled_from((0.0, 15.0, 90.0))),
        "late": draw(late_rules(due)),
        "early": draw(st.none() | early),
        "bonus": bonus,
        "counts": draw(st.sampled_from(counts)),
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
        doubtful = review and draw(st.booleans())
        cases = tuple(
            CaseScore(case, 0.0 if doubtful else draw(st.integers(0, 500)) / 100, 5.0, doubtful)
            for case in ("small", "large")
        )
        score = round(sum(case.score for case in cases), 2)
        found.append(QuestionScore(name, score, MAX / 2, doubtful, cases))
    return tuple(found)


@st.composite
def hand_ins(draw: st.DrawFn, due: datetime, number: int) -> HandIn:
    """A hand-in within some days of the due date, in any state, its time written in any zone."""
    state = draw(states)
    scored = draw(questions(state == "review")) if state in ("graded", "review") else ()
    received = due + timedelta(minutes=draw(st.integers(-6000, 9000)))
    return HandIn(
        number=number,
        received=received.astimezone(ZoneInfo(draw(zones))),
        state=state,
        score=round(sum(question.score for question in scored), 2),
        max_score=MAX,
        questions=scored,
        digest=draw(st.sampled_from("abcd")),
    )


@st.composite
def extension_rows(draw: st.DrawFn, due: datetime) -> tuple[Extension, ...]:
    """Extensions by date and by days, some withdrawn."""
    rows: list[Extension] = []
    for number in range(draw(st.integers(0, 3))):
        kinds: list[dict[str, Any]] = [
            {"until": due + timedelta(minutes=draw(st.integers(-3000, 6000)))},
            {"days": draw(st.integers(0, 3))},
            *([{"withdraws": number - 1}] if number else []),
        ]
        rows.append(Extension(number, STAFF, due, **draw(st.sampled_from(kinds))))
    return tuple(rows)


@st.composite
def adjustment_rows(draw: st.DrawFn, due: datetime, handins: tuple[HandIn, ...]) -> tuple[Adjustment, ...]:
    """Adjustments of each kind, of what there is and of what there isn't."""
    targets = (("", ""), ("double", ""), ("double", "small"), ("quadruple", "large"), ("gone", ""), ("double", "gone"))
    rows: list[Adjustment] = []
    for number in range(draw(st.integers(0, 3))):
        question, case = draw(st.sampled_from(targets))
        points = draw(st.integers(-3000, 3000)) / 100
        what: dict[str, Any] = draw(
            st.sampled_from(
                (
                    {"points": points},
                    {"points": abs(points), "absolute": True},
                    {"verdict": "passed"},
                    {"verdict": "failed"},
                    *([{"withdraws": number - 1}] if number else []),
                )
            )
        )
        rows.append(
            Adjustment(
                number,
                STAFF,
                due + timedelta(minutes=draw(st.integers(0, 3))),
                question,
                case,
                handin=draw(st.sampled_from([None, *(each.number for each in handins)])),
                basis_points=draw(st.none() | hundredths),
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
    found = draw(st.lists(st.integers(1, 5).flatmap(lambda number: hand_ins(due, number)), max_size=4))
    found.sort(key=lambda each: each.received or due)
    numbered = tuple(HandIn(index, *_rest(each)) for index, each in enumerate(found, start=1))
    return History(numbered, policy, draw(extension_rows(due)), draw(adjustment_rows(due, numbered)))


@st.composite
def courses(draw: st.DrawFn) -> tuple[History, ...]:
    """A student's histories of assignments that share a budget of late days, in the order in which they take them."""
    found = draw(st.lists(histories(), min_size=2, max_size=3))
    free_days = draw(st.integers(1, 4))
    made = []
    for each in found:
        rule = LateRule(percent=draw(st.sampled_from((0.0, 10.0))), free_days=free_days, free_days_for="course")
        made.append(each._replace(policy=msgspec.structs.replace(each.policy, late=rule)))
    return tuple(sorted(made, key=lambda each: each.policy.due or LAST))


def _rest(handin: HandIn) -> tuple[Any, ...]:
    return tuple(getattr(handin, name) for name in HandIn.__struct_fields__[1:])
