"""How late a hand-in is, and what that costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from grader.policies.dates import add_days
from grader.policies.points import WHOLE, share_down, share_up, to_units
from grader.policies.policy import LateRule, Policy

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Lateness(NamedTuple):
    """How late a hand-in is, by the days or hours of the rule."""

    elapsed: timedelta = timedelta(0)  # since the due date; 0 if it isn't late
    periods: int = 0  # days or hours
    free: int = 0  # of them, covered by the budget of late days
    at_most: float = 100.0  # percent of the maximum that it can have, by a step
    too_late: bool = False  # it doesn't count


ON_TIME = Lateness()


class StudentDeadline:
    """A student's own due date. The other dates of the policy move with it."""

    def __init__(self, policy: Policy, due: datetime | None, days_left: int) -> None:
        """Take the date, and how many days are left of the student's budget of late days."""
        self.due = due
        self._policy = policy
        self._days_left = max(0, days_left)
        self._on_time = due + policy.grace if due else None
        self._shift = due - policy.due if due and policy.due else timedelta(0)

    def lateness(self, received: datetime | None) -> Lateness:
        """Return how late a file is that was received then; None if nobody knows."""
        if received is None or self.due is None or self._on_time is None or received <= self._on_time:
            return ON_TIME
        rule, elapsed = self._policy.late, received - self.due
        periods = self._periods(received, self.due)
        if rule.step:
            most = next((step.at_most for step in rule.step if received <= step.until + self._shift), None)
            return Lateness(elapsed, periods, 0, most or 0.0, most is None)
        if rule.until and received > rule.until + self._shift:
            return Lateness(elapsed, periods, too_late=True)
        free = min(periods, self._days_left) if rule.free_days else 0
        if rule.free_days and free < periods and not (rule.percent or rule.points):
            return Lateness(elapsed, periods, too_late=True)
        return Lateness(elapsed, periods, free)

    def _periods(self, received: datetime, due: datetime) -> int:
        """Return days or hours, as the rule rounds them. A day ends at the hour of the due date by the clock there."""
        rule, zone = self._policy.late, self._policy.zone
        unit = HOUR if rule.per == "hour" else DAY
        if rule.rounding == "nearest":
            whole, rest = divmod(received - due, unit)
            return whole + (2 * rest > unit or (2 * rest == unit and whole % 2 == 1))
        count = -(-(received - due) // unit)
        if unit is DAY:  # of 23 to 25 hours
            while add_days(due, count, zone) < received:
                count += 1
            while count > 0 and add_days(due, count - 1, zone) >= received:
                count -= 1
        return count


def kept_points(score: int, maximum: int, late: Lateness, rule: LateRule) -> int:
    """Return the points that a late hand-in keeps. Points are in millionths.

    More points, or less lateness, never keep less: all rounding favours the student.
    """
    if late.too_late:
        return min(score, 0)
    if rule.step:
        return min(score, share_up(maximum, to_units(late.at_most)))
    charged = late.periods - late.free
    least = share_up(score, WHOLE - to_units(rule.cap))
    if rule.points:
        kept = max(score - charged * to_units(rule.points), least)
    else:
        kept = max(share_up(score, WHOLE - min(WHOLE, charged * to_units(rule.percent))), least)
    return min(score, kept)


def early_bonus(score: int, maximum: int, received: datetime | None, policy: Policy) -> int:
    """Return the points for a hand-in before the class's due date, in millionths."""
    rule = policy.early
    if rule is None or policy.due is None or received is None or (rule.full_marks and score < maximum):
        return 0
    if received > add_days(policy.due, -rule.days, policy.zone):
        return 0
    return share_down(max(0, score), to_units(rule.percent))


def late_sentence(late: Lateness, rule: LateRule, kept: bool) -> str:
    """Return what lateness did, such as "10 % off for 1 day late".

    :param kept: whether the hand-in kept all its points
    """
    amount = f"{late.periods} {rule.per}{'' if late.periods == 1 else 's'} late"
    charged = late.periods - late.free
    if late.too_late:
        return f"handed in {amount}, after the last time that counts"
    if rule.step:
        return f"at most {late.at_most:g} % for {amount}"
    free = f", of which {late.free} {'is' if late.free == 1 else 'are'} free" if late.free else ""
    if kept or not charged:
        return f"{amount}{free or ', which costs nothing'}"
    if rule.points:
        return f"{rule.points * charged:g} off for {amount}{free}"
    return f"{min(rule.cap, rule.percent * charged):g} % off for {amount}{free}"
