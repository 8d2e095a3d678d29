"""A queue in front of a pool that stays open: submissions in, a future of its report for each."""

from __future__ import annotations

import copy
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import NamedTuple, Protocol

import msgspec

from grader._util.wording import format_megabytes
from grader.errors import GraderError, InternalError, Interrupted, UserError
from grader.execution.events import Event, EventKind, Listener, ignore
from grader.execution.limits import MAX_LOG_ENTRIES, POOL_END_SECONDS
from grader.execution.pool import GradingPool
from grader.models import Assignment, ScoreReport, Submission
from grader.submissions.file_tree import MAX_SUBMISSION
from grader.submissions.spool import SubmissionSpool


class Graded(NamedTuple):
    """A report, and the first of what the submission printed."""

    report: ScoreReport
    printed: str


class Order(NamedTuple):
    """A submission, and the future of its report."""

    submission: Submission
    future: Future[Graded]


class Pool(Protocol):
    """Grade what `poll_more` gives, until it is stopped: on this machine, or on a cluster."""

    log: list[str]
    printed: dict[str, str]  # student -> the first of what the submission printed

    @property
    def room(self) -> int:
        """How many more submissions are wanted now."""

    def stop(self) -> None:
        """End the iteration soon. A signal handler may call it."""

    def wake(self) -> None:
        """Ask for more submissions at once. Any thread may call it."""

    def __iter__(self) -> Iterator[ScoreReport]: ...


