"""What this machine has room for, seen after a worker has ended: whether the worker ended for lack of it."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from grader.sandbox.limits import ROOM_THREADS

STACK_BYTES = 1 << 16  # of a thread that only waits


def has_room_for_threads() -> bool:
    """Return whether so many threads can be started now as libraries start in a worker.

    All processes of a user or container share a limit on threads, and others may use it up for a while.
    """
    end = threading.Event()
    started: list[threading.Thread] = []
    before = threading.stack_size(STACK_BYTES)
    try:
        for _ in range(ROOM_THREADS):
            thread = threading.Thread(target=end.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        return False
    finally:
        threading.stack_size(before)
        end.set()
        for thread in started:
            thread.join()
    return True


def memory_kills() -> int:
    """Return how many processes the kernel has killed since the start of the machine, or of any container on it,
    because memory was short.
    """
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return 0
