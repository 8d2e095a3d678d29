"""How many files a student can hand in, by the policy of the assignment."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from grader.errors import UserError
from grader.policies import HandIn, Policy
from grader.policies.attempt_bucket import AttemptsLeft, attempts_left

FREE = "A file that can't be read, or that you have handed in before, costs none."


class NoAttemptLeft(UserError):
    """A student has used all attempts. `seconds` is the time until the next one; None if there will be none."""

    def __init__(self, message: str, seconds: int | None) -> None:
        super().__init__(message)
        self.seconds = seconds


def admit_within(policy: Policy, digest: str, now: datetime) -> Callable[[Sequence[HandIn]], None]:
    """Return a function that raises NoAttemptLeft if a file is one too many behind what was handed in before.

    :param digest: of the file; unchanged bytes cost nothing
    """

    def admit(handins: Sequence[HandIn]) -> None:
        left = attempts_left(handins, policy.attempts, now)
        if left.left == 0 and digest not in {each.digest for each in handins}:
            raise NoAttemptLeft(describe_attempts(policy, left), _seconds(left, now))

    return admit


def describe_attempts(policy: Policy, left: AttemptsLeft) -> str:
    """Return how many attempts a student has, as sentences; empty if there is no limit."""
    if left.left is None or policy.attempts is None:
        return ""
    capacity = policy.attempts.capacity
    count = f"{left.left} of {capacity} attempts are left." if left.left else "You have no attempt left."
    if left.left == 1:
        count = f"1 of {capacity} attempts is left."
    more = f" The next one comes at {local_time(left.next_at, policy.zone)}." if left.next_at else ""
    return f"{count}{more} {FREE}"


def local_time(moment: datetime, zone: str) -> str:
    """Return a time for people, in the zone of the course, in UTC if it has none. A part of a minute is a whole one."""
    rounded = datetime.fromtimestamp(math.ceil(moment.timestamp() / 60) * 60, UTC)
    here = rounded.astimezone(ZoneInfo(zone)) if zone else rounded
    return f"{here:%Y-%m-%d %H:%M} {zone or 'UTC'}"


def _seconds(left: AttemptsLeft, now: datetime) -> int | None:
    return max(1, math.ceil((left.next_at - now).total_seconds())) if left.next_at else None
