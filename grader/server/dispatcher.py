"""Dispatcher: claims attempts of one assignment, grades them with a warm `Grader`, and stores their reports.

It runs in a thread of its own. Whatever ends the process, each attempt is graded exactly once: a claim is a lease, a
report is stored in one transaction with the end of the attempt, and a lease that runs out puts the attempt back.

A grader error costs a student nothing. The attempt is graded once more, and then waits for a person (`review`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue

import msgspec

from grader._util import logs
from grader._util.load import cores
from grader.errors import GraderError, Interrupted, UserError
from grader.execution.events import Event, EventKind
from grader.execution.grader import Grader
from grader.execution.pool import MachineFull
from grader.execution.service import Graded
from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.attempts import Attempt, Ending
from grader.gradebook.errors import GradebookError, ReportUnstorable
from grader.gradebook.files import FileStore
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.flags import VERSION_OF, Flags
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.grading import scoring
from grader.models import Assignment, ScoreReport, Submission
from grader.server.estimate import Estimate, Moment
from grader.server.intake import read_attempt
from grader.server.limits import (
    EXPIRE_SECONDS,
    LEASE_SECONDS,
    MAX_FAULTS,
    NICENESS,
    POLL_SECONDS,
    RENEW_SECONDS,
    RESTART_SECONDS,
    STOP_SECONDS,
)
from grader.server.owners import new_owner
from grader.submissions.collect import selection_rules

LOG = logging.getLogger("grader.server")
SANDBOX = "full"
DIGEST_SHOWN = 16  # characters of an assignment's digest that tell it from others
WARM_UP = Submission.from_bytes("_warm-up", "warm_up.py", b"pass\n")  # starts the workers, and is stored nowhere

Finished = Callable[[Attempt, ScoreReport, str], None]
Job = tuple[Attempt, Submission, Future[Graded]]


def version_flag(assignment: str) -> str:
    """Return the name of the flag that says by which version of the assignment and the grader is graded."""
    return f"{VERSION_OF}{assignment}"


def version_of(basis: RunFingerprint) -> str:
    """Return the version of an assignment, the grader and its packages together."""
    return f"{basis.assignment_digest[:DIGEST_SHOWN]} with grader {basis.grader_version}"


def _workers(jobs: int | None, cluster: str) -> int:
    """Return how many attempts are graded at a time."""
    if not cluster:
        return len(cores()) if jobs is None else jobs
    from grader.execution.dask.address import capacity

    return capacity(cluster)


def stop_all(dispatchers: Iterable[Dispatcher]) -> None:
    """End dispatchers together, and wait for it."""
    found = list(dispatchers)
    for one in found:
        one.begin_stop()
    for one in found:
        one.stop()


class Dispatcher:
    """Dispatcher of one assignment. `start` it, `wake` it after an upload, `stop` it at the end.

    :param jobs: grading processes; None for one on each core, 0 if workers elsewhere do all the grading
    :param cluster: value of `--cluster`
    :param on_change: called with an attempt whose state has changed, in a thread of the dispatcher
    :param on_finish: called with a finished attempt, its report and what it printed
    :param on_fault: called after a grader error
    """

    def __init__(
        self,
        assignment: Assignment,
        book: Gradebook,
        files: FileStore,
        roster: Roster,
        *,
        jobs: int | None = None,
        cluster: str = "",
        on_change: Callable[[Attempt], None],
        on_finish: Finished,
        on_fault: Callable[[], None],
    ) -> None:
        self.assignment = assignment
        self.owner = new_owner(assignment.name)
        self.workers = _workers(jobs, cluster)
        self.estimate = Estimate(self.workers)
        self.ready = threading.Event()  # a worker of the grader has graded
        self.failure = ""  # why nothing can be graded now
        self._jobs = jobs
        self._cluster = cluster
        self._book = book
        self._queue = AttemptQueue(book)
        self._flags = Flags(book)
        self._files = files
        self._roster = roster
        self._rules = selection_rules(assignment)
        self.basis = RunFingerprint.for_run(assignment, SANDBOX)
        self._on_change = on_change
        self._on_finish = on_finish
        self._on_fault = on_fault
        self._grader: Grader | None = None
        self._run_number: int | None = None
        self._jobs_running: dict[int, Job] = {}  # attempt's number -> job
        self._ended: set[int] = set()  # numbers of attempts whose report isn't stored yet
        self._started: dict[str, Moment] = {}  # student -> when a worker took the submission
        self._cores = len(cores())
        self._news: SimpleQueue[int | None] = SimpleQueue()  # number of an attempt that ended; None only wakes
        self._stopping = threading.Event()
        self._next = dict.fromkeys(("renew", "expire", "restart"), 0.0)
        self._thread = threading.Thread(target=self._run, name=f"dispatcher {assignment.name}", daemon=True)

    def start(self) -> None:
        """Start the thread, and the workers. Without jobs, do nothing."""
        if self.workers:
            self._thread.start()

    def wake(self) -> None:
        """Look at the queue soon. Any thread may call it."""
        if self.alive:
            self._news.put(None)

    def begin_stop(self) -> None:
        """Begin to end: what is being graded has STOP_SECONDS, then it is put back like all else that was claimed."""
        self._stopping.set()
        self.wake()

    def stop(self) -> None:
        """End, and wait for it."""
        self.begin_stop()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def running(self) -> int:
        """Return the number of attempts that this dispatcher has claimed."""
        return len(self._jobs_running)

    @property
    def alive(self) -> bool:
        """Return whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
                if self._can_claim:
                    self.failure = ""
            except GraderError as problem:  # such as a database that can't be reached for a while
                self._report_problem(str(problem))
            except Exception as problem:  # a bug: the next attempts should be graded all the same
                LOG.exception("the dispatcher failed")
                self._report_problem(f"{type(problem).__name__}: {problem}")
            self._wait()
        self._shut_down()

    def _wait(self) -> None:
        """Wait for news. Attempts that ended stay in `_ended` until their report is stored."""
        with suppress(Empty):
            number = self._news.get(timeout=POLL_SECONDS)
            if number is not None:
                self._ended.add(number)

    def _step(self) -> None:
        """Start the grader if there is none, keep the leases, store reports, and claim what workers can take."""
        if self._grader is None or self._grader.failure:
            self._start_grader()
        if self._due("renew", RENEW_SECONDS):
            self._queue.renew(self.owner, LEASE_SECONDS, self._jobs_running)
        self._store_ended()
        if self._due("expire", EXPIRE_SECONDS):
            for expired in self._queue.expire():
                self._on_change(expired)
        self._check_place()
        while self._can_claim and len(self._jobs_running) <= self.workers and not self._stopping.is_set():
            attempt = self._queue.claim(self.owner, LEASE_SECONDS, [self.assignment.name])
            if attempt is None:
                return
            self._grade(attempt)

    def _check_place(self) -> None:
        """Raise UserError if attempts graded here would be graded otherwise than the portal says, or not at all."""
        self._files.check()
        wanted = self._flags.get(version_flag(self.assignment.name))
        if wanted != version_of(self.basis):
            raise UserError(
                f"the portal grades {self.assignment.name} by version {wanted or 'none: it was not started yet'}, and "
                f"this is {version_of(self.basis)}; use the same assignment, grader and packages everywhere"
            )

    @property
    def _can_claim(self) -> bool:
        """Whether there is a grader that can grade: one that has, and so doesn't fail for everybody."""
        return self._grader is not None and not self._grader.failure and self.ready.is_set()

    def _store_ended(self) -> None:
        """Store the reports of attempts that ended. One that can't be stored now is stored at the next step."""
        problem: Exception | None = None
        for number in sorted(self._ended):
            attempt, submission, future = self._jobs_running[number]
            try:
                if future.done():  # else a lease was lost, and this is the next claim of the attempt
                    self._store(attempt, submission, future)
                    del self._jobs_running[number]
                self._ended.discard(number)
            except Exception as error:  # the others are stored all the same
                problem = error
        if problem:
            raise problem

    def _due(self, what: str, seconds: float) -> bool:
        now = time.monotonic()
        if now < self._next[what]:
            return False
        self._next[what] = now + seconds
        return True

    def _start_grader(self) -> None:
        """Start a Grader, and warm up its workers. One that failed is replaced after RESTART_SECONDS."""
        if not self._due("restart", RESTART_SECONDS):
            return
        if self._grader:
            self._report_problem(str(self._grader.failure))
            self._grader.close()
            self._grader = None
            self.ready.clear()
        self._grader = Grader(
            self.assignment,
            sandbox=SANDBOX,
            workers=self._jobs or None,
            cluster=self._cluster,
            on_event=self._listen,
            niceness=NICENESS,
        )
        self._warm_up(self._grader)

    def _warm_up(self, grader: Grader) -> None:
        """Grade something small on each worker, so that no student waits for their start."""

        def done(future: Future[Graded]) -> None:
            if not future.cancelled() and future.exception() is None:
                self.ready.set()
                self.wake()

        for number in range(self.workers):
            student = f"{WARM_UP.student}-{number}"
            warm_up = Submission.from_bytes(student, WARM_UP.file, WARM_UP.content)
            grader.submit(warm_up).add_done_callback(done)

    def _grade(self, attempt: Attempt) -> None:
        """Hand a claimed attempt to the grader. An error is the result of its future."""
        submission = Submission.from_bytes(f"attempt-{attempt.number}", attempt.filename, b"")
        future: Future[Graded] = Future()
        try:
            assert self._grader
            person = self._roster.get(attempt.person)
            assert person, "attempts refer to people"
            submission = msgspec.structs.replace(submission, student=person.id)
            submission = read_attempt(attempt, person.id, self._files, self._rules)
            future = self._grader.submit(submission)
        except GradebookError:  # the database can't be reached, which is no fault: the lease runs out
            raise
        except OSError as problem:  # no room on this machine's disk: the next one would fare the same
            self._put_back(attempt)
            raise UserError(f"a submission can't be read here: {problem.strerror}") from problem
        except Exception as problem:
            future.set_exception(problem)
        self._jobs_running[attempt.number] = (attempt, submission, future)
        future.add_done_callback(lambda _: self._news.put(attempt.number))
        self._on_change(attempt)

    def _listen(self, event: Event) -> None:
        """Measure how long a worker is busy with a submission, for the estimate."""
        if event.kind == EventKind.STARTED:
            self._started[event.student] = Moment.now()
        elif event.kind == EventKind.GRADED:
            began = self._started.pop(event.student, None)
            if began is not None and not event.student.startswith(WARM_UP.student):
                self.estimate.add(began.until(Moment.now(), self._cores))

    def _store(self, attempt: Attempt, submission: Submission, future: Future[Graded]) -> None:
        try:
            report, printed = future.result(timeout=0)
        except (Interrupted, MachineFull):  # no fault of the attempt: it waits until there is room
            self._put_back(attempt)
            return
        except Exception as problem:
            self._fault(attempt, submission, problem)
            return
        if report.needs_review and attempt.faults + 1 < MAX_FAULTS:
            self._count_fault(attempt, "the report needs review")
            self._put_back(attempt, fault=True)
            return
        if report.needs_review:
            self._count_fault(attempt, "the report needs review, again")
        state: Ending = "review" if report.needs_review else "rejected" if report.status == "rejected" else "graded"
        self._finish(attempt, submission, report, printed, state)

    def _fault(self, attempt: Attempt, submission: Submission, problem: Exception) -> None:
        """Handle a grader error: grade once more, then leave it to a person."""
        self._count_fault(attempt, f"{type(problem).__name__}: {problem}")
        if attempt.faults + 1 < MAX_FAULTS:
            self._put_back(attempt, fault=True)
            return
        report = scoring.internal_error_report(self.assignment, submission, "The grader failed twice.", ())
        self._finish(attempt, submission, report, "", "review")

    def _count_fault(self, attempt: Attempt, why: str) -> None:
        logs.event(LOG, logging.ERROR, "grader error", attempt=attempt.public_id, faults=attempt.faults + 1, why=why)
        self._on_fault()

    def _put_back(self, attempt: Attempt, *, fault: bool = False) -> None:
        self._queue.put_back(attempt, self.owner, fault=fault)
        self._on_change(attempt)

    def _finish(
        self, attempt: Attempt, submission: Submission, report: ScoreReport, printed: str, state: Ending
    ) -> None:
        """Store a report. A lease that was lost means that another server grades the attempt."""
        # A grader whose files were changed while it ran is not the one that this run says it is.
        key = self.basis.report_key(submission) if report.grader_version == self.basis.grader_version else ""
        try:
            kept = self._keep(attempt, report, key, state)
        except ReportUnstorable as problem:
            report, state = scoring.unstorable_report(report, str(problem)), "review"
            self._count_fault(attempt, str(problem))
            kept = self._keep(attempt, report, key, state)
        if kept:
            self._on_finish(attempt, report, printed)
            self._on_change(attempt)
        else:
            logs.event(LOG, logging.WARNING, "lease lost", attempt=attempt.public_id)

    def _keep(self, attempt: Attempt, report: ScoreReport, key: str, state: Ending) -> bool:
        """Store a report; that of a preview apart from those that count. Return False if the lease was lost."""
        if attempt.shadow_of is not None:
            return self._queue.finish_preview(attempt, self.owner, self.basis, report, key, state)
        return self._queue.finish(attempt, self.owner, self._run_id, report, key, state)

    @property
    def _run_id(self) -> int:
        """Return the number of this server's run, which begins with its first report."""
        if self._run_number is None:
            self._run_number = self._book.new_run(self.basis, 0)
        return self._run_number

    def _report_problem(self, why: str) -> None:
        if why != self.failure:  # else it is in the log already
            logs.event(LOG, logging.ERROR, "dispatcher can't go on", assignment=self.assignment.name, why=why)
        self.failure = why

    def _shut_down(self) -> None:
        """Put back what no worker has begun, wait for the rest, and put that back at the end of the time."""
        for attempt, _, future in list(self._jobs_running.values()):
            if future.cancel():
                del self._jobs_running[attempt.number]
                with suppress(GraderError):
                    self._put_back(attempt)
        end = time.monotonic() + STOP_SECONDS
        while self._jobs_running and time.monotonic() < end:
            self._wait()
            self._ended &= self._jobs_running.keys()  # those that were cancelled are put back
            with suppress(GraderError):
                self._store_ended()
                self._queue.renew(self.owner, LEASE_SECONDS, self._jobs_running)
        if self._grader:
            self._grader.stop()
            self._grader.close()
        for attempt, _, _ in list(self._jobs_running.values()):
            with suppress(GraderError):
                self._put_back(attempt)
        with suppress(GraderError):
            self._queue.forget_worker(self.owner)
            if self._run_number is not None:
                self._book.finish_run(self._run_number)
