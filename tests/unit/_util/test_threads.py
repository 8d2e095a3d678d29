"""Threads on a machine that has no room for them."""

from __future__ import annotations

import threading

import pytest

from grader._util import threads
from grader._util.threads import start_thread


class CrowdedOut(threading.Thread):
    """Thread that finds no room for a few times."""

    def __init__(self, times: int, problem: str = "can't start new thread") -> None:
        super().__init__()
        self._left = times
        self._problem = problem

    def start(self) -> None:
        self._left -= 1
        if self._left >= 0:
            raise RuntimeError(self._problem)
        super().start()


def test_a_thread_is_started_as_soon_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others may fill the machine for a moment."""
    monkeypatch.setattr(threads, "RETRY_SECONDS", 0.001)
    thread = CrowdedOut(3)
    start_thread(thread, 60)
    thread.join()


def test_a_thread_that_finds_no_room_in_time_says_so() -> None:
    """As a process does: callers handle both alike."""
    with pytest.raises(BlockingIOError, match="temporarily unavailable"):
        start_thread(CrowdedOut(1))


def test_a_thread_that_was_started_before_is_a_bug() -> None:
    """Nobody waits a minute for that."""
    with pytest.raises(RuntimeError, match="only be started once"):
        start_thread(CrowdedOut(1, "threads can only be started once"), 60)
