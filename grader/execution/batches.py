"""Batches of submissions for the workers of a cluster: which are next, how many, and which alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.execution.limits import (
    ASSUMED_SECONDS,
    BATCH_SECONDS,
    BATCH_SHARE,
    BATCHES_PER_THREAD,
    MAX_BATCH,
    MAX_FUTILE_RETRIES,
)
from grader.execution.retries import Retries
from grader.models import ScoreReport, Submission

WEIGHT = 0.3  # of the newest measurement of the seconds that a submission takes


@dataclass(eq=False)
class Batch:
    """Submissions for one task."""

    submissions: list[Submission]
    workers: tuple[str, ...] = ()  # those that may grade it; empty: any
    alone: bool = False  # it is one submission, and its worker has nothing else


class SubmissionQueue:
    """Submissions in the order in which they are graded: first tries, then those that lost a worker, alone."""

    def __init__(self, submissions: Iterable[Submission]) -> None:
        self.waiting = deque(submissions)
        self.failed_on: dict[str, str] = {}  # student -> the worker whose failure has a second try elsewhere
        self._elsewhere: deque[Submission] = deque()
        self._suspects: deque[Submission] = deque()
        self._retries = Retries()
        self._futile_retries = 0
        self._seconds = 0.0  # that a submission takes

    def __bool__(self) -> bool:
        return bool(self.waiting or self._elsewhere or self._suspects)

    def take(self, threads: Mapping[str, float], graded: Collection[Batch]) -> Batch | None:
        """Return the next batch, if there is room for one.

        :param threads: worker -> its threads
        :param graded: the batches that are on their way
        """
        alone = [batch for batch in graded if batch.alone]
        if alone or not (self.waiting or self._elsewhere):
            return self._take_alone(threads, alone) if len(alone) == len(graded) else None
        slots = BATCHES_PER_THREAD * int(sum(threads.values()))
        if len(graded) >= slots:
            return None
        if self._elsewhere:
            one = self._elsewhere.popleft()
            return Batch([one], tuple(worker for worker in threads if worker != self.failed_on[one.student]))
        each = max(self._seconds or ASSUMED_SECONDS, BATCH_SECONDS / MAX_BATCH)
        size = max(1, min(int(BATCH_SECONDS / each), -(-len(self.waiting) // (BATCH_SHARE * slots))))
        return Batch([self.waiting.popleft() for _ in range(size)])

    def put_back(self, batch: Batch) -> None:
        """Put a batch first that wasn't graded, which is no submission's fault."""
        (self._suspects if batch.alone else self.waiting).extendleft(reversed(batch.submissions))

    def lost(self, batch: Batch) -> list[Submission]:
        """Put a batch whose worker died in the queue. Return the submissions that are given up."""
        again = [one for one in batch.submissions if self._retries.lost(one.student, alone=batch.alone)]
        self._suspects.extend(again)
        return [one for one in batch.submissions if one not in again]

    def retry_elsewhere(self, submission: Submission, failed_on: str) -> bool:
        """Return whether what failed on our side, on a full disk say, is graded by another worker: only once."""
        if self.failed_on.pop(submission.student, None):
            self._futile_retries += 1
            return False
        if self._futile_retries >= MAX_FUTILE_RETRIES:
            return False
        self.failed_on[submission.student] = failed_on
        self._elsewhere.append(submission)
        return True

    def graded(self, reports: Sequence[ScoreReport]) -> None:
        """Take the measure of reports that came."""
        if reports:
            mean = sum(report.seconds for report in reports) / len(reports)
            self._seconds = WEIGHT * mean + (1 - WEIGHT) * (self._seconds or mean)
        for report in reports:
            self._retries.graded(report.student)

    def _take_alone(self, threads: Mapping[str, float], alone: Sequence[Batch]) -> Batch | None:
        """Return a submission for a worker that has nothing else. Dask doesn't tell what of its tasks a worker runs."""
        taken = {worker for batch in alone for worker in batch.workers}
        free = next((worker for worker in threads if worker not in taken), None)
        return Batch([self._suspects.popleft()], (free,), alone=True) if free and self._suspects else None
