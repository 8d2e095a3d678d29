"""Lack of room on this machine for another grading process: when a pool tries again, and when it gives up."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from grader.execution.limits import NO_ROOM_SECONDS, ROOM_RETRY_SECONDS


@dataclass
class Shortage:
    """Lack of room for another grading process, from the first try that fails until a process is ready.

    What fills the machine may end soon, such as the processes of other users. All times are of time.monotonic().
    """

    retry_at: float = 0.0
    give_up_at: float = math.inf  # for a pool that has no other process

    def try_failed(self, *, others: bool) -> None:
        """Note that a process couldn't be started, and whether others grade meanwhile."""
        now = time.monotonic()
        self.retry_at = now + ROOM_RETRY_SECONDS
        self.give_up_at = math.inf if others else min(self.give_up_at, now + NO_ROOM_SECONDS)

    @property
    def is_retry_due(self) -> bool:
        return time.monotonic() >= self.retry_at

    @property
    def is_over_long(self) -> bool:
        """Whether the pool has waited long enough for its only process."""
        return time.monotonic() >= self.give_up_at
