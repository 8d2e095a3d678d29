"""Grades many submissions with several job processes on this machine.

Each job takes one submission at a time, so that no core idles while a slow one runs. A job that dies is replaced,
and the submission that it held is tried once more; when that one dies too, the report is INTERNAL.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

import msgspec

from grader._util import logs
from grader._util.load import busy, cores
from grader.assignments.loader import AssignmentError
from grader.diagnosis.answer_cache import folder as cache
from grader.errors import InternalError
from grader.execution.grading_process import GradingProcess, end
from grader.grading import scoring
from grader.models import Assignment, Limits, ScoreReport, Submission
from grader.sandbox.host import exposure
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.levels import SANDBOXES
from grader.submissions.spool import SubmissionSpool

LOG = logging.getLogger("grader.execution")

TRIES = 2  # for a submission whose job died
FALSE_STARTS = 3  # jobs in a row that ended before they could take a submission
EACH = 0.5  # seconds between two questions for more
LOOK = 5.0  # seconds between two looks whether a job hangs
SLACK = 60.0  # seconds beyond all limits of a submission, after which its job hangs


def longest(limits: Limits) -> float:
    """Seconds that a job may have a submission: its own limit, that of our work for it, and as much for a busy machine.

    A backstop for the limits that the job keeps itself (student_proxy.py, budget.py): reaching it is a fault of ours.
    """
    return 3 * limits.total_seconds + SLACK


class BatchError(InternalError):
    """The batch can't go on, for a reason of ours or of the assignment; the message says which."""


