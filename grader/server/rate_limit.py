"""Rate limits of uploads: token buckets for each person."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from grader.server.limits import MAX_RATED


class RateLimit:
    """Token buckets by key. Thread-safe.

    :param capacity: tokens of a full bucket
    :param seconds: until one more token is there
    :param now: returns seconds of a clock that is never set back
    """

    def __init__(
        self,
        capacity: int,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity = capacity
        self._seconds = seconds
        self._now = now
        self._buckets: OrderedDict[object, tuple[float, float]] = OrderedDict()  # key -> tokens, time
        self._lock = threading.Lock()

    def take(self, key: object, count: int = 1) -> int:
        """Take tokens. Return 0, or take none and return the seconds after which there are enough."""
        with self._lock:
            now = self._now()
            tokens, before = self._buckets.pop(key, (float(self._capacity), now))
            tokens = min(self._capacity, tokens + (now - before) / self._seconds)
            allowed = tokens >= count
            self._buckets[key] = (tokens - count * allowed, now)
            if len(self._buckets) > MAX_RATED:  # whose last upload is longest ago has most likely all tokens again
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((count - tokens) * self._seconds))
