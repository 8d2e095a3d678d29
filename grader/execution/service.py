"""Queue in front of a pool that stays open. It takes submissions and returns a future for each report."""

from __future__ import annotations

import copy
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import NamedTuple, Protocol

import msgspec

from grader._util.threads import start_thread
from grader._util.wording import format_megabytes
from grader.errors import GraderError, InternalError, Interrupted, UserError
from grader.execution.events import Event, EventKind, Listener, ignore
from grader.execution.limits import CLUSTER_END_SECONDS, MAX_LOG_ENTRIES, NO_ROOM_SECONDS, POOL_END_SECONDS
from grader.execution.pool import GradingPool, no_room
from grader.models import Assignment, ScoreReport, Submission
from grader.submissions.limits import MAX_SUBMISSION
from grader.submissions.spool import SubmissionSpool


class Graded(NamedTuple):
    """A report, and the beginning of what the submission printed."""

    report: ScoreReport
    printed: str


class Order(NamedTuple):
    """A submission in the queue, with the future of its report."""

    submission: Submission
    future: Future[Graded]


class Pool(Protocol):
    """Pool of workers, on this machine or on a cluster. It grades what `poll_more` returns until it is stopped."""

    log: list[str]
    printed: dict[str, str]  # student -> beginning of what the submission printed

    @property
    def room(self) -> int:
        """Number of further submissions that the pool can take now."""

    def stop(self) -> None:
        """End the iteration soon. A signal handler may call this method."""

    def wake(self) -> None:
        """Call `poll_more` soon. Any thread may call this method."""

    def __iter__(self) -> Iterator[ScoreReport]: ...


class GradingService:
    """Grade submissions of one assignment until the service is closed. Thread-safe.

    :param workers: grading processes; 0 for one on each core
    :param cluster: value of `--cluster`; empty for this machine
    :param contents: contents of submissions that have none
    :param ended: called when the grading processes have ended
    :param on_event: called with the events of submissions, in a thread of the service or of the caller
    :param niceness: by how much grading processes on this machine let others compute first, 0 to 19
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
        ended: Callable[[], None] = lambda: None,
        on_event: Listener = ignore,
        niceness: int = 0,
    ) -> None:
        self.log: deque[str] = deque(maxlen=MAX_LOG_ENTRIES)
        self.failure: Exception | None = None  # reason why the service can grade no more
        self._ended = ended
        self._on_event = on_event
        self._end_seconds = CLUSTER_END_SECONDS if cluster else POOL_END_SECONDS
        self._lock = threading.Lock()
        self._closed = False
        self._stopped = False
        self._queued: deque[Order] = deque()
        self._grading: dict[str, Order] = {}  # student -> submission that is being graded
        self._by_student: dict[str, deque[Order]] = {}  # student -> submissions that wait for the one before them
        self._owner = os.getpid()
        self._assignment = assignment
        self._pool = self._make_pool(sandbox, workers, run_all_cells, cluster, contents, niceness)
        # Grading processes end with the thread that started them, so it is one that lasts as long as they should.
        self._thread = threading.Thread(target=self._run, daemon=True, name="grader")
        try:
            start_thread(self._thread, NO_ROOM_SECONDS)
        except BlockingIOError as problem:
            raise no_room(problem) from None

    def _make_pool(
        self,
        sandbox: str,
        workers: int,
        run_all_cells: bool,
        cluster: str,
        contents: SubmissionSpool | None,
        niceness: int,
    ) -> Pool:
        if cluster:
            # Imported here, because on one machine nobody needs Dask.
            from grader.execution.dask.address import parse
            from grader.execution.dask.pool import DaskPool

            target = parse(cluster)
            return DaskPool(
                self._assignment, (), target, sandbox, run_all_cells, contents, self._poll, on_event=self._emit
            )
        return GradingPool(
            self._assignment,
            (),
            workers,
            sandbox,
            run_all_cells,
            contents,
            self._poll,
            on_event=self._emit,
            niceness=niceness,
        )

    @property
    def closed(self) -> bool:
        """Whether the service takes no more submissions: it was closed, was stopped, or failed."""
        return self._closed

    def submit(self, submission: Submission) -> Future[Graded]:
        """Queue a submission. Submissions of one student are graded one after another.

        Raises what `prepare` and `enqueue` raise.
        """
        order = self.prepare(submission)
        self.enqueue([order])
        return order.future

    def prepare(self, submission: Submission) -> Order:
        """Return an order for `enqueue`. Raises UserError if it is no valid submission of this assignment."""
        return Order(self._checked(submission), Future())

    def enqueue(self, orders: Sequence[Order]) -> None:
        """Queue submissions together, so that as many grading processes start as there is work for.

        Raises InternalError if the service is closed, or a copy of the exception by which it failed.
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
        """Close soon, without waiting. Futures of ungraded submissions raise Interrupted. For signal handlers, too."""
        self._stopped = True
        self._pool.stop()

    def close(self) -> None:
        """End the grading processes. Futures of ungraded submissions raise InternalError."""
        self._pool.stop()
        if threading.current_thread() is not self._thread:  # a listener may close the service
            self._thread.join(self._end_seconds)

    def _poll(self) -> Iterator[Submission]:
        while self._queued and self._pool.room > 0:  # a submission in this queue can be cancelled
            order = self._queued.popleft()
            if order.future.set_running_or_notify_cancel():
                self._grading[order.submission.student] = order
                yield order.submission
            else:
                self._queue_next(order.submission.student)

    def _queue_next(self, student: str) -> None:
        """Queue the next submission of the student, if there is one."""
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
        except Exception as problem:  # futures raise it: no caller is in this thread
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
        """Return a new exception for each caller: one exception would collect the tracebacks of all threads."""
        if self.failure:
            return copy.copy(self.failure)
        if self._stopped:
            return Interrupted("grading was stopped", 130)
        return InternalError("the grader was closed")

    def _emit(self, event: Event) -> None:
        """Call the listener. An exception in it costs nobody a report."""
        try:
            self._on_event(event)
        except Exception as problem:
            self.log.append(f"{event.student}: the event listener failed: {type(problem).__name__}: {problem}")

    def _checked(self, submission: Submission) -> Submission:
        """Return a copy with valid fields: only that can be sent to a grading process."""
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
