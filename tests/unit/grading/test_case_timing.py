"""Why a case timed out, from the exception that it ended with."""

from __future__ import annotations

import time

import pytest

from grader._util import budget
from grader.grading.case_timing import time_use
from grader.models import Status, TimeUse
from grader.sandbox.client.errors import StudentError

USE = TimeUse(2.0, 2.004, 1.9, 5.0, 3.5)


def test_a_limit_of_the_worker_is_told_as_it_was_measured() -> None:
    """What was used is taken while the worker is there, and comes with the exception."""
    assert time_use(StudentError(Status.TIMEOUT, "too slow", time_use=USE), 6.0) is USE


@pytest.mark.parametrize(
    "ending", [None, AssertionError("wrong"), StudentError(Status.TIMEOUT, "`f` was not called again")]
)
def test_a_case_that_reached_no_limit_has_nothing_to_tell(ending: BaseException | None) -> None:
    """Not even one that asked for what another case has lost: it took no time itself."""
    assert time_use(ending, 6.0) is None


def test_a_limit_of_the_grader_is_told_as_its_own_processor_time() -> None:
    """Where checking an answer was stopped it is the grader that worked, for as long as its limit counted."""

    def work() -> None:
        began = time.process_time()
        while time.process_time() < began + 5:
            pass

    with pytest.raises(budget.BudgetExceeded) as reached, budget.limit(0.05):
        work()
    use = time_use(reached.value, 6.0)
    assert use and use.limit == 0.05
    assert 0.05 <= use.used == use.processor < 5
    assert use.wall == 6.0
