"""What this machine has room for, seen after a worker has ended: whether the worker ended for lack of it."""

from __future__ import annotations

import _thread
import contextlib
import threading
from pathlib import Path

from grader.sandbox.limits import ROOM_THREADS

STACK_BYTES = 1 << 16  # of a thread that only waits


def has_room_for_threads() -> bool:
    """Return whether so many threads can be started now as libraries start in a worker.

    All processes of a user or container share a limit on threads, and others may use it up for a while.
    """
    gate, ended = _thread.allocate_lock(), []
    before = threading.stack_size(STACK_BYTES)
    gate.acquire()
    try:
        for _ in range(ROOM_THREADS):
            (end := _thread.allocate_lock()).acquire()
            _thread.start_new_thread(_pass, (gate, end))
            ended.append(end)
    except RuntimeError:
        return False
    finally:
        threading.stack_size(before)
        gate.release()
        for end in ended:
            end.acquire()
    return True


def _pass(gate: _thread.LockType, end: _thread.LockType) -> None:
    """Wait at the gate: the program of a thread. The module threading would take three times as long for it."""
    with gate:
        end.release()


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