class GradingService:
    """Grade submissions of one assignment, until it is closed. Any thread may call it.

    :param workers: grading processes; 0 for one on each core
    :param cluster: where to grade, when it isn't this machine, as `--cluster` takes it
    :param contents: where contents are of submissions that come without theirs
    :param idle_seconds: time without work after which everything is let go
    :param ended: called when the grading processes are gone
    :param on_event: called with each step of a submission, in a thread of the service or of the caller
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        sandbox: str = "full",
        workers: int = 0,
        run_all_cells: bool = False,
        cluster: str = "",
        contents: SubmissionSpool | None = None,
        idle_seconds: float = math.inf,
        ended: Callable[[], None] = lambda: None,
        on_event: Listener = ignore,
    ) -> None:
        self.log: deque[str] = deque(maxlen=MAX_LOG_ENTRIES)
        self.failure: Exception | None = None  # why nothing can be graded any more
        self._idle_seconds = idle_seconds
        self._ended = ended
        self._on_event = on_event
        self._lock = threading.Lock()
        self._closed = False
        self._stopped = False
        self._queued: deque[Order] = deque()
        self._grading: dict[str, Order] = {}  # student -> what is being graded
        self._by_student: dict[str, deque[Order]] = {}  # student -> what waits until that is done
        self._used = time.monotonic()
        self._owner = os.getpid()
        self._assignment = assignment
        self._pool: Pool
        if cluster:
            # Imported here, because on one machine nobody needs Dask.
            from grader.execution.dask.address import parse
            from grader.execution.dask.pool import DaskPool

            target = parse(cluster)
            self._pool = DaskPool(assignment, (), target, sandbox, run_all_cells, contents, self._poll, self._notice)
        else:
            self._pool = GradingPool(
                assignment, (), workers, sandbox, run_all_cells, contents, self._poll, on_event=self._emit
            )
        # Grading processes end with the thread that started them, so it is one that lasts as long as they should.
        self._thread = threading.Thread(target=self._run, daemon=True, name="grader")
        self._thread.start()

    @property
    def closed(self) -> bool:
        """Whether nothing is taken any more: it was closed, was idle for too long, or failed."""
        return self._closed

    def submit(self, submission: Submission) -> Future[Graded]:
        """Queue a submission. Submissions of one student are graded one after another.

        Raises what `prepare` and `enqueue` raise.
        """
        order = self.prepare(submission)
        self.enqueue([order])
        return order.future

    def prepare(self, submission: Submission) -> Order:
        """Return an order for `enqueue`. Raises UserError for what is no submission of this assignment."""
        return Order(self._checked(submission), Future())

    def enqueue(self, orders: Sequence[Order]) -> None:
        """Queue submissions, all at once: as many grading processes start as there is work for.

        Raises InternalError when the service is closed, or an exception like the one by which it failed.
        """
        if self._closed:
            raise self._problem()
        for order in orders:  # before they are queued: they may start at once
            self._emit(Event(EventKind.QUEUED, order.submission.student))
        with self._lock:
            if self._closed:
                raise self._problem()
            for order in orders:
                student = order.submission.student
                if student in self._by_student:
                    self._by_student[student].append(order)
                else:
                    self._by_student[student] = deque()
                    self._queued.append(order)
        self._pool.wake()

    def stop(self) -> None:
        """End soon, without waiting for it: what isn't graded raises Interrupted. A signal handler may call it."""
        self._stopped = True
        self._pool.stop()

    def close(self) -> None:
        """End the grading processes. What is not graded yet gets an InternalError."""
        self._pool.stop()
        self._thread.join(POOL_END_SECONDS)

    def _poll(self) -> Iterator[Submission]:
        if self._queued or self._grading:
            self._used = time.monotonic()
        elif time.monotonic() > self._used + self._idle_seconds:
            self._pool.stop()
        while self._queued and self._pool.room > 0:  # what waits here can still be cancelled
            order = self._queued.popleft()
            if order.future.set_running_or_notify_cancel():
                self._grading[order.submission.student] = order
                yield order.submission
            else:
                self._queue_next(order.submission.student)

    def _queue_next(self, student: str) -> None:
        """Let the student's next submission be graded, if there is one."""
        with self._lock:
            waiting = self._by_student[student]
            if waiting:
                self._queued.append(waiting.popleft())
            else:
                del self._by_student[student]

    def _run(self) -> None:
        try:
            for report in self._pool:
                printed = self._pool.printed.pop(report.student, "")
                order = self._grading.pop(report.student)
                self._move_log()
                self._queue_next(report.student)
                self._emit(Event(EventKind.GRADED, report.student, report=report, printed=printed))
                order.future.set_result(Graded(report, printed))
        except Exception as problem:  # whoever waits is told, and nobody else is here to take it
            known = isinstance(problem, GraderError)
            self.failure = problem if known else InternalError(f"{type(problem).__name__}: {problem}")
        finally:
            self._move_log()
            self._fail_rest()
            self._ended()

    def _fail_rest(self) -> None:
        with self._lock:
            self._closed = True
            left = [
                *self._grading.values(),
                *self._queued,
                *(one for each in self._by_student.values() for one in each),
            ]
            self._grading.clear()
            self._queued.clear()
            self._by_student.clear()
        for order in left:
            if order.future.running() or order.future.set_running_or_notify_cancel():
                order.future.set_exception(self._problem())

    def _move_log(self) -> None:
        self.log.extend(self._pool.log)
        self._pool.log.clear()

    def _problem(self) -> Exception:
        """Return a new exception each time: one that many threads raise would keep the frames of each."""
        if self.failure:
            return copy.copy(self.failure)
        if self._stopped:
            return Interrupted("grading was stopped", 130)
        return InternalError("the grader was closed")

    def _notice(self, message: str) -> None:
        self._emit(Event(EventKind.NOTICE, message=message))

    def _emit(self, event: Event) -> None:
        """Tell the listener. A mistake in it costs nobody a report."""
        try:
            self._on_event(event)
        except Exception as problem:
            self.log.append(f"{event.student}: what listens to events failed: {type(problem).__name__}: {problem}")

    def _checked(self, submission: Submission) -> Submission:
        """Return a copy whose fields are what they should be: nothing else can be sent to a grading process."""
        if os.getpid() != self._owner:
            raise UserError("this process was forked from the one that made the grader: make another one here")
        try:
            copied = msgspec.msgpack.decode(msgspec.msgpack.encode(submission), type=Submission)
        except (TypeError, ValueError, msgspec.MsgspecError) as problem:
            raise UserError(f"this is no submission: {problem}") from None
        if len(copied.content) > MAX_SUBMISSION:
            raise UserError(
                f"{copied.student} has more than the {format_megabytes(MAX_SUBMISSION)} that a submission may have"
            )
        if unknown := [name for name in copied.questions if name not in self._assignment.question_names]:
            raise UserError(f"{self._assignment.name} has no question {unknown[0]!r}")
        return copied
