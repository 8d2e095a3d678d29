"""Estimate of the time until an attempt is graded, from the gradings before it."""

from __future__ import annotations

import statistics
import threading
from collections import deque

from grader.server.limits import ASSUMED_SECONDS, MEASURED


class Estimate:
    """Estimate for one assignment. Thread-safe.

    :param workers: how many attempts are graded at a time
    """

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)
        self._seconds: deque[float] = deque(maxlen=MEASURED)
        self._lock = threading.Lock()

    def add(self, seconds: float) -> None:
        """Add how long a worker was busy with one attempt."""
        with self._lock:
            self._seconds.append(seconds)

    @property
    def mean(self) -> float:
        """Return the mean seconds of a grading. The mean, not the median: what waits behind a slow one waits longer."""
        with self._lock:
            return statistics.fmean(self._seconds) if self._seconds else ASSUMED_SECONDS

    def seconds(self, before: int, running: int) -> float:
        """Return the seconds until an attempt is graded.

        :param before: attempts that are graded before it
        :param running: attempts that workers have, or take next; on average half of each that is graded is done
        """
        busy = running >= self.workers
        ahead = before + (running - self.workers) + self.workers / 2 if busy else float(before)
        return round(self.mean * (1 + ahead / self.workers), 1)
