"""Helpers that several users share."""

from __future__ import annotations

import threading
import weakref

import pytest

from grader.execution.shared_helpers import LastingThread, SharedHelpers
from tests.helpers.processes import until


class Counter:
    """A helper that is no process."""

    def __init__(self) -> None:
        self.is_alive, self.closed = True, 0

    def close(self) -> None:
        self.closed += 1

    def forget(self) -> None:
        raise AssertionError("nobody forks here")


def test_helpers_are_started_once_for_each_key_and_again_when_they_have_ended() -> None:
    """And ended after the last release."""
    started: list[str] = []

    def start(key: str) -> Counter:
        started.append(key)
        return Counter()

    helpers: SharedHelpers[str, Counter] = SharedHelpers(start)
    for key in ("a", "a", "b"):
        helpers.acquire(key)
    first = helpers.running("a")
    assert started == ["a", "b"] and helpers.running("a") is first
    first.is_alive = False
    second = helpers.running("a")
    assert second is not first and first.closed == 1 and started == ["a", "b", "a"]
    helpers.release("a")
    assert second.closed == 0
    helpers.release("a")
    assert second.closed == 1
    with pytest.raises(KeyError):
        helpers.running("a")


def test_a_lasting_thread_passes_results_and_exceptions_on() -> None:
    """It goes on after an exception."""
    thread = LastingThread()
    with pytest.raises(ZeroDivisionError):
        thread.run(lambda: 1 / 0)
    assert thread.run(lambda: 7) == 7


def test_a_lasting_thread_that_could_not_start_is_started_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a thread that isn't there."""

    def fail(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    thread = LastingThread()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(BlockingIOError):
            thread.run(lambda: 7)
    assert thread.run(lambda: 7) == 7


def test_a_lasting_thread_keeps_no_result() -> None:
    """A helper whose starter was interrupted has no other owner, and ends with the last reference."""
    thread = LastingThread()
    made = weakref.ref(thread.run(Counter))
    until(lambda: made() is None)