@dataclass
class GradingPool:
    """Grades submissions; iterating gives the reports as they come. `log` collects what broke on our side.

    With `more`, which is asked again and again for further submissions, it goes on until it is stopped. Raises
    SandboxUnavailable, before anything is graded, where this machine doesn't give the sandbox, and Exposed where the
    sandbox would show the assignment.
    """

    assignment: Assignment
    submissions: Iterable[Submission]
    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    whole: bool = False
    contents: SubmissionSpool | None = None  # where the submissions' contents are, when they don't bring them along
    more: Callable[[], Iterable[Submission]] | None = None
    log: list[str] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)  # student -> the first of what the submission printed

    def __post_init__(self) -> None:
        self.stopped = False
        self._bell: Connection | None = None
        self._waiting: deque[Submission] = deque()
        self._running: list[GradingProcess] = []
        self._idle: list[GradingProcess] = []  # of those, the ones that wait for a submission
        self._most = self.jobs or len(cores())
        self._deaths: Counter[str] = Counter()
        self._false_starts = 0
        self._longest = longest(self.assignment.limits)

    @property
    def held(self) -> tuple[str, ...]:
        """The students whose submissions are being graded."""
        return tuple(job.holds.student for job in list(self._running) if job.holds)

    def stop(self) -> None:
        """Ends the iteration soon, with what is being graded left undone. A signal handler may call it."""
        self.stopped = True
        self.wake()

    def wake(self) -> None:
        """Has `more` asked at once. Any thread may call it."""
        if bell := self._bell:
            with contextlib.suppress(OSError):  # it was closed just now
                bell.send_bytes(b"ring")

    def __iter__(self) -> Generator[ScoreReport, None, None]:
        if sys.platform != "linux":  # not even a job can be started
            SANDBOXES[self.sandbox]().check()
        private = {"the assignment": self.assignment.folder, "the cache of known answers": cache()}
        exposure.check(self.sandbox, self.assignment.support, private)
        for submission in self.submissions:
            self._queue(submission)
        alarm, bell = multiprocessing.Pipe(duplex=False)
        self._bell = bell
        try:
            self._ask_for_more()
            self._staff()
            while (self._running or self.more) and not self.stopped:
                ready = wait([alarm, *(job.pipe for job in self._running)], EACH if self.more else LOOK)
                for job in self._running:
                    job.end_if_hung(self._longest * busy())
                if alarm in ready:
                    alarm.recv_bytes()
                for job in [job for job in self._running if job.pipe in ready]:
                    report = self._hear(job)
                    if report:
                        yield report
                if self.more and not self.stopped:
                    self._ask_for_more()
                    self._serve()
        finally:
            end(self._running)
            self._running.clear()
            self._idle.clear()
            self._bell = None  # before it is closed, for a signal may come in between
            alarm.close()
            bell.close()

    @property
    def room(self) -> int:
        """Number of grading processes that have no submission yet, and none that waits for them."""
        return self._most - len(self._waiting) - sum(job.holds is not None for job in self._running)

    def _ask_for_more(self) -> None:
        """Take what `more` has to give."""
        if self.more:
            for submission in self.more():  # one by one, so that `room` tells what is left of it
                self._queue(submission)

    def _queue(self, submission: Submission) -> None:
        self._waiting.append(submission)
        logs.event(LOG, logging.DEBUG, "submission queued", **named(submission))

    def _staff(self) -> None:
        """As many jobs as there is work for, and no more than were asked for.

        Where a process can't be started, the others go on: it is tried again later. Raises BatchError without any.
        """
        coming = sum(not job.began for job in self._running)
        while len(self._running) < self._most and coming < len(self._waiting):
            try:
                job = GradingProcess(self.assignment, self.sandbox, self.whole, self._free_core())
            except OSError as problem:
                self.log.append(f"a grading process can't be started: {problem}")
                logs.event(LOG, logging.WARNING, "grading process can't be started", why=str(problem))
                if self._running:
                    return
                raise BatchError(f"no grading process can be started ({problem.strerror})") from None
            self._running.append(job)
            coming += 1

    def _free_core(self) -> int | None:
        """A core for a new job alone, where there are as many jobs as cores and work for all of them.

        A job and its worker take turns: on one core, neither waits for another core to wake up, and what one has
        just written is still near. With fewer jobs than cores another run may want the same cores.
        """
        there = cores()
        if self._most != len(there) or len(self._running) + len(self._waiting) < self._most:
            return None
        return next(iter(set(there).difference(job.core for job in self._running)), None)

    def _serve(self) -> None:
        """Gives the jobs that wait what there is to do; when nothing is left to come, they may go."""
        while self._idle and (self._waiting or not self.more):
            job = self._idle.pop()
            job.give(self._whole(self._waiting.popleft()) if self._waiting else None)
            if job.holds:
                logs.event(LOG, logging.INFO, "submission started", **named(job.holds), pid=job.process.pid)
        self._staff()

    def _hear(self, job: GradingProcess) -> ScoreReport | None:
        """Takes one message of a job; one that asks for a submission gets the next."""
        try:
            kind, content = job.pipe.recv()
        except (EOFError, OSError):
            return self._ended(job)
        if kind == "ready":
            self._ready(job)
        elif kind == "report":
            if job.holds:
                del self._deaths[job.holds.student]  # what the student hands in next has a count of its own
            job.holds = None
            tell_graded(content)
            return content  # type: ignore[no-any-return]  # our own job sent it
        elif kind == "printed":
            student, text = content
            self.printed[student] = text
        elif kind == "log":
            self.log.append(content)
            lines = content.strip().splitlines() or [""]  # internal.log has all of them
            logs.event(LOG, logging.ERROR, "grader error", pid=job.process.pid, where=lines[0], why=lines[-1])
        elif kind == "record":
            logs.publish(content)
        else:
            raise failure(kind, content)
        return None

    def _ready(self, job: GradingProcess) -> None:
        """A process asks for a submission: it gets the next."""
        if not job.began:
            seconds = time.monotonic() - job.started
            logs.event(LOG, logging.INFO, "grading process ready", pid=job.process.pid, seconds=seconds)
        self._false_starts = 0
        job.began = True
        self._idle.append(job)
        self._serve()

    def _whole(self, submission: Submission) -> Submission:
        """The submission with its content, which is in memory only while it is being graded."""
        if self.contents is None or submission.rejected or submission.content:
            return submission
        return msgspec.structs.replace(submission, content=self.contents.get(submission.digest))

    def _ended(self, job: GradingProcess) -> ScoreReport | None:
        self._running.remove(job)
        if job in self._idle:
            self._idle.remove(job)
        end([job])
        if job.dismissed:
            return None
        report = self._again(job.holds, job.ending) if job.holds else None
        if not job.began:
            self._false_starts += 1
            logs.event(LOG, logging.WARNING, "grading process ended before it took a submission", how=job.ending)
            if self._false_starts == FALSE_STARTS:
                raise BatchError(f"the grading processes end before they take a submission ({job.ending})")
        self._staff()
        return report

    def _again(self, lost: Submission, ending: str) -> ScoreReport | None:
        """A submission whose job died comes first again; the last time it is a matter for a person."""
        self._deaths[lost.student] += 1
        self.log.append(f"{lost.student}: the grading process died ({ending})")
        again = self._deaths[lost.student] < TRIES
        what = "grading process lost, submission retried" if again else "grading process lost, submission given up"
        logs.event(LOG, logging.WARNING, what, **named(lost), how=ending, tries=self._deaths[lost.student])
        if again:
            self._waiting.appendleft(lost)
            return None
        del self._deaths[lost.student]
        problem = f"the grading process died {TRIES} times"
        return scoring.internal(self.assignment, lost, problem, SANDBOXES[self.sandbox].protections)


def failure(kind: str, content: Any) -> Exception:
    """Return the reason that a grading process gives for why it can't go on, as an exception."""
    if kind == "unfit":
        return AssignmentError(content)
    return SandboxUnavailable(*content) if kind == "unavailable" else BatchError(content)


def named(submission: Submission | ScoreReport) -> dict[str, str]:
    """Return whose submission it is, and which version, as fields of a log record."""
    return {"student": submission.student, "digest": submission.digest[:8]}


def tell_graded(report: ScoreReport) -> None:
    """Log a report that was made."""
    logs.event(
        LOG,
        logging.INFO,
        "submission graded",
        **named(report),
        status=report.status,
        score=report.score,
        max_score=report.max_score,
        review=report.needs_review,
        seconds=report.seconds,
        load_seconds=report.load_seconds,
        peak_memory_mb=report.peak_memory_bytes / 2**20,
    )
