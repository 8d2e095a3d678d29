"""How many files a student can still hand in: a token bucket, full at first, which refills with time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from grader.policies.policy import AttemptRule
from grader.policies.records import HandIn


class AttemptsLeft(msgspec.Struct, frozen=True):
    """What a student has left."""

    left: int | None  # None: as many as they like
    next_at: datetime | None = None  # when one more comes back; None if the bucket is full or never refills


def attempts_left(handins: Iterable[HandIn], rule: AttemptRule | None, now: datetime) -> AttemptsLeft:
    """Return how many files a student can hand in now, and when there is one more.

    Unchanged bytes, unreadable files and faults of ours cost nothing. Should such a file turn out otherwise, as when
    a fault was repaired, it costs from then on. Hand-ins of unknown time cost, and never come back.
    """
    if rule is None:
        return AttemptsLeft(None)
    costly = _costly(handins)
    now = now.astimezone(UTC)
    unknown = sum(each.received is None for each in costly)
    times = sorted(each.received.astimezone(UTC) for each in costly if each.received is not None)
    capacity = max(0, rule.capacity - unknown)
    if rule.refill_hours is None:
        return AttemptsLeft(max(0, capacity - len(times)))
    period = timedelta(hours=rule.refill_hours)
    full = capacity * period
    level, since = full, now  # a level of one period is one attempt
    for time in times:
        level = max(timedelta(0), min(full, level + (time - min(since, time))) - period)
        since = time
    level = min(full, level + max(timedelta(0), now - since))
    left = level // period
    return AttemptsLeft(left, now + (left + 1) * period - level if left < capacity else None)


def _costly(handins: Iterable[HandIn]) -> list[HandIn]:
    """Return the hand-ins that cost an attempt: of several with equal bytes, the first."""
    seen: set[str] = set()
    found = []
    for each in sorted(handins, key=lambda each: each.number):
        if each.state in ("rejected", "review") or (each.digest and each.digest in seen):
            continue
        seen.add(each.digest)
        found.append(each)
    return found
