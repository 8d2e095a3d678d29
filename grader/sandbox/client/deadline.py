"""How long a worker may take: wall-clock seconds, less those in which the worker or the grader waited for a core.

A worker that sleeps is ended when its limit has passed. One that computes is ended when it has used its limit in
processor time, however long that takes: where eight processes share two cores, four times as long.

    left = Deadline(10.0, process.seen_as)
    left()                     # seconds that remain; none or fewer when it is over
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from pathlib import Path

from grader._util.load import load_per_core
from grader.models import TimeUse
from grader.sandbox.limits import FIRST_CHECK_SECONDS, MAX_REQUEST_WALL_FACTOR, MIN_WAIT_SECONDS

ThreadTimes = dict[str, tuple[float, float]]  # thread -> seconds that it ran, and that it was ready to run and didn't


class Deadline:
    """The seconds that one exchange with a worker may take. It begins when it is made.

    :param number: the worker's in our /proc; 0 when there is none
    :param precise: look at /proc from the beginning; the first quarter of a second is otherwise on the wall clock
    :param most: seconds that may pass on the wall clock, if fewer than MOST times the limit
    """

    def __init__(self, seconds: float, pid: int, *, precise: bool = False, max_wall_seconds: float = math.inf) -> None:
        self.seconds = seconds
        self._pid = pid
        self._max_wall_seconds = min(max_wall_seconds, MAX_REQUEST_WALL_FACTOR * seconds)
        self._started = time.monotonic()
        self._processor_seconds = processor_seconds(pid)
        self._own_processor_seconds = time.thread_time()
        self._withheld_before_baseline = 0.0  # withheld before the first look
        self._baseline: tuple[ThreadTimes, ThreadTimes] | None = (
            None  # the worker's threads and ours, at the first look
        )
        self._end = self._started + min(seconds, FIRST_CHECK_SECONDS)
        if precise:
            self._read_baseline()

    def __call__(self) -> float:
        """Return how many seconds are left, none or fewer when the deadline has passed."""
        left = self._end - time.monotonic()
        if left > 0:
            return left
        if self._baseline is None:
            self._read_baseline()
        left = self.seconds - self.used()
        if left > 0:
            left = max(left, MIN_WAIT_SECONDS)
            self._end = time.monotonic() + left
        return left

    def used(self) -> float:
        """Return the seconds that count: what the machine withheld doesn't. Ask while the worker is there."""
        passed = time.monotonic() - self._started
        if self._baseline is None:
            return passed
        processor = processor_seconds(self._pid) - self._processor_seconds
        counted = max(processor, passed - self._withheld())
        return counted if passed < self._max_wall_seconds else max(counted, self.seconds)

    def time_use(self) -> TimeUse:
        """Return what was used up to now. Ask while the worker is there: of one that is gone, nothing is known."""
        processor = processor_seconds(self._pid) - self._processor_seconds
        wall = time.monotonic() - self._started
        return TimeUse(self.seconds, round(self.used(), 3), round(processor, 3), round(wall, 3), load_per_core())

    def _read_baseline(self) -> None:
        """Read the times of all threads, as the baseline of what is counted from now on.

        This comes late when the grader was computing a function that the worker called. The time before it in which
        neither the grader nor the worker ran then counts as time without a core.
        """
        passed = time.monotonic() - self._started
        had = processor_seconds(self._pid) - self._processor_seconds + time.thread_time() - self._own_processor_seconds
        self._withheld_before_baseline = max(passed - FIRST_CHECK_SECONDS - had, 0.0)
        self._baseline = self._read_threads()

    def _read_threads(self) -> tuple[ThreadTimes, ThreadTimes]:
        return thread_times(f"/proc/{self._pid}/task"), thread_times("/proc/thread-self")

    def _withheld(self) -> float:
        """Return the seconds that other processes took from the worker, and from this thread.

        Of the worker's threads the one that lost most counts. What the worker's own threads take from each other, or
        from this thread, is not counted.
        """
        assert self._baseline
        theirs, ours = self._read_threads()
        ran, waited = time_since(self._baseline[0], theirs)
        _, own = time_since(self._baseline[1], ours)
        total = sum(ran.values())
        worker = max((waited[name] - (total - ran[name]) for name in waited), default=0.0)
        return self._withheld_before_baseline + max(worker, 0.0) + max(sum(own.values()) - total, 0.0)


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process, all its threads together; 0 when there is none."""
    if pid > 0:
        with contextlib.suppress(OSError):
            return time.clock_gettime(~pid << 3 | 2)  # as clock_getcpuclockid(3) of glibc computes it
    return 0.0


def thread_times(folder: str) -> ThreadTimes:
    """Return what the kernel tells in `schedstat` of a thread, or of all threads in a process's folder `task`."""
    found = {}
    with contextlib.suppress(OSError):
        names = [folder] if folder.endswith("self") else [f"{folder}/{name}" for name in os.listdir(folder)]
        for name in names:
            with contextlib.suppress(OSError, ValueError):  # it has just ended
                ran, waited, _ = map(int, Path(name, "schedstat").read_bytes().split())
                found[name] = ran / 1e9, waited / 1e9
    return found


def time_since(then: ThreadTimes, now: ThreadTimes) -> tuple[dict[str, float], dict[str, float]]:
    """Return for how long each thread that is there now ran since then, and for how long it was kept from running."""
    before = {name: then.get(name, (0.0, 0.0)) for name in now}
    ran = {name: now[name][0] - before[name][0] for name in now}
    return ran, {name: now[name][1] - before[name][1] for name in now}
