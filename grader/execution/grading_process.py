"""A grading process: one pytest session that takes one submission at a time. Both ends of its pipe are here.

The parent's end is a `GradingProcess`; `main` is what runs in the process. A job that loses its parent ends at once,
and with it its fork server and the workers, which end with their own parents.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from grader._util import logs
from grader.assignments.loader import AssignmentError
from grader.models import Assignment, Submission
from grader.sandbox.host import subprocesses
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.launcher import Launcher
from grader.sandbox.host.levels import SANDBOXES

LOG = logging.getLogger("grader.execution")

START = subprocesses.start_code("grader.execution.grading_process")
MEMORY = 3 << 30  # bytes that a job may have for itself
MAX_LOG = 20_000  # characters of one entry: a traceback may quote what a submission sent
END_SECONDS = 1.0  # that a job has for ending its fork server


class GradingProcess:
    """A grading process as the parent sees it. What its pipe gives are pairs of a kind and a content."""

    def __init__(self, assignment: Assignment, sandbox: str, whole: bool, core: int | None = None) -> None:
        self.holds: Submission | None = None
        self.since = 0.0  # when it got that, by time.monotonic
        self.hung = False  # it was ended because it took too long
        self.began = False  # it has asked for a submission
        self.dismissed = False  # it was told that there is nothing left
        self.core = core  # to which it keeps, with its workers; None: to any
        self.process, self.pipe = subprocesses.spawn(START, errors=None)
        if core is not None:
            subprocesses.pin_to_core(self.process.pid, core)
        self.started = time.monotonic()
        logs.event(LOG, logging.INFO, "grading process started", pid=self.process.pid, core=core)
        self._send((assignment, sandbox, whole, logs.level()))

    def give(self, submission: Submission | None) -> None:
        """Answers its request: with a submission, or with the word that there is none left."""
        self.began = True
        self.holds = submission
        self.since = time.monotonic()
        self.dismissed = submission is None
        self._send(submission)

    def end_if_hung(self, seconds: float) -> None:
        """End the process when it has had its submission for longer: its pipe then closes, as when it dies."""
        if self.holds and time.monotonic() > self.since + seconds:
            self.hung = True
            self.process.kill()

    @property
    def ending(self) -> str:
        """How the process ended, for people."""
        if self.hung:
            return "it hung, and was ended"
        code = self.process.returncode
        return f"exit code {code}" if code is None or code >= 0 else signal.strsignal(-code) or f"signal {-code}"

    def _send(self, content: object) -> None:
        with contextlib.suppress(OSError):  # it has died; whoever listens to the pipe will see
            self.pipe.send(content)


def end(jobs: Iterable[GradingProcess]) -> None:
    """Ends the processes; they are gone when this returns."""
    jobs = list(jobs)
    for job in jobs:
        if not job.dismissed:  # it ends by itself
            job.process.terminate()
    for job in jobs:
        try:
            job.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            job.process.kill()
            job.process.wait()
        job.pipe.close()
        logs.event(LOG, logging.INFO, "grading process ended", pid=job.process.pid, how=job.ending)


def main(descriptor: int, parent: int) -> None:
    """A job's whole life: asks for submissions and sends reports until it is told that there are none."""
    # A case may compute with what a submission sent: too much of that is a MemoryError here, not the machine's end.
    if not subprocesses.bind_to_parent(parent, MEMORY):
        return
    pipe = Connection(descriptor)
    with contextlib.suppress(BrokenPipeError, EOFError):
        assignment, sandbox, whole, level = pipe.recv()
        logs.pass_on(lambda record: pipe.send(("record", record)), level)
        try:
            _grade(pipe, assignment, sandbox, whole)
        except AssignmentError as problem:
            pipe.send(("unfit", str(problem)))
        except SandboxUnavailable as problem:
            pipe.send(("unavailable", (problem.why, problem.how)))
        except (BrokenPipeError, EOFError):
            raise
        except Exception:
            pipe.send(("broken", f"the grader itself failed:\n{traceback.format_exc()}"))


def _grade(pipe: Connection, assignment: Assignment, sandbox: str, whole: bool) -> None:
    def send(kind: str) -> Callable[[Any], None]:
        return lambda content: pipe.send((kind, content))

    launcher = SANDBOXES[sandbox](assignment.support, assignment.modules)
    signal.signal(signal.SIGTERM, lambda *_: _leave(launcher))
    with _explained(launcher):
        launcher.start_server()
    from grader.grading.session import GradingSession

    with contextlib.closing(launcher):
        with _explained(launcher):
            launcher.start(assignment.limits).kill()  # there is a sandbox, before a submission is asked for
        log = send("log")
        GradingSession(
            assignment,
            launcher,
            _submissions(pipe),
            send("report"),
            run_all_cells=whole,
            log=lambda text: log(text[:MAX_LOG]),
            on_output=send("printed"),
        ).run()


@contextlib.contextmanager
def _explained(launcher: Launcher) -> Iterator[None]:
    """Where there is no sandbox, a look at what the machine gives tells why."""
    try:
        yield
    except (SandboxUnavailable, OSError):
        launcher.check()
        raise


def _submissions(pipe: Connection) -> Iterator[Submission]:
    while True:
        pipe.send(("ready", None))
        submission = pipe.recv()
        if submission is None:
            return
        yield submission


def _leave(launcher: Launcher) -> None:
    """Ends at once, whatever runs; the launcher has processes and folders to tidy up."""
    launcher.close()
    os._exit(0)
