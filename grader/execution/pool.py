"""Pool of grading processes on this machine.

Each process takes one submission at a time, so that no core idles while a slow submission runs. A process that dies is
replaced. retries.py and confirmations.py say which submissions are graded again.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

import msgspec

from grader._util import extras, logs
from grader._util.cache_folder import cache_folder
from grader._util.load import cores, load_factor
from grader.assignments.loader import AssignmentError
from grader.errors import InternalError
from grader.execution.confirmations import Confirmations, is_starved, unconfirmed
from grader.execution.events import Event, EventKind, Listener, ignore
from grader.execution.grading_process import GradingProcess, end_processes
from grader.execution.limits import HANG_CHECK_SECONDS, HANG_MARGIN_SECONDS, MAX_FALSE_STARTS, POLL_SECONDS
from grader.execution.retries import Retries, given_up
from grader.execution.shared_processes import ProcessStarter
from grader.execution.shortage import Shortage
from grader.grading import scoring
from grader.models import Assignment, Limits, ScoreReport, Submission
from grader.sandbox.host import exposure
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.levels import SANDBOXES
from grader.submissions.spool import SubmissionSpool

LOG = logging.getLogger("grader.execution")


def hang_seconds(limits: Limits) -> float:
    """Return the seconds after which a process that grades a submission hangs.

    They are the limit of the submission, as much for the grader's own work for it, and as much for a busy machine. The
    process keeps these limits itself (student_proxy.py, budget.py): one that passes this limit is a grader error.
    """
    return 3 * limits.total_seconds + HANG_MARGIN_SECONDS


class BatchError(InternalError):
    """The pool can't go on: the grader or the assignment failed, as the message says."""


class MachineFull(BatchError):
    """The machine had no room for a grading process for a long time. Another try may go well."""


