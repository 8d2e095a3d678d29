"""Errors and log records for a worker that reached a limit, ended, or reported a failure."""

from __future__ import annotations

import logging
import signal

from grader._util import budget, logs
from grader._util.load import load_per_core
from grader.models import Limits, Status, Submission, TimeUse
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.replies import STATUS_BY_FAILURE, Failure, failure_message
from grader.sandbox.guest.usage_watch import MEMORY
from grader.sandbox.host.process import ExitInfo

LOG = logging.getLogger("grader.sandbox")

# C++ libraries print these before they abort.
OUT_OF_MEMORY_SIGNS = ("bad_alloc", "Cannot allocate memory", "out of memory")


class WorkerFailures:
    """Failures of the workers of one submission. Each method logs what happened; most return the StudentError."""

    def __init__(self, submission: Submission, limits: Limits) -> None:
        self._submission = submission
        self._limits = limits

    def timeout(self, message: str, use: TimeUse) -> StudentError:
        """Return the error for a limit on time."""
        numbers = {"limit": use.limit, "used": use.used, "processor": use.processor, "wall": use.wall, "load": use.load}
        self._log_limit("time limit", message, **numbers)
        return StudentError(Status.TIMEOUT, message, time_use=use)

    def ended(self, what: str, exit_info: ExitInfo, use: TimeUse) -> StudentError:
        """Return the error for a worker that has ended: the limit that it exceeded, if any.

        :param what: what was requested, as the subject of the message
        :param use: what the submission has used of its whole time
        """
        if exit_info.killed_by_grader:
            return StudentError(Status.CRASHED, f"{what} closed the connection to the grader")
        if exit_info.cpu_seconds >= self._limits.total_seconds:
            spent = f"{what} used up the processor time for the whole submission, {self._limits.total_seconds:g} s"
            return self.timeout(spent, use)
        died = exit_info.code < 0 and any(sign in exit_info.output for sign in OUT_OF_MEMORY_SIGNS)
        if exit_info.limit == MEMORY or (died and not exit_info.limit):
            message = f"{what} needed more than {self._limits.memory_mb} MB of memory"
            self._log_limit("memory limit", message)
            return StudentError(Status.OUT_OF_MEMORY, message)
        if exit_info.limit:
            return StudentError(Status.CRASHED, f"{what} was stopped: it used more than {exit_info.limit}")
        how = f"exit code {exit_info.code}" if exit_info.code >= 0 else signal.strsignal(-exit_info.code) or "a signal"
        return StudentError(Status.CRASHED, f"{what} ended the Python process that it ran in ({how})")

    def reported(self, failure: Failure, name: str, verb: str) -> StudentError:
        """Return the error for a failure that a worker reported. `name` and `verb` begin the message."""
        message = failure_message(failure, name, verb, self._submission.file, self._limits.memory_mb)
        status = STATUS_BY_FAILURE[failure.status]
        if status is Status.OUT_OF_MEMORY:
            self._log_limit("memory limit", message)
        return StudentError(status, message, failure.cause)

    def log_exit(self, exit_info: ExitInfo) -> None:
        """Log how a worker ended: at DEBUG if the grader ended it, at INFO if it ended by itself or for a limit."""
        level = logging.DEBUG if exit_info.killed_by_grader else logging.INFO
        what = "worker ended" if exit_info.killed_by_grader else "worker ended by itself"
        logs.event(
            LOG,
            level,
            what,
            student=self._submission.student,
            code=exit_info.code,
            limit=exit_info.limit,
            processor=exit_info.cpu_seconds,
            peak_mb=exit_info.peak_mb,
        )

    def _log_limit(self, what: str, message: str, **numbers: float) -> None:
        student, digest = self._submission.student, self._submission.digest[:8]
        logs.event(LOG, logging.INFO, what, student=student, digest=digest, why=message, **numbers)


def own_time_use(reached: budget.limit, wall: float) -> TimeUse:
    """Return the grader's own processor time that a limit counted, and was reached."""
    used = round(reached.seconds - reached.left, 3)
    return TimeUse(reached.seconds, used, used, round(wall, 3), load_per_core())
