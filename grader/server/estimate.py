"""Estimate of the time until an attempt is graded, from the gradings before it."""

from __future__ import annotations

import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from grader.gradebook.attempt_lists import AttemptLists
from grader.server.limits import (
    ASSUMED_SECONDS,
    DISTURBED_SECONDS,
    FRESH_SECONDS,
    LOOK_SHARE,
    MAX_LOOK_SECONDS,
    MAX_RUNNING,
    MEASURED,
)


def seconds_until_look(estimate: float) -> float:
    """Return after how many seconds it is worth looking at an attempt again that is graded after so many.

    A thousand who wait for minutes and ask every two seconds would keep a core busy.
    """
    return min(LOOK_SHARE * estimate, MAX_LOOK_SECONDS)


class Pace(NamedTuple):
    """How fast an assignment is graded now.

    :param mean: seconds of a grading. The mean, not the median: what waits behind a slow one waits longer
    :param workers: how many attempts are graded at a time
    :param ahead: gradings that are done before the first that waits
    :param undisturbed: seconds of a grading, on average, without those that the server took from the workers
    """

    mean: float
    workers: int
    ahead: float
    undisturbed: float

    def seconds(self, before: int) -> float:
        """Return the seconds until an attempt is graded, before which so many others that wait are.

        While a class hands in, uploads take a third of the machine. That goes on for a minute, but not for all of the
        queue: most of those who wait are graded afterwards.
        """
        seconds = self.mean * (1 + (before + self.ahead) / self.workers)
        if (later := seconds - DISTURBED_SECONDS) > 0:
            seconds = DISTURBED_SECONDS + later * self.undisturbed / self.mean
        return round(seconds, 1)


class Measured(NamedTuple):
    """Seconds that a worker was busy with an attempt, and those without what the server took from it."""

    seconds: float
    undisturbed: float


class Moment(NamedTuple):
    """When a grading began, and how much processor time this process had taken until then."""

    time: float
    processor_time: float

    @classmethod
    def now(cls) -> Moment:
        """Return this moment."""
        return cls(time.monotonic(), time.process_time())

    def until(self, end: Moment, cores: int) -> Measured:
        """Return the seconds of a grading between two moments. What this process computed, it took from the workers."""
        seconds = end.time - self.time
        return Measured(seconds, seconds - (end.processor_time - self.processor_time) / cores)


class Estimate:
    """Estimate for the attempts of an assignment that one dispatcher grades. Thread-safe.

    :param workers: how many attempts are graded at a time
    """

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)
        self._measured: deque[Measured] = deque(maxlen=MEASURED)
        self._lock = threading.Lock()

    def add(self, measured: Measured) -> None:
        """Add how long a worker was busy with one attempt."""
        with self._lock:
            self._measured.append(measured)

    @property
    def means(self) -> Measured:
        """Return the mean seconds of a grading."""
        with self._lock:
            if not self._measured:
                return Measured(ASSUMED_SECONDS, ASSUMED_SECONDS)
            return Measured(*map(statistics.fmean, zip(*self._measured, strict=True)))

    def pace(self, running: int) -> Pace:
        """Return the pace now.

        :param running: attempts that workers have, or take next; on average half of each that is graded is done
        """
        busy, means = running >= self.workers, self.means
        ahead = running - self.workers + self.workers / 2 if busy else 0.0
        return Pace(means.seconds, self.workers, ahead, means.undisturbed)


class SharedPace(NamedTuple):
    """Pace of all dispatchers of a database together, and the names of those that grade now."""

    pace: Pace
    owners: frozenset[str]


class SharedPaces:
    """Paces as the database shows them, for attempts that several servers and workers grade. Thread-safe.

    A dispatcher claims one attempt more than it grades. So the time from claim to report is longer than a grading, and
    the attempts that are claimed are more than the workers: both by the same factor, which the quotient doesn't have.

    :param now: returns seconds of a clock that is never set back
    """

    def __init__(self, lists: AttemptLists, now: Callable[[], float] = time.monotonic) -> None:
        self._lists = lists
        self._now = now
        self._known: dict[str, tuple[float, SharedPace]] = {}
        self._lock = threading.Lock()

    def read(self, assignment: str) -> SharedPace:
        """Return the pace of an assignment, read at most a few times a second."""
        with self._lock:
            read_at, shared = self._known.get(assignment, (float("-inf"), None))
            if shared is None or self._now() - read_at > FRESH_SECONDS:
                shared = self._read(assignment)
                self._known[assignment] = self._now(), shared
            return shared

    def _read(self, assignment: str) -> SharedPace:
        running = self._lists.running(assignment, MAX_RUNNING)
        seconds = self._lists.grading_seconds(assignment, MEASURED)
        mean = statistics.fmean(seconds) if seconds else ASSUMED_SECONDS
        pace = Pace(mean, max(1, len(running)), 0.5 if running else 0.0, mean)
        return SharedPace(pace, frozenset(attempt.owner for attempt in running if attempt.owner))
