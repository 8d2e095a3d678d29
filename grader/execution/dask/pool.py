"""Grades many submissions on a Dask cluster: as execution/pool.py does on one machine, with workers in place of jobs.

Each worker has one batch per thread at work and one more waiting, never others: so it is known whose batch it was
when a worker dies, and neither here nor on the scheduler is there ever more than that.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

import msgspec

from grader.assignments.loader import AssignmentError
from grader.execution.dask import plugin
from grader.execution.dask.address import Target
from grader.execution.dask.bundle import pack
from grader.execution.dask.client import DaskClient, SchedulerLost, WorkerLost
from grader.execution.dask.errors import ClusterFailed
from grader.execution.dask.messages import Results, SubmissionBatch, decode, encode
from grader.execution.dask.queue import WorkQueue
from grader.execution.dask.workers import Dispatch, Event, WorkerSet, WorkerState
from grader.grading import scoring
from grader.models import Assignment, ScoreReport, Submission
from grader.sandbox.host.levels import SANDBOXES
from grader.submissions.spool import SubmissionSpool

EACH = 0.5  # seconds between two looks at the workers
ROOM = 1000  # submissions that are asked for at once
BYTES = 1 << 20  # of submissions in a batch, from which on there is no other


@dataclass
class DaskPool:
    """Grades submissions; iterating gives the reports as they come. As Batch in grader/execution/pool.py."""

    assignment: Assignment
    submissions: Iterable[Submission]
    target: Target
    sandbox: str = "full"
    whole: bool = False
    contents: SubmissionSpool | None = None
    more: Callable[[], Iterable[Submission]] | None = None
    tell: Callable[[str], None] = lambda _: None  # takes what somebody who waits wants to know
    log: list[str] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)
    grade: Callable[[bytes], bytes] = plugin.grade  # what a worker does with a batch

    def __post_init__(self) -> None:
        self.stopped = False
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._draining: WorkerState | None = (
            None  # the worker that takes the next suspect when it has nothing else to do
        )

    def stop(self) -> None:
        """Ends the iteration soon, with what is being graded left undone. A signal handler may call it."""
        self.stopped = True
        self.wake()

    def wake(self) -> None:
        """Ask `more` soon."""
        self._events.put(tuple)  # an event in which nothing happens

    @property
    def room(self) -> int:
        """How many more submissions are wanted: a cluster takes them in batches, whose size depends on what waits."""
        return ROOM

    def __iter__(self) -> Generator[ScoreReport, None, None]:
        self._plan = WorkQueue(self.submissions)
        if not self._plan.left and not self.more:
            return
        key = f"{self.assignment.digest[:16]}-{secrets.token_hex(8)}"
        parcel = pack(self.assignment, key, self.sandbox, self.whole)
        with DaskClient(self.target) as self._site:
            self._crew = WorkerSet(self._site, self.assignment, parcel, self._events.put, self._tell, self.tell)
            try:
                yield from self._reports()
            finally:
                self._crew.dismiss()

    def _reports(self) -> Iterator[ScoreReport]:
        looked = 0.0
        while not self.stopped and (self._plan.left or self._crew.busy or self.more):
            try:
                if time.monotonic() >= looked + EACH:
                    yield from self._look()
                    looked = time.monotonic()
                with contextlib.suppress(Empty):
                    yield from self._events.get(timeout=EACH)()
                self._feed_all()
            except SchedulerLost:
                self._scheduler_lost()
                looked = 0.0

    def _look(self) -> Iterator[ScoreReport]:
        """Who came, who went, who is silent, and what else there is to do."""
        if self.more:
            self._plan.waiting.extend(self.more())
        for mate, ending in self._crew.look():
            yield from self._died(mate, ending)

    def _heard(self, mate: WorkerState, errand: Dispatch, answer: Any) -> Iterator[ScoreReport]:
        """What became of a batch."""
        if errand not in mate.line:  # given up meanwhile; somebody else has it
            return
        if isinstance(answer, SchedulerLost):
            raise answer
        if isinstance(answer, WorkerLost):
            yield from self._died(mate, "died")
            return
        mate.line.remove(errand)
        mate.stirred()
        if isinstance(answer, Exception):  # a fault of ours, or of the worker's machine
            yield from self._suspected(errand.submissions, alone=errand.alone)
            self._aside(mate, " ".join(f"{type(answer).__name__} {answer}".split()))
        else:
            yield from self._take(mate, errand, decode(answer, type=Results))

    # ---- giving

    def _feed_all(self) -> None:
        if self._crew.complete and self._plan.left:
            for mate in self._crew.ready:
                self._feed(mate)

    def _feed(self, mate: WorkerState) -> None:
        while mate.room and not self.stopped:
            if self._plan.suspects and self._draining in (None, mate):
                self._draining = mate if mate.line else None
                if not mate.line:
                    self._give(mate, [self._plan.suspects.popleft()], alone=True)
                return
            only = len(self._crew.ready) == 1
            submissions = self._plan.take(mate.address, mate.each, self._crew.slots, only=only)
            if not submissions:
                return
            self._give(mate, submissions)

    def _give(self, mate: WorkerState, submissions: list[Submission], *, alone: bool = False) -> None:
        whole, size = [], 0
        for submission in submissions:
            whole.append(self._whole(submission))
            size += len(whole[-1].content)
            if size > BYTES:
                break
        self._plan.back(submissions[len(whole) :])
        errand = Dispatch(submissions[: len(whole)], alone)
        mate.line.append(errand)
        mate.stirred()
        content = encode(SubmissionBatch(self._crew.key, tuple(whole)))
        errand.call = self._site.call(
            mate.address,
            lambda answer: self._events.put(partial(self._heard, mate, errand, answer)),
            self.grade,
            content,
        )

    def _whole(self, submission: Submission) -> Submission:
        if self.contents is None or submission.rejection or submission.content:
            return submission
        return msgspec.structs.replace(submission, content=self.contents.get(submission.digest))

    # ---- taking

    def _take(self, mate: WorkerState, errand: Dispatch, results: Results) -> Iterator[ScoreReport]:
        """The reports of a batch; what has none goes back."""
        if results.unfit:
            raise AssignmentError(results.unfit)
        self.log.extend(results.log)
        left = {submission.student: submission for submission in errand.submissions}
        for report in results.reports:
            yield from self._judged(mate, left.pop(report.student), report, results.printed)
        mate.measure(results.reports)
        self._plan.back(list(left.values()))
        if results.trouble:
            self._aside(mate, results.trouble)
        elif results.unknown and mate.ready:  # or it is getting the assignment already
            self._crew.equip(mate)

    def _judged(
        self, mate: WorkerState, submission: Submission, report: ScoreReport, printed: dict[str, str]
    ) -> Iterator[ScoreReport]:
        """What failed on our side is tried once more, by another worker: this one's disk may be full."""
        if report.needs_review:
            if len(self._crew.ready) > 1 and self._plan.again(submission, mate.address):
                return
        else:
            failed = self._plan.failed.get(report.student, mate.address)
            if failed != mate.address and (blamed := self._crew.blamed(failed)):
                self._aside(blamed, "what failed there went well elsewhere")
        if text := printed.get(report.student):
            self.printed[report.student] = text
        yield report

    def _aside(self, mate: WorkerState, reason: str) -> None:
        """A worker that can't grade gets nothing any more, and what it has goes to others."""
        for errand in reversed(self._crew.aside(mate, reason)):
            self._plan.back(errand.submissions)
        self._relieve(mate)

    def _died(self, mate: WorkerState, ending: str) -> Iterator[ScoreReport]:
        """What was at work on a worker is under suspicion; what waited there isn't."""
        errands = self._crew.remove(mate)
        self._relieve(mate)
        for errand in reversed(errands[mate.threads :]):
            self._plan.back(errand.submissions)
        for errand in errands[: mate.threads]:
            students = ", ".join(one.student for one in errand.submissions)
            self._tell(f"{mate.address} {ending} while it had {students}")
            yield from self._suspected(errand.submissions, alone=errand.alone)

    def _relieve(self, mate: WorkerState) -> None:
        if self._draining is mate:
            self._draining = None

    def _suspected(self, submissions: list[Submission], *, alone: bool) -> Iterator[ScoreReport]:
        for submission in self._plan.died(submissions, alone=alone):
            problem = "the workers that graded it died, the last one while it graded nothing else"
            yield scoring.internal_error_report(
                self.assignment, submission, problem, SANDBOXES[self.sandbox].protections
            )

    def _scheduler_lost(self) -> None:
        """Everything that was handed out comes back; then we wait for the scheduler."""
        self._draining = None
        for errand in reversed(self._crew.clear()):
            self._plan.back(errand.submissions)
        self._tell("the scheduler went away; waiting for it")
        if not self._site.again(lambda: self.stopped) and not self.stopped:
            raise ClusterFailed("the scheduler went away; what was graded is kept, and the same command goes on")

    def _tell(self, what: str) -> None:
        self.log.append(what)
        self.tell(what)
