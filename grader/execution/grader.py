"""`Grader`: grade submissions of one assignment with workers that stay warm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

import msgspec

from grader._util import extras
from grader._util.cache_folder import cache_folder
from grader._util.load import cores
from grader.errors import UserError
from grader.execution.events import Listener, ignore
from grader.execution.limits import QUEUED_FOR_CLUSTER, QUEUED_PER_WORKER, SIGNAL_CHECK_SECONDS
from grader.execution.pool import no_room
from grader.execution.service import Graded, GradingService, Order
from grader.models import Assignment, Limits, ScoreReport, Submission
from grader.sandbox.host import exposure
from grader.sandbox.host.levels import SANDBOXES
from grader.submissions.spool import SubmissionSpool


class Grader:
    """Grader of one assignment, whose workers stay warm between submissions. Thread-safe.

    The workers are processes: use the grader as a context manager, or close it.

    :param sandbox: level of protection: `full`, `process` or `off`
    :param workers: number of grading processes; one for each core if not given
    :param limits: limits of a submission, in place of the assignment's
    :param run_all_cells: run every cell of a notebook, not only those that graded names depend on
    :param cluster: grade on Dask workers instead of this machine; a value of `--cluster`
    :param contents: contents of submissions that have none
    :param on_event: called with an Event when a submission is queued, started, retried or graded, and with notices.
        It runs in threads of the grader, and grading waits until it returns. Its exceptions go to `log`.
    :param check_sandbox: start a worker at once, so that a sandbox that this machine doesn't support raises here.
        Without, the first report raises it, and a quarter of a second is saved.
    :param niceness: by how much the workers of this machine let other processes compute first, 0 to 19, as nice(1)
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        sandbox: str = "full",
        workers: int | None = None,
        limits: Limits | None = None,
        run_all_cells: bool = False,
        cluster: str = "",
        contents: SubmissionSpool | None = None,
        on_event: Listener = ignore,
        check_sandbox: bool = True,
        niceness: int = 0,
    ) -> None:
        """Prepare the workers, which start with the first submissions.

        Raises UserError for an unknown sandbox or cluster, SandboxUnavailable for a sandbox that this machine doesn't
        support, MissingPackages if a module that the assignment preloads isn't installed, Exposed if the sandbox would
        show the assignment, and InternalError if the machine has no room for a process or thread.
        """
        if sandbox not in SANDBOXES:
            raise UserError(f"there is no sandbox {sandbox!r}: choose one of {', '.join(SANDBOXES)}")
        if workers is not None and workers < 1:
            raise UserError(f"{workers} workers can't grade: give 1 or more, or none for one on each core")
        if cluster and workers:
            raise UserError("workers are for this machine alone: a cluster has its own")
        extras.require_modules(assignment.modules, f"the assignment {assignment.name}")
        if not cluster:
            if check_sandbox:
                try:
                    SANDBOXES[sandbox]().check()
                except BlockingIOError as problem:  # that isn't the sandbox's fault
                    raise no_room(problem) from None
            private = {"the assignment": assignment.folder, "the cache of known answers": cache_folder()}
            exposure.check(sandbox, assignment.support, private)
        if limits is not None:
            assignment = msgspec.structs.replace(assignment, limits=limits)
        self.assignment = assignment
        self._ahead = QUEUED_FOR_CLUSTER if cluster and contents else QUEUED_PER_WORKER * (workers or len(cores()))
        self._service = GradingService(
            assignment,
            sandbox=sandbox,
            workers=workers or 0,
            run_all_cells=run_all_cells,
            cluster=cluster,
            contents=contents,
            on_event=on_event,
            niceness=niceness,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers. Calls that still wait for a report raise InternalError."""
        self._service.close()

    def stop(self) -> None:
        """End soon. Calls that still wait for a report raise Interrupted. A signal handler may call this method."""
        self._service.stop()

    def grade(self, submission: Submission, timeout: float | None = None) -> ScoreReport:
        """Grade a submission and return its report.

        Raises TimeoutError after `timeout` seconds; a submission that was still in the queue is then not graded.
        Raises UserError if it is no valid submission of this assignment, AssignmentError if the hidden cases can't
        run, InternalError if the grader was closed, and Interrupted if it was stopped.
        """
        future = self.submit(submission)
        try:
            return future.result(timeout).report
        except BaseException:  # Ctrl-C, too
            future.cancel()
            raise

    def submit(self, submission: Submission) -> Future[Graded]:
        """Queue a submission. Return a future of its report and of the beginning of what it printed.

        Submissions of one student are graded one after another. Raises what `grade` raises.
        """
        return self._service.submit(submission)

    def grade_many(self, submissions: Iterable[Submission]) -> Iterator[ScoreReport]:
        """Yield the reports of submissions in the order in which they are ready. Raises what `grade` raises.

        Submissions are taken from the iterable as workers become free, so that few of them are in memory. If the
        iterable raises, the reports of the submissions before come first, then its exception.
        """
        yield from self.start_many(submissions)

    def start_many(self, submissions: Iterable[Submission]) -> Iterator[ScoreReport]:
        """Queue the first submissions, so that workers start, and return the iterator of `grade_many`."""
        many = _Many(self._service, iter(submissions), self._ahead)
        many.enqueue()
        return many.reports()

    @property
    def failure(self) -> Exception | None:
        """Reason why nothing more can be graded, or None. Every further call raises a copy of it."""
        return self._service.failure

    @property
    def log(self) -> Sequence[str]:
        """Errors of the grader, for instructors: they may quote hidden cases."""
        return tuple(self._service.log)


class _Many:
    """Submissions that are queued as workers become free."""

    def __init__(self, service: GradingService, source: Iterator[Submission], ahead: int) -> None:
        self._service = service
        self._source = source
        self._ahead = ahead  # submissions in the queue, at most
        self._waiting: set[Future[Graded]] = set()
        self._done: SimpleQueue[Future[Graded]] = SimpleQueue()  # `wait` looks at all futures, each time
        self._problem: Exception | None = None  # by which the source ended, StopIteration included

    def enqueue(self) -> None:
        """Queue submissions until there are `ahead`."""
        orders: list[Order] = []
        try:
            while self._problem is None and len(self._waiting) + len(orders) < self._ahead:
                orders.append(self._service.prepare(next(self._source)))
        except Exception as raised:  # StopIteration as well
            self._problem = raised
        if orders:
            self._service.enqueue(orders)
        for order in orders:
            self._waiting.add(order.future)
            order.future.add_done_callback(self._done.put)

    def reports(self) -> Iterator[ScoreReport]:
        """Yield the reports; between two of them, queue further submissions."""
        try:
            while self._waiting or self._problem is None:
                self.enqueue()
                if self._waiting:
                    future = self._next_done()
                    self._waiting.remove(future)
                    yield future.result().report
            if not isinstance(self._problem, StopIteration):
                raise self._problem
        finally:
            for future in self._waiting:
                future.cancel()

    def _next_done(self) -> Future[Graded]:
        """Wait for a submission. Look for signals meanwhile: those that other threads receive don't end this wait."""
        while True:
            try:
                return self._done.get(timeout=SIGNAL_CHECK_SECONDS)
            except Empty:
                pass