@dataclass
class GradingPool:
    """Grade submissions. Iterating yields the reports as they are ready; `log` collects grader errors.

    Before anything is graded, iterating raises SandboxUnavailable if the machine doesn't support the sandbox,
    MissingPackages if a module that the assignment preloads isn't installed, and Exposed if the sandbox would show the
    assignment.

    :param jobs: number of processes; 0 for one on each core
    :param contents: contents of submissions that have none
    :param poll_more: called again and again for further submissions; the pool then goes on until it is stopped
    :param niceness: by how much the processes let others compute first, 0 to 19
    """

    assignment: Assignment
    submissions: Iterable[Submission]
    jobs: int = 0
    sandbox: str = "full"
    run_all_cells: bool = False
    contents: SubmissionSpool | None = None
    poll_more: Callable[[], Iterable[Submission]] | None = None
    on_event: Listener = ignore
    niceness: int = 0
    log: list[str] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)  # student -> the first of what the submission printed

    def __post_init__(self) -> None:
        self.stopped = False
        self._wakeup: Connection | None = None
        self._waiting: deque[Submission] = deque()
        self._rejected: deque[Submission] = deque()
        self._processes: list[GradingProcess] = []
        self._idle: list[GradingProcess] = []  # processes without a submission
        self._starter: ProcessStarter | None = None
        self._max_processes = self.jobs or len(cores())
        self._retries = Retries()
        self._confirmations = Confirmations()
        self._false_starts = 0
        self._shortage: Shortage | None = None
        self._hang_seconds = hang_seconds(self.assignment.limits)

    def stop(self) -> None:
        """End the iteration soon, without the reports of running submissions. A signal handler may call it."""
        self.stopped = True
        self.wake()

    def wake(self) -> None:
        """Call `poll_more` soon. Any thread may call it."""
        if bell := self._wakeup:
            with contextlib.suppress(OSError):  # closed just now, or full
                bell.send_bytes(b"ring")

    def __iter__(self) -> Generator[ScoreReport, None, None]:
        if sys.platform != "linux":  # no grading process can be started
            SANDBOXES[self.sandbox]().check()
        private = {"the assignment": self.assignment.folder, "the cache of known answers": cache_folder()}
        extras.require_modules(self.assignment.modules, f"the assignment {self.assignment.name}")
        exposure.check(self.sandbox, self.assignment.support, private)
        for submission in self.submissions:
            self._queue(submission)
        alarm, bell = multiprocessing.Pipe(duplex=False)
        os.set_blocking(bell.fileno(), False)  # if the pipe is full, it rings anyway: nobody waits to ring once more
        self._wakeup = bell
        try:
            self._poll()
            self._start_processes()
            yield from self._rejections()
            while (self._processes or self._has_work or self.poll_more) and not self.stopped:
                ready = wait(
                    [alarm, *(process.pipe for process in self._processes)],
                    POLL_SECONDS if self.poll_more or self._shortage else HANG_CHECK_SECONDS,
                )
                for process in self._processes:
                    process.end_if_hung(self._hang_seconds * load_factor())
                if alarm in ready:
                    alarm.recv_bytes()
                for process in [process for process in self._processes if process.pipe in ready]:
                    report = self._receive(process)
                    if report:
                        yield report
                if self.poll_more or self._shortage:
                    self._hand_out()
                    yield from self._rejections()
        finally:
            self._dismiss_idle()
            end_processes(self._processes)
            self._processes.clear()
            self._idle.clear()
            if self._starter:
                self._starter.close()
            self._wakeup = None  # before it is closed: a signal handler may use it
            alarm.close()
            bell.close()

    @property
    def room(self) -> int:
        """Number of further submissions that processes could start now."""
        return (
            self._max_processes
            - len(self._waiting)
            - sum(process.submission is not None for process in self._processes)
        )

    @property
    def _has_work(self) -> bool:
        return bool(self._waiting or self._confirmations)

    def _poll(self) -> None:
        """Queue further submissions."""
        if self.poll_more and not self.stopped:
            for submission in self.poll_more():  # one by one: the generator looks at `room`
                self._queue(submission)

    def _queue(self, submission: Submission) -> None:
        (self._rejected if submission.rejection else self._waiting).append(submission)
        logs.event(LOG, logging.DEBUG, "submission queued", **log_fields(submission))

    def _rejections(self) -> Iterator[ScoreReport]:
        """Yield the reports of rejected submissions, for which no process is needed."""
        while self._rejected and not self.stopped:
            submission = self._rejected.popleft()
            assert submission.rejection
            self.on_event(Event(EventKind.STARTED, submission.student))
            report = scoring.rejected_report(self.assignment, submission, submission.rejection)
            log_report(report)
            yield report
            self._hand_out()  # the student's next submission may have waited for this report

    def _start_processes(self) -> None:
        """Start as many processes as there is work for, `jobs` at most.

        If a process can't be started, the others go on, and it is tried again later. Raises MachineFull if there has
        been no other for NO_ROOM_SECONDS.
        """
        if self._must_wait() or (self._shortage and not self._shortage.is_retry_due):
            return
        coming = sum(not process.is_ready for process in self._processes)
        needed = len(self._waiting) or bool(self._confirmations)
        while len(self._processes) < self._max_processes and coming < needed:
            try:
                process = self._new_process()
            except OSError as problem:
                self._not_started(problem)
                return
            self._processes.append(process)
            coming += 1

    def _not_started(self, problem: OSError, trace: str = "") -> None:
        """Handle a process that can't be started. Raises MachineFull if there has been no other for too long.

        The log names only the first of several in a row.
        """
        why = problem.strerror or str(problem)
        if not self._shortage:
            self._shortage = Shortage()
            self.log += [f"a grading process can't be started: {why}", *([trace] if trace else [])]
            logs.event(LOG, logging.WARNING, "grading process can't be started, trying again", why=why)
            self.on_event(Event(EventKind.NOTICE, message=f"a grading process can't be started ({why}); trying again"))
        self._shortage.try_failed(others=any(process.is_ready for process in self._processes))
        if self._shortage.is_over_long:
            raise no_room(problem) from None

    def _new_process(self) -> GradingProcess:
        if not self._starter:
            self._starter = ProcessStarter(self.assignment, self.sandbox, self.run_all_cells, self.niceness)
        return self._starter.start(self._free_core())

    def _free_core(self) -> int | None:
        """Return a core for a new process alone, if there are as many processes as cores, and work for all of them.

        A process and its worker take turns. On one core, neither waits for another core to wake up, and the data of
        the other is still in the cache. With fewer processes than cores, another run may want the same cores.
        """
        there = cores()
        if self._max_processes != len(there) or len(self._processes) + len(self._waiting) < self._max_processes:
            return None
        return next(iter(set(there).difference(process.core for process in self._processes)), None)

    def _hand_out(self) -> None:
        """Give idle processes their submissions, and let them end if no more submissions can come."""
        self._poll()  # so that a confirmation starts only if really nobody waits
        while self._idle and not self._must_wait() and (self._has_work or not self.poll_more):
            process = self._idle.pop()
            if not process.process.template_ended:  # else its pipe closes just now
                self._give(process)
        self._start_processes()

    def _dismiss_idle(self) -> None:
        """Let the processes that grade nothing end by themselves: they save their known answers then."""
        for process in self._processes:
            if process.is_ready and process.submission is None and not process.dismissed:
                process.give(None)

    def _must_wait(self) -> bool:
        """Whether a submission is graded alone, or will be as soon as the others have ended."""
        alone = self._confirmations.running or self._confirmations.is_due(others_wait=bool(self._waiting))
        return alone and any(process.submission for process in self._processes)

    def _next(self) -> Submission | None:
        """Take the next submission from the queues; None if there is none."""
        if self._confirmations.is_due(others_wait=bool(self._waiting)):
            return self._confirmations.begin()
        return self._waiting.popleft() if self._waiting else None

    def _give(self, process: GradingProcess) -> None:
        """Give a process the next submission, or let it end if there is none."""
        submission = self._next()
        if not submission:
            process.give(None)
            return
        process.give(self._with_content(submission))
        logs.event(LOG, logging.INFO, "submission started", **log_fields(submission), pid=process.pid)
        self.on_event(Event(EventKind.STARTED, submission.student))

    def _receive(self, process: GradingProcess) -> ScoreReport | None:
        """Handle one message of a process. Return a report if the message is one."""
        try:
            kind, content = process.pipe.recv()
        except (EOFError, OSError):
            return self._process_ended(process)
        if kind == "ready":
            self._ready(process)
        elif kind == "report":
            assert isinstance(content, ScoreReport)  # our own process sent it
            return self._graded(process, content)
        elif kind == "printed":
            student, text = content
            self.printed[student] = text
        elif kind == "log":
            self.log.append(content)
            lines = content.strip().splitlines() or [""]  # internal.log has all of them
            logs.event(LOG, logging.ERROR, "grader error", pid=process.pid, where=lines[0], why=lines[-1])
        elif kind == "record":
            logs.publish(content)
        elif kind == "not started" and not process.is_ready:
            self._processes.remove(process)
            end_processes([process])
            number, why, trace = content
            self._not_started(OSError(number, why), trace)
        else:
            raise process_error(kind, content)
        return None

    def _graded(self, process: GradingProcess, report: ScoreReport) -> ScoreReport | None:
        """Return the report of a process, or None if its submission is graded again."""
        submission, process.submission = process.submission, None
        assert submission
        if self._confirmations.is_needed(report):
            if not self._confirmations.full:
                self._confirmations.add(submission)
                why = "the machine was full" if is_starved(report) else "a limit on time was reached on a busy machine"
                logs.event(LOG, logging.WARNING, "submission to be confirmed", **log_fields(report), why=why)
                self.on_event(Event(EventKind.RETRIED, report.student, why))
                return None
            report = unconfirmed(report)
        self._confirmations.end(report.student)
        self._retries.graded(report.student)
        log_report(report)
        return report

    def _ready(self, process: GradingProcess) -> None:
        """Give the next submission to a process that asks for one."""
        if not process.is_ready:
            seconds = time.monotonic() - process.started
            logs.event(LOG, logging.INFO, "grading process ready", pid=process.pid, seconds=seconds)
        self._false_starts = 0
        self._shortage = None
        process.is_ready = True
        self._idle.append(process)
        self._hand_out()

    def _with_content(self, submission: Submission) -> Submission:
        """Return the submission with its content, which is in memory only while it is graded."""
        if self.contents is None or submission.rejection or submission.content:
            return submission
        return msgspec.structs.replace(submission, content=self.contents.get(submission.digest))

    def _process_ended(self, process: GradingProcess) -> ScoreReport | None:
        self._processes.remove(process)
        if process in self._idle:
            self._idle.remove(process)
        end_processes([process])
        if process.dismissed:
            return None
        report = self._retry(process.submission, process) if process.submission else None
        if not process.is_ready and process.killed_for_memory:
            self._not_started(OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)))
        elif not process.is_ready:
            self._false_starts += 1
            logs.event(LOG, logging.WARNING, "grading process ended before it took a submission", how=process.exit_text)
            if self._false_starts == MAX_FALSE_STARTS:
                raise BatchError(f"the grading processes end before they take a submission ({process.exit_text})")
        self._hand_out()
        return report

    def _retry(self, lost: Submission, process: GradingProcess) -> ScoreReport | None:
        """Put a submission whose grading process died in a queue, or return its report when it is given up.

        If others died with it, or the machine had too little memory, it is graded alone, as a confirmation is, and only
        that counts.
        """
        ending, confirming = process.exit_text, self._confirmations.running  # if one runs, it is the lost one
        shared = process.process.template_ended or process.killed_for_memory
        alone = confirming or self._confirmations.full or not shared
        self.log.append(f"{lost.student}: the grading process died ({ending})")
        again = self._retries.lost(lost.student, alone=alone)
        what = "grading process lost, submission retried" if again else "grading process lost, submission given up"
        logs.event(LOG, logging.WARNING, what, **log_fields(lost), how=ending)
        self._confirmations.end(lost.student, again=again)
        if not again:
            return given_up(self.assignment, lost, self.sandbox)
        if not alone:
            self._confirmations.add(lost)
        elif not confirming:
            self._waiting.appendleft(lost)
        self.on_event(Event(EventKind.RETRIED, lost.student, f"the grading process died ({ending})"))
        return None


def no_room(problem: OSError) -> MachineFull:
    """Return the error of a pool that can start no process."""
    return MachineFull(f"no grading process can be started ({problem.strerror or problem})")


def process_error(kind: str, content: Any) -> Exception:
    """Return the exception for the reason that a grading process gives before it ends."""
    if kind == "assignment":
        return AssignmentError(content)
    return SandboxUnavailable(*content) if kind == "unavailable" else BatchError(content)


def log_fields(submission: Submission | ScoreReport) -> dict[str, str]:
    """Return the fields of a log record that name a submission and its version."""
    return {"student": submission.student, "digest": submission.digest[:8]}


def log_report(report: ScoreReport) -> None:
    """Log a new report."""
    logs.event(
        LOG,
        logging.INFO,
        "submission graded",
        **log_fields(report),
        status=report.status,
        score=report.score,
        max_score=report.max_score,
        review=report.needs_review,
        seconds=report.seconds,
        load_seconds=report.load_seconds,
        peak_memory_mb=report.peak_memory_bytes / 2**20,
    )
