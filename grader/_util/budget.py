"""Limits on the processor time that this process spends on one submission's behalf.

A submission can make us work: it chooses the arguments of the functions that it is given, and the values that are
compared. No size of an argument shows how much work it means (a number of steps doesn't), so the work is timed. A
timer of the kernel, which counts this process's own processor time and so is blind to a busy machine, interrupts it.

    with budget.limit(10.0):
        ...                    # raises Exceeded after 10 s of processor time

Signals reach only the main thread, so elsewhere nothing is limited; grading processes grade in theirs.
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

REPEAT_SECONDS = 0.05  # seconds of processor time until the next interruption, should the first one have been swallowed
MIN_TIMER_SECONDS = 1e-4  # seconds: 0 would switch the timer off; the kernel rings at its next tick, 1 to 10 ms later


class BudgetExceeded(BaseException):
    """A limit was reached. No `except Exception` of a case or of a solution keeps it."""

    def __init__(self, reached: limit) -> None:
        super().__init__(f"more than {reached.seconds:g} s of processor time")
        self.limit = reached


# What changes the list of limits calls no function written in Python: it isn't interrupted half-way (see _interrupt).
class limit:
    """Interrupt a `with` block with Exceeded once it has used so many seconds of this process's processor time.

    Limits nest: the outermost that has passed interrupts, and the exception says which one it was. A limit that is
    entered again goes on with what was left.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.left = seconds
        self.end = math.inf  # on the clock of time.process_time, while the block runs

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
    """Count nothing in a `with` block: what is done there depends on the assignment alone, whoever is graded."""

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


_limits: list[limit] = []  # those in force, from the outermost inwards


@cache
def _install() -> None:
    signal.signal(signal.SIGPROF, _interrupt)


def _set_timer() -> None:
    """Have the kernel interrupt when the first of the limits ends; not at all where there is none."""
    left = min((each.end for each in _limits), default=math.inf) - time.process_time()
    signal.setitimer(signal.ITIMER_PROF, 0 if math.isinf(left) else max(left, MIN_TIMER_SECONDS), REPEAT_SECONDS)


def _check(limits: Iterable[limit]) -> None:
    """Raise Exceeded for the first of these limits that has passed.

    Whatever sets the timer also looks: set again before it rings, a thousand times a second, it never would.
    """
    now = time.process_time()
    for each in limits:
        if now >= each.end:
            raise BudgetExceeded(each)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise Exceeded for the outermost limit that has passed.

    Not while this file's own code runs, whose list would be left half changed: the timer rings again.
    """
    if frame is None or frame.f_code.co_filename != __file__:
        _check(_limits)
