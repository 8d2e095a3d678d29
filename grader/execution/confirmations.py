"""Confirmation of what a busy machine did: the submission is graded once more while nothing else runs in the pool.

On a busy machine the same work takes more processor time, because processes share caches and the halves of a core. So a
timeout there is confirmed before it costs points, and the second report counts. Students can cause such timeouts with
endless loops, so what confirmations cost others is limited: one runs at a time, mostly when nothing else is left to
grade, and few submissions wait for theirs.

A submission whose worker ended because the machine was full is graded once more in the same way, and then for review.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import msgspec

from grader._util.wording import STARVED, UNCONFIRMED_NOTE, was_busy
from grader.execution.limits import CONFIRMATION_SHARE, MAX_CONFIRMATION_CREDIT, MAX_UNCONFIRMED
from grader.models import ScoreReport, Status, Submission


class Confirmations:
    """Queue of the submissions whose timeout is to be confirmed, and the one whose confirmation runs.

    :param clock: returns seconds
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: deque[Submission] = deque()
        self._current: Submission | None = None
        self._began = 0.0
        self._credit = 0.0  # seconds that others may wait; below 0 after confirmations that took longer
        self._credited = clock()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def running(self) -> bool:
        """Whether a confirmation runs, so that nothing else may start."""
        return self._current is not None

    @property
    def full(self) -> bool:
        """Whether no further submission can wait for its confirmation."""
        return len(self._waiting) >= MAX_UNCONFIRMED

    def is_needed(self, report: ScoreReport) -> bool:
        """Return whether a report isn't confirmed yet, and the machine was too busy or full for it."""
        if self._is_current(report.student):
            return False
        cases = [case for question in report.questions for case in question.cases]
        return any(case.time_use and was_busy(case.time_use) for case in cases) or is_starved(report)

    def add(self, submission: Submission) -> None:
        """Let a submission wait for its confirmation."""
        self._waiting.append(submission)

    def is_due(self, *, others_wait: bool) -> bool:
        """Return whether the next confirmation should start as soon as the running submissions have ended.

        While others wait, a confirmation starts only if earlier ones left credit. Credit grows by a tenth of the time,
        up to MAX_CONFIRMATION_CREDIT: a pool that is open for weeks doesn't save up hours. The first confirmation may
        start at once.
        """
        if not self._waiting or self._current:
            return False
        return not others_wait or self._update_credit() >= 0

    def begin(self) -> Submission:
        """Return the next submission to confirm, and start its clock."""
        self._current, self._began = self._waiting.popleft(), self._clock()
        return self._current

    def end(self, student: str, *, again: bool = False) -> None:
        """Stop the clock if the student's submission is the current one.

        :param again: its process died, so it is confirmed again
        """
        if self._current is None or not self._is_current(student):
            return
        self._update_credit()
        self._credit -= self._clock() - self._began
        if again:
            self._waiting.appendleft(self._current)
        self._current = None

    def _update_credit(self) -> float:
        """Add the credit of the time since the last update, and return the sum in seconds."""
        now = self._clock()
        self._credit = min(self._credit + (now - self._credited) / CONFIRMATION_SHARE, MAX_CONFIRMATION_CREDIT)
        self._credited = now
        return self._credit

    def _is_current(self, student: str) -> bool:
        return self._current is not None and self._current.student == student


def is_starved(report: ScoreReport) -> bool:
    """Return whether a submission wasn't graded because the machine was full."""
    cases = (case for question in report.questions for case in question.cases)
    return any(case.status is Status.INTERNAL and case.message == STARVED for case in cases)


def unconfirmed(report: ScoreReport) -> ScoreReport:
    """Return the report, for review, of a submission whose timeout isn't confirmed, as too many others wait for that.

    A report for review is not exported, and the next run grades its submission again.
    """
    if is_starved(report):
        return report  # it is for review, and says why
    return msgspec.structs.replace(report, needs_review=True, notes=(*report.notes, UNCONFIRMED_NOTE))
