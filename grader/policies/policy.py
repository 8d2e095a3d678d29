"""Policy of an assignment: the table [policy] of assignment.toml. docs/authoring.md describes each key."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec.structs import force_setattr, replace

from grader.policies.dates import latest_instant

Visibility = Literal["at once", "after due", "on release"]

MAX_DAYS = 366  # of an extension, a budget of late days, or before the due date
MAX_HOURS = 24 * MAX_DAYS  # until an attempt comes back
MAX_ATTEMPTS = 1000
MAX_POINTS = 1e6  # of a bonus, a penalty or an adjustment
YEARS = range(1970, 9000)  # so that no arithmetic on dates overflows


class PolicyProblem(ValueError):
    """A policy contradicts itself or holds an impossible value. `key` is the dotted key, such as "late.cap".

    `number` is the index of the table with the key among those of its name, such as [[policy.late.step]].
    """

    def __init__(self, key: str, message: str, number: int = 0) -> None:
        super().__init__(message)
        self.key = key
        self.number = number


class LateStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[[policy.late.step]]: what a hand-in until a date can have."""

    until: datetime
    at_most: float  # percent of the maximum


class LateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[policy.late]: what lateness costs. Without this table, it costs nothing."""

    percent: float = 0.0  # of the score, for each day or hour
    points: float = 0.0  # instead of `percent`
    per: Literal["day", "hour"] = "day"
    rounding: Literal["up", "nearest"] = "up"  # of days or hours
    cap: float = 100.0  # the most that is taken off, in percent of the score
    until: datetime | None = None  # a hand-in after this time doesn't count
    free_days: int = 0  # budget of days of a student that cost nothing
    free_days_for: Literal["assignment", "course"] = "assignment"  # who shares that budget
    step: tuple[LateStep, ...] = ()  # instead of `percent` and `points`, in order of time

    @property
    def shares_days(self) -> bool:
        """Return whether assignments of a course share the budget of late days."""
        return self.free_days_for == "course"


class EarlyRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[policy.early]: bonus for a hand-in some days before the class's due date."""

    percent: float  # of the score
    days: int
    full_marks: bool = False  # only a hand-in with all points has it


class AttemptRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[policy.attempts]: how many files a student can hand in. A token bucket, which is full at first."""

    capacity: int
    refill_hours: float | None = None  # until one more comes back; None: never


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[policy]: what counts, and when students see it. The default is what holds without the table.

    Raises PolicyProblem if it contradicts itself. All dates are in UTC: those without an offset were local to `zone`.
    """

    due: datetime | None = None
    zone: str = ""  # such as "Europe/Berlin": of local dates, and of the days that lateness is counted in
    grace_minutes: float = 0.0  # a hand-in within them isn't late; later ones are late since the due date
    late: LateRule = LateRule()
    early: EarlyRule | None = None
    bonus: float = 0.0  # points above the maximum that a grade can reach
    counts: Literal["best", "last", "first"] = "last"
    attempts: AttemptRule | None = None  # None: as many as a student likes
    visible: Visibility = "at once"  # results
    visible_by_question: dict[str, Visibility] = {}
    blind: bool = False  # whether names are hidden from those who grade until the release

    def __post_init__(self) -> None:
        """Make local dates aware, then check everything."""
        for problem in _date_problems(self):
            raise problem
        _make_aware(self)
        for problem in _problems(self):
            raise problem

    @property
    def grace(self) -> timedelta:
        """Return `grace_minutes` as a duration."""
        return timedelta(minutes=self.grace_minutes)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f'no time zone is called {name!r}; expected a name such as "Europe/Berlin" or "UTC"'
        raise PolicyProblem("zone", message) from None


def _date_problems(policy: Policy) -> Iterator[PolicyProblem]:
    dates = [("due", 0, policy.due), ("late.until", 0, policy.late.until)]
    dates += [("late.step.until", number, step.until) for number, step in enumerate(policy.late.step)]
    for key, number, value in dates:
        if value and value.year not in YEARS:
            yield PolicyProblem(key, f"the year is {value.year}; expected {YEARS.start} to {YEARS.stop - 1}", number)
        if value and value.tzinfo is None and not policy.zone:
            message = f'the time has no zone; add one, as in {value.isoformat()}+01:00, or zone = "Europe/Berlin"'
            yield PolicyProblem(key, message, number)


