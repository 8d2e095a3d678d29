"""What one submission uses: seconds in the sandbox, requests, calls back, memory."""

from __future__ import annotations

import time

LOADING = frozenset({"load", "need", "find", "substitute"})  # requests that run the submission's statements


class UsageMeter:
    """Counts of one submission. The clock of the sandbox runs while an answer is awaited.

    A request and its answer count with what they take to cross. While a function of the grader runs that the
    submission called, the clock stands still.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.callbacks = 0  # calls of the functions that the submission was given
        self.peak_memory_bytes = 0  # largest resident set of a worker
        self.load_seconds = 0.0  # starting workers, and requests that run the submission's own statements
        self._inside = False
        self._inside_seconds = 0.0
        self._since = 0.0

    @property
    def sandbox_seconds(self) -> float:
        """Seconds in which an answer was awaited, up to now."""
        return self._inside_seconds + (time.perf_counter() - self._since if self._inside else 0.0)

    def switch(self, inside: bool) -> bool:
        """Start or stop the clock of the sandbox. Return whether it was running, for whoever sets it back."""
        now = time.perf_counter()
        if self._inside:
            self._inside_seconds += now - self._since
        self._since = now
        before, self._inside = self._inside, inside
        return before

    def ended(self, peak_mb: float) -> None:
        """Take in the peak memory of a worker that has ended, in MB."""
        self.peak_memory_bytes = max(self.peak_memory_bytes, int(peak_mb * 2**20))
