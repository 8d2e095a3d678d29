"""What the time of a step went to, and why a case timed out."""

from __future__ import annotations

import time

from grader._util import budget
from grader.models import TimeUse
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.failures import own_time_use
from grader.sandbox.client.meter import UsageMeter


class StepWatch:
    """The seconds of one step of grading a submission, and what of them the sandbox took. The clock runs at once."""

    def __init__(self, meter: UsageMeter) -> None:
        self._meter = meter
        self._before = _counts(meter)
        self._began = time.perf_counter()
        self.seconds = 0.0

    def stop(self) -> None:
        """Take the time."""
        self.seconds = time.perf_counter() - self._began

    def fields(self) -> dict[str, float]:
        """Return what the step took, as fields of a log record."""
        sandbox, load, requests, callbacks = (
            now - then for now, then in zip(_counts(self._meter), self._before, strict=True)
        )
        return {
            "seconds": self.seconds,
            "sandbox_seconds": sandbox,
            "load_seconds": load,
            "requests": int(requests),
            "callbacks": int(callbacks),
        }


def _counts(meter: UsageMeter) -> tuple[float, float, int, int]:
    return meter.sandbox_seconds, meter.load_seconds, meter.requests, meter.callbacks


def time_use(ending: BaseException | None, wall: float) -> TimeUse | None:
    """Return why a case timed out, where it did: a limit of the worker's, or of the grader's own processor time."""
    if isinstance(ending, budget.BudgetExceeded):
        return own_time_use(ending.limit, wall)
    # An exception of `checks.raising` may lack the attribute: its other base class makes it.
    return getattr(ending, "time_use", None) if isinstance(ending, StudentError) else None
