"""Helpers that several users share."""

from __future__ import annotations

import pytest

from grader.execution.shared_helpers import LastingThread, SharedHelpers


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
