"""Limits on the processor time that the grader itself spends on one submission.

A submission can make the grader work: it chooses the arguments of functions that it is given, and the values that are
compared. The size of an argument doesn't show how much work it causes, so the work is timed. A kernel timer of this
process's processor time interrupts it; other processes on a busy machine don't count.

    with budget.limit(10.0):
        ...                    # raises BudgetExceeded after 10 s of processor time

Such a block calls functions and holds no loop of its own: in Python 3.13 an exception of a signal handler at the jump
back of a loop that ends a `with` block passes by the block's end, and the limit would stay in force.

Signals reach only the main thread, so other threads have no limit. Grading processes grade in the main thread.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterable
from functools import cache
from types import FrameType
from typing import Self

REPEAT_SECONDS = 0.05  # processor time until the next interruption, in case code swallowed the first one
MIN_TIMER_SECONDS = 1e-4  # 0 would switch the timer off; the kernel fires at its next tick, 1 to 10 ms later


class BudgetExceeded(BaseException):
    """A limit was reached. A BaseException, so that no `except Exception` of a case or solution catches it."""

    def __init__(self, reached: limit) -> None:
        super().__init__(f"more than {reached.seconds:g} s of processor time")
        self.limit = reached


# Code here that changes the list of limits calls no Python function of another file, so it is never interrupted
# half-way (see _interrupt).
class limit:
    """Raise BudgetExceeded in a `with` block once it has used so many seconds of processor time.

    Limits nest: the outermost exceeded limit raises, and the exception holds it. A limit that is entered again
    continues with the time that was left.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.left = seconds
        self.end = math.inf  # by time.process_time, while the block runs

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            _install()
            self.end = time.process_time() + self.left
            _check([*_limits, self])
            _limits.append(self)
            _set_timer()
        return self

    def __exit__(self, *exception: object) -> None:
        if self in _limits:
            del _limits[_limits.index(self) :]
            self.left = self.end - time.process_time()
            _set_timer()
            _check(_limits)


class pause:
    """Stop all limits in a `with` block, for work that depends only on the assignment and not on the submission."""

    def __enter__(self) -> Self:
        self._began = time.process_time()
        if _limits:
            signal.setitimer(signal.ITIMER_PROF, 0)
        return self

    def __exit__(self, *exception: object) -> None:
        spent = time.process_time() - self._began
        for each in _limits:
            each.end += spent
        if _limits:
            _set_timer()
            _check(_limits)


_limits: list[limit] = []  # active limits, outermost first


@cache
def _install() -> None:
    signal.signal(signal.SIGPROF, _interrupt)


def _set_timer() -> None:
    """Set the kernel's timer to the limit that ends first; switch it off if there is none."""
    left = min((each.end for each in _limits), default=math.inf) - time.process_time()
    signal.setitimer(signal.ITIMER_PROF, 0 if math.isinf(left) else max(left, MIN_TIMER_SECONDS), REPEAT_SECONDS)


def _check(limits: Iterable[limit]) -> None:
    """Raise BudgetExceeded for the first exceeded limit.

    Whoever sets the timer calls this too: a timer that is set again a thousand times a second never fires.
    """
    now = time.process_time()
    for each in limits:
        if now >= each.end:
            raise BudgetExceeded(each)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise BudgetExceeded for the outermost exceeded limit.

    Do nothing while code of this file runs, which would leave the list half changed: the timer fires again.
    """
    if frame is None or frame.f_code.co_filename != __file__:
        _check(_limits)
