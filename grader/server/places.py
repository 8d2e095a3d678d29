"""Places in the queue, read at most a few times a second, however many wait for theirs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from grader.gradebook.attempt_lists import AttemptLists, QueuePlaces
from grader.gradebook.attempts import Attempt
from grader.server.limits import FRESH_SECONDS


class Places:
    """Places of the attempts of each assignment. Thread-safe.

    :param now: returns seconds of a clock that is never set back
    """

    def __init__(self, lists: AttemptLists, now: Callable[[], float] = time.monotonic) -> None:
        self._lists = lists
        self._now = now
        self._read: dict[str, tuple[float, QueuePlaces]] = {}
        self._lock = threading.Lock()

    def before(self, attempt: Attempt) -> int:
        """Return how many attempts are expected to be graded before one, as far as the last read says."""
        with self._lock:
            read_at, places = self._read.get(attempt.assignment, (float("-inf"), None))
            if places is None or self._now() - read_at > FRESH_SECONDS:
                places = self._lists.places([attempt.assignment])
                self._read[attempt.assignment] = self._now(), places
        return places.before(attempt)
