"""Grading process: one pytest session that grades one submission after another. Both ends of its pipe are here.

The parent's end is a `GradingProcess`; `main` is the program of the process. A process that loses its parent ends at
once, and so do its fork server and workers.
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
from grader._util.fast_imports import fast_imports
from grader.assignments.loader import AssignmentError, check_unchanged
from grader.execution.limits import DISMISSED_END_SECONDS, JOB_END_SECONDS, MAX_JOB_MEMORY, MAX_LOG_ENTRY
from grader.models import Assignment, Submission
from grader.sandbox.host import subprocesses
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.launcher import Launcher
from grader.sandbox.host.levels import SANDBOXES

LOG = logging.getLogger("grader.execution")

START = subprocesses.start_code("grader.execution.grading_process")


class GradingProcess:
    """The parent's handle of a grading process. `pipe` yields pairs of a kind and a content."""

    def __init__(
        self, assignment: Assignment, sandbox: str, run_all_cells: bool, core: int | None = None, niceness: int = 0
    ) -> None:
        self.submission: Submission | None = None  # which it grades
        self.given_at = 0.0  # time.monotonic() when it got the submission
        self.hung = False  # killed because it took too long
        self.is_ready = False  # has asked for a submission
        self.dismissed = False  # there is no submission left for it
        self.core = core  # to which it and its workers are pinned; None: to no core
        self.popen, self.pipe = subprocesses.start_process(START, errors=None)
        if core is not None:
            subprocesses.pin_to_core(self.popen.pid, core)
        if niceness:
            subprocesses.lower_priority(self.popen.pid, niceness)
        self.started = time.monotonic()
        logs.event(LOG, logging.INFO, "grading process started", pid=self.popen.pid, core=core)
        self._send((assignment, sandbox, run_all_cells, logs.level()))

    def give(self, submission: Submission | None) -> None:
        """Answer the request of the process with a submission, or with None to let it end."""
        self.is_ready = True
        self.submission = submission
        self.given_at = time.monotonic()
        self.dismissed = submission is None
        self._send(submission)

    def end_if_hung(self, seconds: float) -> None:
        """Kill the process if it has graded its submission for longer. Its pipe closes, as when a process dies."""
        if self.submission and time.monotonic() > self.given_at + seconds:
            self.hung = True
            self.popen.kill()

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def exit_text(self) -> str:
        """How the process ended, as text."""
        if self.hung:
            return "it hung, and was killed"
        code = self.popen.returncode
        return f"exit code {code}" if code is None or code >= 0 else signal.strsignal(-code) or f"signal {-code}"

    def _send(self, content: object) -> None:
        with contextlib.suppress(OSError):  # the process has died: the pool sees that at the pipe
            self.pipe.send(content)


def end_processes(processes: Iterable[GradingProcess]) -> None:
    """End processes, and wait until they are gone."""
    processes = list(processes)
    for process in processes:
        if not process.dismissed:  # a dismissed process ends by itself
            process.popen.terminate()
    for process in processes:
        try:
            process.popen.wait(DISMISSED_END_SECONDS if process.dismissed else JOB_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.popen.kill()
            process.popen.wait()
        process.pipe.close()
        logs.event(LOG, logging.INFO, "grading process ended", pid=process.pid, how=process.exit_text)


def main(descriptor: int, parent: int) -> None:
    """Ask for submissions and send reports until there are no more: the program of a grading process."""
    # A case may compute with what a submission sent: too much of that is a MemoryError here, not the machine's end.
    if not subprocesses.bind_to_parent(parent, MAX_JOB_MEMORY):
        return
    pipe = Connection(descriptor)
    with contextlib.suppress(BrokenPipeError, EOFError):
        assignment, sandbox, run_all_cells, level = pipe.recv()
        logs.pass_on(lambda record: pipe.send(("record", record)), level)
        try:
            _grade(pipe, assignment, sandbox, run_all_cells)
        except AssignmentError as problem:
            pipe.send(("assignment", str(problem)))
        except SandboxUnavailable as problem:
            pipe.send(("unavailable", (problem.why, problem.how)))
        except (BrokenPipeError, EOFError):
            raise
        except Exception:
            pipe.send(("broken", f"the grader itself failed:\n{traceback.format_exc()}"))


def _grade(pipe: Connection, assignment: Assignment, sandbox: str, run_all_cells: bool) -> None:
    def send(kind: str) -> Callable[[Any], None]:
        return lambda content: pipe.send((kind, content))

    check_unchanged(assignment)  # this process may replace one that died: all grade by one version
    launcher = SANDBOXES[sandbox](assignment.support, assignment.modules)
    scratch = subprocesses.ScratchFolder()
    signal.signal(signal.SIGTERM, lambda *_: _leave(launcher, scratch))
    with _explained(launcher):
        launcher.start_server()
    with fast_imports():
        from grader.grading.session import GradingSession

    with contextlib.closing(launcher), scratch:
        with _explained(launcher):
            launcher.start(assignment.limits).kill()  # there is a sandbox, before a submission is asked for
        log = send("log")
        GradingSession(
            assignment,
            launcher,
            _submissions(pipe),
            send("report"),
            run_all_cells=run_all_cells,
            log=lambda text: log(text[:MAX_LOG_ENTRY]),
            on_output=send("printed"),
            scratch=scratch.path,
        ).run()


@contextlib.contextmanager
def _explained(launcher: Launcher) -> Iterator[None]:
    """If the sandbox can't be started, check the machine and raise the reason."""
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


def _leave(launcher: Launcher, scratch: subprocesses.ScratchFolder) -> None:
    """End at once, whatever runs, and remove processes and folders."""
    launcher.close()
    scratch.remove()
    os._exit(0)
