"""What the time of a case went to, and why a case timed out."""

from __future__ import annotations

import logging
import time

import pytest

from grader._util import budget, logs
from grader.grading import cases
from grader.models import Status, TimeUse
from grader.sandbox.client.meter import UsageMeter
from grader.sandbox.client.student_proxy import StudentError, own_time_use

LOG = logging.getLogger("grader.grading")


class CaseWatch:
    """The seconds of one case, and what of them the sandbox took."""

    def __init__(self, meter: UsageMeter | None) -> None:
        self._meter = meter
        self._before = counts(meter)
        self._began = time.perf_counter()
        self.seconds = 0.0

    def stop(self) -> None:
        """Take the time."""
        self.seconds = time.perf_counter() - self._began

    def tell(self, student: str, item: pytest.Item, status: Status) -> None:
        """Log the case, unless the solution is asked."""
        if self._meter is None or not LOG.isEnabledFor(logging.DEBUG):
            return
        sandbox, load, requests, callbacks = (
            now - then for now, then in zip(counts(self._meter), self._before, strict=True)
        )
        logs.event(
            LOG,
            logging.DEBUG,
            "case",
            student=student,
            question=item.path.stem.removeprefix("test_"),
            case=cases.short(item.name),
            status=status,
            seconds=self.seconds,
            sandbox_seconds=sandbox,
            load_seconds=load,
            requests=int(requests),
            callbacks=int(callbacks),
        )


def counts(meter: UsageMeter | None) -> tuple[float, float, int, int]:
    """Return what a submission has used: sandbox seconds, seconds of loading, requests, calls back."""
    if meter is None:
        return 0.0, 0.0, 0, 0
    return meter.sandbox_seconds, meter.load_seconds, meter.requests, meter.callbacks


def time_use(ending: BaseException | None, wall: float) -> TimeUse | None:
    """Return why a case timed out, where it did: a limit of the worker's, or of the grader's own processor time."""
    if isinstance(ending, budget.Exceeded):
        return own_time_use(ending.limit, wall)
    return ending.time_use if isinstance(ending, StudentError) else None
