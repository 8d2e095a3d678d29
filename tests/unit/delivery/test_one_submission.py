"""The limits of a submission where a platform grades: those of the assignment, or lower ones that fit."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from grader.delivery.one_submission import fitted_limits
from grader.models import Assignment, Limits, Question

TINY = Assignment("a", "A", Path("a"), (Question("f", 1.0),), Limits(), ("numpy",), "s", "d")
MEMORY = st.none() | st.integers(2**28, 2**36)


@given(st.integers(1, 60), MEMORY, st.floats(1, 5000), st.integers(256, 4096))
def test_no_limit_is_above_the_assignments_own(
    minutes: int, memory: int | None, seconds: float, megabytes: int
) -> None:
    wanted = Limits(total_seconds=seconds, load_seconds=min(30, seconds), memory_mb=megabytes)
    fitted = fitted_limits(msgspec.structs.replace(TINY, limits=wanted), minutes, memory)
    assert fitted.total_seconds <= wanted.total_seconds
    assert fitted.load_seconds <= wanted.load_seconds
    assert fitted.memory_mb <= wanted.memory_mb
    assert fitted.call_seconds == wanted.call_seconds


@given(st.integers(1, 60), MEMORY)
def test_a_submission_that_takes_all_its_time_on_half_a_core_twice_ends_in_time(
    minutes: int, memory: int | None
) -> None:
    """A second of processor time takes two there, and a timeout is confirmed once."""
    fitted = fitted_limits(TINY, minutes, memory)
    assert 2 * 2 * fitted.total_seconds < minutes * 60


def test_room_changes_nothing() -> None:
    assert fitted_limits(TINY, 60, 2**35) == TINY.limits
    assert fitted_limits(TINY, 10, None).memory_mb == 1024


def test_a_small_container_leaves_room_for_the_grader() -> None:
    """768 MB are the smallest that Gradescope offers."""
    fitted = fitted_limits(TINY, 10, 768 << 20)
    assert 256 <= fitted.memory_mb <= 500
