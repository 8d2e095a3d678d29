"""How long a worker may take: seconds of the wall clock, less those in which a busy machine let it or us wait.

A worker that sleeps is ended when its limit has passed. One that computes is ended when it has used its limit in
processor time, however long that takes: where eight processes share two cores, four times as long.

    left = Deadline(10.0, process.seen_as)
    left()                     # seconds that remain; none or fewer when it is over
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

LOOK = 0.25  # seconds: a shorter wait costs no look at /proc
LEAST = 0.01  # seconds of another wait, when something is left
MOST = 20  # times the limit that may pass on the wall clock, whatever the kernel tells


class Deadline:
    """The seconds that one exchange with a worker may take. It begins when it is made."""

    def __init__(self, seconds: float, number: int) -> None:
        """Begin. `number` is the worker's in our /proc; 0 when there is none."""
        self.seconds = seconds
        self._number = number
        self._began = time.monotonic()
        self._processor = processor_seconds(number)
        self._withheld: float | None = None  # until the exchange took long enough for a look
        self._end = self._began + min(seconds, LOOK)

    def __call__(self) -> float:
        """Return how many seconds are left, none or fewer when the deadline has passed."""
        left = self._end - time.monotonic()
        if left > 0:
            return left
        if self._withheld is None:
            self._withheld = self._waited()
            left = self._began + self.seconds - time.monotonic()
        else:
            left = self.seconds - self.used()
        if left > 0:
            left = max(left, LEAST)
            self._end = time.monotonic() + left
        return left

    def used(self) -> float:
        """Return the seconds that count: what the machine withheld doesn't."""
        passed = time.monotonic() - self._began
        if self._withheld is None:
            return passed
        waited = self._waited() - self._withheld
        return max(processor_seconds(self._number) - self._processor, passed - waited, passed / MOST)

    def _waited(self) -> float:
        return waited_seconds(f"/proc/{self._number}/task") + waited_seconds("/proc/thread-self")


def processor_seconds(number: int) -> float:
    """Return the processor time of a process, all its threads together; 0 when it is gone."""
    with contextlib.suppress(OSError):
        return time.clock_gettime(~number << 3 | 2)  # as clock_getcpuclockid(3) of glibc computes it
    return 0.0


def waited_seconds(folder: str) -> float:
    """Return how long the thread, or that of a process's threads that did so longest, was ready to run and didn't.

    The kernel tells it as the second number of `schedstat`. 0 where it doesn't.
    """
    longest = 0
    with contextlib.suppress(OSError):
        threads = [folder] if folder.endswith("self") else [f"{folder}/{name}" for name in os.listdir(folder)]
        for thread in threads:
            with contextlib.suppress(OSError, ValueError, IndexError):  # it has just ended
                longest = max(longest, int(Path(thread, "schedstat").read_bytes().split()[1]))
    return longest / 1e9