def _make_aware(policy: Policy) -> None:
    """Give all dates in UTC, local ones as the policy's zone has them. Nobody else has the frozen Struct yet."""
    zone = _zone(policy.zone) if policy.zone else None

    def aware(value: datetime) -> datetime:
        return latest_instant(value, zone) if zone and value.tzinfo is None else value.astimezone(UTC)

    late = policy.late
    steps = tuple(replace(step, until=aware(step.until)) for step in late.step)
    late = replace(late, until=aware(late.until) if late.until else None, step=steps)
    force_setattr(policy, "due", aware(policy.due) if policy.due else None)
    force_setattr(policy, "late", late)


def _problems(policy: Policy) -> Iterator[PolicyProblem]:
    """Yield each impossible or contradictory value."""
    yield from _outside("grace_minutes", policy.grace_minutes, 0, MAX_HOURS * 60)
    yield from _outside("bonus", policy.bonus, 0, MAX_POINTS)
    if policy.attempts:
        yield from _outside("attempts.capacity", policy.attempts.capacity, 1, MAX_ATTEMPTS)
        if policy.attempts.refill_hours is not None:
            yield from _outside("attempts.refill_hours", policy.attempts.refill_hours, 0.01, MAX_HOURS)
    yield from _late_problems(policy.late, policy.due, policy.zone)
    if policy.early:
        yield from _early_problems(policy.early, policy.bonus)
    if policy.due is None:
        yield from _needs_of_due(policy)


def _needs_of_due(policy: Policy) -> Iterator[PolicyProblem]:
    """Yield the settings that need a due date, for a policy without one."""
    if policy.grace_minutes:
        yield PolicyProblem("grace_minutes", "there is no due date that it could follow; add due")
    if policy.late != LateRule():
        yield PolicyProblem("late", "there is no due date, so nothing is late; add due")
    if policy.early:
        yield PolicyProblem("early", "there is no due date that a hand-in could be before; add due")
    hidden = {
        "visible": policy.visible,
        **{f"visible_by_question.{k}": v for k, v in policy.visible_by_question.items()},
    }
    for key, visible in hidden.items():
        if visible == "after due":
            yield PolicyProblem(key, 'without a due date, "after due" is never; add due')


def _late_problems(late: LateRule, due: datetime | None, zone: str) -> Iterator[PolicyProblem]:
    yield from _outside("late.percent", late.percent, 0, 100)
    yield from _outside("late.points", late.points, 0, MAX_POINTS)
    yield from _outside("late.cap", late.cap, 0, 100)
    yield from _outside("late.free_days", late.free_days, 0, MAX_DAYS)
    if late.percent and late.points:
        yield PolicyProblem("late.points", "percent and points can't both be taken off; leave one of them out")
    if late.cap != 100 and not (late.percent or late.points):
        yield PolicyProblem("late.cap", "nothing is taken off that it could limit; add percent or points")
    if due and late.until and late.until < due:
        yield PolicyProblem("late.until", f"it is before the due date, {_written(due, zone)}")
    if late.free_days and late.per == "hour":
        yield PolicyProblem("late.free_days", 'a budget of days needs per = "day"')
    if late.shares_days and not late.free_days:
        yield PolicyProblem("late.free_days_for", "there is no budget that the course could share; add free_days")
    if late.step and late != LateRule(step=late.step):
        yield PolicyProblem("late.step", "steps say what counts until when; leave out the other keys of late")
    before, most = due, 100.0
    for number, step in enumerate(late.step):
        yield from _outside("late.step.at_most", step.at_most, 0, 100, number)
        if before and step.until <= before:
            message = f"{_written(step.until, zone)} isn't after {_written(before, zone)}"
            yield PolicyProblem("late.step.until", message, number)
        if step.at_most > most:
            message = f"a later step can't have more; found {step.at_most:g} after {most:g}"
            yield PolicyProblem("late.step.at_most", message, number)
        before, most = step.until, step.at_most


def _written(moment: datetime, zone: str) -> str:
    return (moment.astimezone(ZoneInfo(zone)) if zone else moment).isoformat(" ")


def _early_problems(early: EarlyRule, bonus: float) -> Iterator[PolicyProblem]:
    yield from _outside("early.percent", early.percent, 0, 100)
    yield from _outside("early.days", early.days, 0, MAX_DAYS)
    if early.full_marks and not bonus:
        message = "full marks can't rise without a bonus; add bonus, the points above the maximum"
        yield PolicyProblem("early.full_marks", message)


def _outside(key: str, value: float, low: float, high: float, number: int = 0) -> Iterator[PolicyProblem]:
    if not (math.isfinite(value) and low <= value <= high):
        yield PolicyProblem(key, f"found {value:g}; expected {low:g} to {high:g}", number)
