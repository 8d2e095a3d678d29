"""Rate limit of uploads: a token bucket for each person."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from grader.server.limits import MAX_RATED, SECONDS_PER_UPLOAD, UPLOADS_AT_ONCE


class RateLimit:
    """Token buckets by key. Thread-safe.

    :param now: returns seconds of a clock that is never set back
    """

    def __init__(
        self,
        capacity: int = UPLOADS_AT_ONCE,
        seconds: float = SECONDS_PER_UPLOAD,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity = capacity
        self._seconds = seconds
        self._now = now
        self._buckets: OrderedDict[object, tuple[float, float]] = OrderedDict()  # key -> tokens, time
        self._lock = threading.Lock()

    def take(self, key: object) -> int:
        """Take a token. Return 0, or the seconds after which there is one again if there is none."""
        with self._lock:
            now = self._now()
            tokens, before = self._buckets.pop(key, (float(self._capacity), now))
            tokens = min(self._capacity, tokens + (now - before) / self._seconds)
            allowed = tokens >= 1
            self._buckets[key] = (tokens - allowed, now)
            if len(self._buckets) > MAX_RATED:  # whose last upload is longest ago has most likely all tokens again
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) * self._seconds))
