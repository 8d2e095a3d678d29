"""The clock of the sandbox: it runs while an answer is awaited, and not while the grader's own functions run."""

from __future__ import annotations

import pytest

from grader.sandbox.client.meter import UsageMeter


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def __iadd__(self, seconds: float) -> Clock:
        self.now += seconds
        return self


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("grader.sandbox.client.meter.time.perf_counter", made)
    return made


def test_time_in_functions_of_the_grader_is_the_graders(clock: Clock) -> None:
    """A request of 7 s, in which a function that the submission was given runs for 2 s, is 5 s in the sandbox."""
    meter = UsageMeter()
    clock += 50
    before = meter.switch(True)
    clock += 3
    meter.switch(False)  # the submission calls back
    clock += 2
    meter.switch(True)
    clock += 2
    meter.switch(before)
    clock += 50
    assert meter.sandbox_seconds == 5


def test_a_request_within_a_call_back_is_the_sandboxs_again(clock: Clock) -> None:
    """A function of the grader calls a function of the student's: that time counts as the student's."""
    meter = UsageMeter()
    outer = meter.switch(True)
    clock += 1
    meter.switch(False)
    clock += 10  # the grader's
    inner = meter.switch(True)
    clock += 1
    meter.switch(inner)
    clock += 10
    meter.switch(True)
    clock += 1
    meter.switch(outer)
    assert meter.sandbox_seconds == 3


def test_what_runs_at_the_moment_counts_up_to_now(clock: Clock) -> None:
    """Whoever looks in the middle of a request sees what has passed of it."""
    meter = UsageMeter()
    meter.switch(True)
    clock += 4
    assert meter.sandbox_seconds == 4


def test_the_largest_worker_counts() -> None:
    """Workers of a submission come one after another, so their memory isn't added up."""
    meter = UsageMeter()
    for megabytes in (100.0, 250.5, 90.0):
        meter.ended(megabytes)
    assert meter.peak_memory_bytes == int(250.5 * 2**20)
