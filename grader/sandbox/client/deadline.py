"""Limits the time of a worker: wall-clock seconds, without those in which worker or grader waited for a core.

A worker that sleeps is ended once its limit has passed. A worker that computes is ended once it has used its limit in
processor time, however long that takes: with eight processes on two cores, four times as long.

    left = Deadline(10.0, process.proc_pid)
    left()                     # seconds that remain; zero or negative once it has passed
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from pathlib import Path

from grader._util.load import load_factor, load_per_core
from grader.models import TimeUse
from grader.sandbox.limits import FIRST_CHECK_SECONDS, MAX_REQUEST_WALL_FACTOR, MIN_WAIT_SECONDS

ThreadTimes = dict[str, tuple[float, float]]  # thread -> seconds it ran, seconds it waited for a core


class Deadline:
    """The seconds that one exchange with a worker may take. The clock starts when the object is created.

    :param pid: the worker's number in our /proc; 0 if there is none
    :param precise: read /proc from the beginning, instead of counting the first quarter of a second on the wall clock
    :param max_wall_seconds: wall-clock seconds, if fewer than MAX_REQUEST_WALL_FACTOR times the limit, and the more of
        them the busier the machine is
    """

    def __init__(self, seconds: float, pid: int, *, precise: bool = False, max_wall_seconds: float = math.inf) -> None:
        self.seconds = seconds
        self._pid = pid
        self._max_wall_seconds = max_wall_seconds
        self._started = time.monotonic()
        self._processor_seconds = processor_seconds(pid)
        self._own_processor_seconds = time.thread_time()
        self._withheld_before_baseline = 0.0  # seconds
        self._baseline: tuple[ThreadTimes, ThreadTimes] | None = None  # the worker's threads, ours
        self._end = self._started + min(seconds, FIRST_CHECK_SECONDS)
        if precise:
            self._read_baseline()

    def __call__(self) -> float:
        """Return how many seconds are left; zero or negative if the deadline has passed."""
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
        """Return the seconds that count, without those that the machine withheld. Call it while the worker exists."""
        passed = time.monotonic() - self._started
        if self._baseline is None:
            return passed
        processor = processor_seconds(self._pid) - self._processor_seconds
        counted = max(processor, passed - self._withheld())
        return max(counted, self.seconds) if self._passed_wall(passed) else counted

    def _passed_wall(self, passed: float) -> bool:
        """Return whether these are too many wall-clock seconds, whatever the kernel reports of waiting.

        Other submissions may start hundreds of threads each, which leave an honest one a hundredth of a core.
        """
        most = MAX_REQUEST_WALL_FACTOR * self.seconds
        return passed >= self._max_wall_seconds or (passed >= most and passed >= most * load_factor())

    def time_use(self) -> TimeUse:
        """Return what was used up to now. Ask while the worker is there: of one that is gone, nothing is known."""
        processor = processor_seconds(self._pid) - self._processor_seconds
        wall = time.monotonic() - self._started
        return TimeUse(self.seconds, round(self.used(), 3), round(processor, 3), round(wall, 3), load_per_core())

    def _read_baseline(self) -> None:
        """Read the times of all threads, against which later readings are compared.

        The reading is late if the grader computed a function that the worker called. Time before the reading in which
        neither the grader nor the worker ran counts as waiting for a core.
        """
        passed = time.monotonic() - self._started
        had = processor_seconds(self._pid) - self._processor_seconds + time.thread_time() - self._own_processor_seconds
        self._withheld_before_baseline = max(passed - FIRST_CHECK_SECONDS - had, 0.0)
        self._baseline = self._read_threads()

    def _read_threads(self) -> tuple[ThreadTimes, ThreadTimes]:
        return thread_times(f"/proc/{self._pid}/task"), thread_times("/proc/thread-self")

    def _withheld(self) -> float:
        """Return the seconds that other processes took from the worker, and from this thread.

        The worker's thread that lost most counts. Time that the worker's threads take from each other, or from this
        thread, does not.
        """
        assert self._baseline
        theirs, ours = self._read_threads()
        ran, waited = time_since(self._baseline[0], theirs)
        _, own = time_since(self._baseline[1], ours)
        total = sum(ran.values())
        worker = max((waited[name] - (total - ran[name]) for name in waited), default=0.0)
        return self._withheld_before_baseline + max(worker, 0.0) + max(sum(own.values()) - total, 0.0)


def processor_seconds(pid: int) -> float:
    """Return the processor time of all threads of a process together; 0 if there is no such process."""
    if pid > 0:
        with contextlib.suppress(OSError):
            return time.clock_gettime(~pid << 3 | 2)  # as clock_getcpuclockid(3) of glibc computes it
    return 0.0


def thread_times(folder: str) -> ThreadTimes:
    """Return what `schedstat` says of a thread, or of all threads in a process's folder `task`."""
    found = {}
    with contextlib.suppress(OSError):
        names = [folder] if folder.endswith("self") else [f"{folder}/{name}" for name in os.listdir(folder)]
        for name in names:
            with contextlib.suppress(OSError, ValueError):  # the thread has just ended
                ran, waited, _ = map(int, Path(name, "schedstat").read_bytes().split())
                found[name] = ran / 1e9, waited / 1e9
    return found


def time_since(then: ThreadTimes, now: ThreadTimes) -> tuple[dict[str, float], dict[str, float]]:
    """Return for each thread that exists now the seconds it ran, and the seconds it waited for a core, since `then`."""
    before = {name: then.get(name, (0.0, 0.0)) for name in now}
    ran = {name: now[name][0] - before[name][0] for name in now}
    return ran, {name: now[name][1] - before[name][1] for name in now}
