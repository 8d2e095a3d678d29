"""Work that is done for a submission on our side is ended when its processor time is used up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from grader._util import budget

LITTLE = 0.02  # seconds


def spin(seconds: float = 60.0) -> None:
    """Use processor time, for a test to end it."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """After each test no limit is in force, and no timer rings."""
    yield
    spin(2 * LITTLE)
    assert budget._limits == []


def test_a_loop_is_ended() -> None:
    """The exception tells which limit it was, and how long that is."""
    with (
        pytest.raises(budget.BudgetExceeded, match=r"more than 0.02 s of processor time") as found,
        budget.limit(LITTLE) as own,
    ):
        spin()
    assert found.value.limit is own


def test_a_sleeper_is_not_ended() -> None:
    """What counts is processor time: a machine that is busy with other things costs nothing."""
    with budget.limit(LITTLE):
        time.sleep(4 * LITTLE)


def test_what_swallows_the_exception_is_interrupted_again() -> None:
    """A case or a solution may have an `except:`; the timer rings until the block is left."""

    def swallow() -> None:
        swallowed = 0
        while True:
            try:
                spin()
            except BaseException:  # as hostile, or careless, as code can be
                swallowed += 1
                if swallowed == 3:
                    raise

    with pytest.raises(budget.BudgetExceeded), budget.limit(LITTLE):
        swallow()


@pytest.mark.parametrize(("outer", "inner"), [(LITTLE, 60.0), (60.0, LITTLE), (LITTLE, LITTLE)])
def test_limits_nest(outer: float, inner: float) -> None:
    """The one that ends first interrupts; of two that have ended it is the outer one that is named."""
    with pytest.raises(budget.BudgetExceeded) as found, budget.limit(outer) as first, budget.limit(inner) as second:
        spin()
    assert found.value.limit is (first if outer <= inner else second)


def test_an_inner_block_that_ends_leaves_the_outer_limit_in_force() -> None:
    """Leaving a block sets the timer for what is left of the others."""
    with pytest.raises(budget.BudgetExceeded), budget.limit(2 * LITTLE):
        with pytest.raises(budget.BudgetExceeded), budget.limit(LITTLE):
            spin()
        spin()


def test_what_is_left_is_left_for_the_next_block() -> None:
    """One allowance serves all cases of a submission; once it is used up, no block gets anywhere."""
    allowance = budget.limit(2 * LITTLE)
    with allowance:
        spin(LITTLE)
    assert 0 < allowance.left < 2 * LITTLE
    for _ in range(2):
        with pytest.raises(budget.BudgetExceeded), allowance:
            spin()
    assert allowance.left <= 0


def test_a_pause_counts_nothing() -> None:
    """What depends on the assignment alone is nobody's time."""
    with budget.limit(LITTLE) as own:
        with budget.pause():
            spin(4 * LITTLE)
        assert own.end > time.process_time()
    with pytest.raises(budget.BudgetExceeded), budget.limit(LITTLE):
        with budget.pause():
            spin(2 * LITTLE)
        spin()


def test_the_list_of_limits_is_never_left_half_changed() -> None:
    """Limits that end while others are entered and left: wherever the timer rings, the books are in order."""

    def enter_and_leave() -> None:
        while True:
            with budget.limit(1.0), budget.pause():
                pass
            with budget.limit(1.0):
                sum(range(100))

    rung = 0
    for _ in range(100):
        try:
            with budget.limit(1e-3):
                enter_and_leave()
        except budget.BudgetExceeded:
            rung += 1
        assert budget._limits == []
    assert rung == 100


def test_another_thread_is_not_limited() -> None:
    """Signals reach the main thread alone, so a limit elsewhere says nothing and interrupts nobody."""
    ended = []

    def work() -> None:
        with budget.limit(LITTLE):
            spin(2 * LITTLE)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]
