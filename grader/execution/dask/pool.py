"""Grade many submissions on a Dask cluster, as execution/pool.py does on one machine.

Dask decides which worker gets a batch, and moves waiting batches to idle workers. The driver has two batches for each
thread on their way, so that neither it nor the scheduler ever holds more.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

import msgspec

from grader._util import extras, logs
from grader.assignments.loader import AssignmentError
from grader.execution.batches import Batch, SubmissionQueue
from grader.execution.dask import plugin
from grader.execution.dask.address import Target
from grader.execution.dask.bundle import Results, SubmissionBatch, decode, encode, pack_assignment
from grader.execution.dask.client import DaskClient, SchedulerLost, words
from grader.execution.dask.errors import ClusterError, ClusterFailed, WorkerFailed
from grader.execution.events import Event, EventKind, Listener, ignore
from grader.execution.limits import (
    HINT_SECONDS,
    MAX_BATCH_BYTES,
    MAX_WAITING,
    MAX_WORKER_FAILURES,
    NO_WORKER_SECONDS,
    POLL_SECONDS,
)
from grader.execution.pool import log_fields
from grader.execution.retries import given_up
from grader.models import Assignment, ScoreReport, Submission
from grader.submissions.spool import SubmissionSpool

LOG = logging.getLogger("grader.execution")


@dataclass
class DaskPool:
    """Grade submissions; iterating gives the reports as they come. The fields are those of GradingPool.

    :param on_event: called with notices, and when a submission is sent to a worker, or put in the queue once more
    :param grade: the task
    """

    assignment: Assignment
    submissions: Iterable[Submission]
    target: Target
    sandbox: str = "full"
    run_all_cells: bool = False
    contents: SubmissionSpool | None = None
    poll_more: Callable[[], Iterable[Submission]] | None = None
    on_event: Listener = ignore
    log: list[str] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)
    grade: Callable[[bytes], bytes] = plugin.grade

    def __post_init__(self) -> None:
        self.stopped = self._began = self._hinted = False
        self._queue = SubmissionQueue(self.submissions)
        self._sent: dict[Any, Batch] = {}  # future of a task -> its batch
        self._threads: dict[str, float] = {}  # worker that can grade -> its threads
        self._failures: Counter[str] = Counter()  # worker -> its failures where another did well
        self._shown: set[str] = set()
        self._first: set[str] = set()  # the workers that were there at first

    def stop(self) -> None:
        """End the iteration soon, with what is being graded left undone. A signal handler may call it."""
        self.stopped = True

    def wake(self) -> None:
        """Do nothing: `poll_more` is called twice a second, which is often enough for batches."""

    @property
    def room(self) -> int:
        """How many more submissions are wanted: the size of a batch depends on how many wait."""
        return max(0, MAX_WAITING - len(self._queue.waiting))

    def __iter__(self) -> Generator[ScoreReport, None, None]:
        if not self._queue and not self.poll_more:
            return
        extras.require_modules(self.assignment.modules, f"the assignment {self.assignment.name}")  # as workers do
        bundle = encode(pack_assignment(self.assignment, self.sandbox, self.run_all_cells))
        with DaskClient(self.target, bundle) as self._client:
            look = self._seen = time.monotonic()
            while not self.stopped and (self._queue or self._sent or self.poll_more):
                try:
                    if time.monotonic() >= look:
                        self._look()
                        look = time.monotonic() + POLL_SECONDS
                    while batch := self._queue.take(self._threads, self._sent.values()):
                        self._send(batch)
                    for future, result in self._client.results(POLL_SECONDS):
                        yield from self._take(future, result)
                except SchedulerLost:
                    self._reconnect()

    def _look(self) -> None:
        """Ask for further submissions, and for the workers. Raises ClusterError and ClusterFailed."""
        if self.poll_more:
            self._queue.waiting.extend(self.poll_more())
        workers = self._client.workers()
        if not self._began:
            self._first = self._first or workers.everyone
            for worker in workers.unusable:
                raise ClusterError(f"the worker {worker} can't grade: {workers.refused[worker]}")
            if self._first & (workers.everyone - workers.threads.keys() - workers.refused.keys()):
                return  # one that was there at first hasn't answered yet
        self._threads = workers.threads
        for worker, reason in workers.refused.items():
            self._tell_once(f"{worker} was quarantined: {reason}")
        # Dask leaves a task where it is once no worker may run it, also when a worker may do so later.
        for future in [future for future in self._sent if future.key in workers.stuck]:
            self._queue.put_back(self._sent.pop(future))
            self._client.cancel(future)
        if self._threads:
            self._began, self._hinted, self._seen = True, False, time.monotonic()
        else:
            self._wait_for_workers(workers)

    def _wait_for_workers(self, workers: plugin.Workers) -> None:
        """Tell the user that there are none. Raises ClusterError and ClusterFailed if there won't be any."""
        if workers.everyone and workers.refused.keys() >= workers.everyone:
            reasons = "; ".join(f"{worker}: {reason}" for worker, reason in sorted(workers.refused.items()))
            if not self._began:
                raise ClusterError(f"no worker can grade ({reasons})")
            raise ClusterFailed(f"no worker is left that can grade ({reasons}); what was graded is kept")
        if time.monotonic() > self._seen + NO_WORKER_SECONDS:
            raise ClusterFailed(
                f"no worker joined within {NO_WORKER_SECONDS / 60:.0f} minutes; what was graded is kept"
            )
        if time.monotonic() > self._seen + HINT_SECONDS and not self._hinted:
            self._hinted = True
            self._notify("waiting for workers")

    def _send(self, batch: Batch) -> None:
        """Submit a batch, or as much of it as there may be on its way at once."""
        whole, size = [], 0
        for submission in batch.submissions:
            if self.contents is not None and not submission.rejection and not submission.content:
                submission = msgspec.structs.replace(submission, content=self.contents.get(submission.digest))
            whole.append(submission)
            size += len(submission.content)
            if size > MAX_BATCH_BYTES:
                break
        self._queue.put_back(Batch(batch.submissions[len(whole) :]))
        del batch.submissions[len(whole) :]
        content = encode(SubmissionBatch(self._client.run, tuple(whole)))
        try:
            self._sent[self._client.submit(self.grade, content, batch.workers)] = batch
            logs.event(LOG, logging.DEBUG, "batch sent", count=len(whole), students=[one.student for one in whole])
        except SchedulerLost:
            self._queue.put_back(batch)
            raise
        for submission in whole:
            self.on_event(Event(EventKind.STARTED, submission.student))

    def _take(self, future: Any, result: bytes | Exception) -> Iterator[ScoreReport]:
        """Give the reports of a batch, or put it in the queue again. Raises SchedulerLost."""
        if future not in self._sent:
            return  # it was stuck, and was put back
        if isinstance(result, CancelledError):
            raise SchedulerLost
        batch = self._sent.pop(future)
        if isinstance(result, AssignmentError):
            raise result
        if isinstance(result, WorkerFailed):
            self._queue.put_back(batch)
            self._quarantine(*result.args)
        elif isinstance(result, Exception):  # the worker died, or something of ours raised
            self._tell(f"{words(result)} while it had {', '.join(one.student for one in batch.submissions)}")
            yield from self._lost(batch, words(result))
        else:
            yield from self._reports(batch, decode(result, type=Results))

    def _lost(self, batch: Batch, why: str) -> Iterator[ScoreReport]:
        """Put the submissions of a worker that died in the queue again. Give the reports of those that are given up."""
        lost = self._queue.lost(batch)
        for submission in batch.submissions:
            if submission in lost:
                logs.event(LOG, logging.WARNING, "worker lost, submission given up", **log_fields(submission), why=why)
                yield given_up(self.assignment, submission, self.sandbox)
            else:
                self.on_event(Event(EventKind.RETRIED, submission.student, why))

    def _reports(self, batch: Batch, results: Results) -> Iterator[ScoreReport]:
        """Give the reports of a batch, but for submissions that are graded once more."""
        self.log.extend(results.log)
        for record in results.records:
            logs.publish(record, results.worker)
        self._queue.graded(results.reports)
        for report, submission in zip(results.reports, batch.submissions, strict=True):
            if not self._graded_elsewhere(report, submission, results.worker):
                if text := results.printed.get(report.student):
                    self.printed[report.student] = text
                yield report

    def _graded_elsewhere(self, report: ScoreReport, submission: Submission, worker: str) -> bool:
        """Return whether another worker is to try what failed on our side.

        Quarantine a worker whose failures succeeded on another worker too often.
        """
        if report.needs_review:
            retried = len(self._threads) > 1 and self._queue.retry_elsewhere(submission, worker)
            if retried:
                logs.event(LOG, logging.WARNING, "submission retried elsewhere", student=report.student, worker=worker)
                self.on_event(Event(EventKind.RETRIED, report.student, f"it failed on {worker}"))
            return retried
        failed_on = self._queue.failed_on.pop(report.student, worker)
        if failed_on != worker:
            self._failures[failed_on] += 1
            if self._failures[failed_on] >= MAX_WORKER_FAILURES:
                self._quarantine(failed_on, "submissions that failed on it succeeded on another worker")
        return False

    def _quarantine(self, worker: str, reason: str) -> None:
        """Have the worker get nothing any more. What it has already it may grade."""
        self._threads.pop(worker, None)
        self._client.quarantine(worker, reason)

    def _reconnect(self) -> None:
        """Wait for the scheduler, and put what was on its way back in the queue."""
        for batch in reversed(self._sent.values()):
            self._queue.put_back(batch)
        self._sent.clear()
        self._threads = {}
        self._tell("the scheduler is lost; waiting for it")
        if not self._client.reconnect(lambda: self.stopped) and not self.stopped:
            raise ClusterFailed("the scheduler is lost; what was graded is kept; run the same command again to go on")

    def _tell_once(self, what: str) -> None:
        if what not in self._shown:
            self._shown.add(what)
            self._tell(what)

    def _tell(self, what: str) -> None:
        logs.event(LOG, logging.WARNING, "cluster", why=what)
        self.log.append(what)
        self._notify(what)

    def _notify(self, message: str) -> None:
        self.on_event(Event(EventKind.NOTICE, message=message))
