"""How many files a student can still hand in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.policies import AttemptRule, HandIn
from grader.policies.attempt_bucket import attempts_left

START = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
RULE = AttemptRule(capacity=3, refill_hours=2)


def handed_in(hours: float, number: int = 1, **fields: Any) -> HandIn:
    return HandIn(number, START + timedelta(hours=hours), **({"state": "graded", "digest": str(number)} | fields))


def left(handins: list[HandIn], hours: float, rule: AttemptRule | None = RULE) -> tuple[int | None, float | None]:
    """Return how many are left, and hours until the next comes back."""
    found = attempts_left(handins, rule, START + timedelta(hours=hours))
    return found.left, (found.next_at - START) / timedelta(hours=1) if found.next_at else None


def test_each_comes_back_after_a_while() -> None:
    """Three at first, and one more every two hours since the bucket wasn't full."""
    handins = [handed_in(0, 1), handed_in(1, 2), handed_in(1, 3)]
    assert left([], 0) == (3, None)
    assert left(handins[:1], 0) == (2, 2)
    assert left(handins, 1) == (0, 2)
    assert left(handins, 2) == (1, 4)
    assert left(handins, 5.9) == (2, 6)
    assert left(handins, 6) == (3, None)


def test_without_a_refill_and_without_a_rule() -> None:
    """What is gone is gone; and without a rule nothing is counted."""
    handins = [handed_in(0, 1), handed_in(0, 2)]
    assert left(handins, 1000, AttemptRule(capacity=2)) == (0, None)
    assert left(handins, 0, None) == (None, None)


def test_what_costs_nothing() -> None:
    """An unreadable file, a fault of ours, and bytes that were handed in before."""
    first = handed_in(0, 1)
    free = [
        handed_in(0, 2, state="rejected"),
        handed_in(0, 3, state="review"),
        handed_in(0, 4, digest="1"),
    ]
    assert left([first, *free], 0) == left([first], 0) == (2, 2)
    assert left([first, handed_in(0, 5, state="waiting")], 0) == (1, 2)


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from("abcde")), max_size=8), st.integers(0, 600))
def test_the_time_of_the_next_attempt_is_true(rows: list[tuple[int, str]], minutes: int) -> None:
    """Just before it there is none more, and then there is one."""
    handins = [
        HandIn(number, START + timedelta(minutes=minute), "graded", digest=digest)
        for number, (minute, digest) in enumerate(rows)
    ]
    now = START + timedelta(minutes=max([minutes, *(minute for minute, _ in rows)]))
    found = attempts_left(handins, RULE, now)
    assert found.left is not None
    assert 0 <= found.left <= RULE.capacity
    assert found == attempts_left(handins[::-1], RULE, now)
    if found.next_at is None:
        assert found.left == RULE.capacity
    else:
        assert attempts_left(handins, RULE, found.next_at - timedelta(microseconds=1)).left == found.left
        assert attempts_left(handins, RULE, found.next_at).left == found.left + 1


@given(st.integers(0, 4), st.integers(0, 600))
def test_a_file_that_costs_nothing_takes_nothing(count: int, minutes: int) -> None:
    """Whenever it comes."""
    handins = [handed_in(index, index) for index in range(count)]
    free = HandIn(99, START + timedelta(minutes=minutes), "review", digest="z")
    assert left([*handins, free], 11) == left(handins, 11)
