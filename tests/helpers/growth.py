"""How the processor time of something grows with what it is given: no clock on the wall, and no absolute time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

from grader.reports.html.page_room import cpu_time_limit

T = TypeVar("T")
SMALLEST = 0.004  # seconds that are added to both, below which nothing can be measured
PATIENCE = 20.0  # seconds of the processor after which it is taken for endless


def factor(make: Callable[[int], T], do: Callable[[T], object], size: int) -> float:
    """Return how many times as long `do` takes for 4 times the size: 4 where it is linear, 16 where it is quadratic.

    One look is enough where it is nowhere near quadratic. Otherwise the machine may have been busy: the best of three,
    or of nine.
    """
    for tries in (1, 3, 9):
        small, large = (min(_seconds(do, make(each)) for _ in range(tries)) for each in (size, 4 * size))
        found = (large + SMALLEST) / (small + SMALLEST)
        if found < CLEAR:
            break
    return found


CLEAR = 6.0  # that a quadratic function doesn't come below, though its first run took more than twice the usual time
LINEAR = 9.0  # the most that a test takes for linear


def _seconds(do: Callable[[T], object], given: T) -> float:
    gc.disable()  # how long a collection takes depends on what other tests have left
    try:
        begin = time.process_time()
        with cpu_time_limit(PATIENCE):  # fails the test, where a pattern would never end
            do(given)
        return time.process_time() - begin
    finally:
        gc.enable()
