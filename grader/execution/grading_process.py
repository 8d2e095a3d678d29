"""Grading process: one pytest session that grades one submission after another. Both ends of its pipe are here.

The parent's end is a `GradingProcess`; `main` is the program of the process, which is a fork of the template
(template_process.py). A process that loses its template ends at once, and its workers with it.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from grader._util import logs
from grader.assignments.loader import AssignmentError, check_unchanged
from grader.execution.limits import DISMISSED_END_SECONDS, JOB_END_SECONDS, MAX_JOB_MEMORY, MAX_LOG_ENTRY
from grader.models import Assignment, Submission
from grader.sandbox.host import room, subprocesses
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.launcher import Launcher
from grader.sandbox.host.levels import SANDBOXES

if TYPE_CHECKING:
    from grader.execution.template_process import ForkedProcess

LOG = logging.getLogger("grader.execution")


class Surroundings(NamedTuple):
    """What a process inherits when it is started, and a fork of the template doesn't."""

    environment: dict[str, str]
    folder: str  # "" if it was removed
    path: list[str]
    cores: set[int]

    @classmethod
    def here(cls, core: int | None) -> Surroundings:
        """Return those of this process, but for the core, if one is given."""
        cores = os.sched_getaffinity(0) if core is None else {core}
        folder = ""
        with contextlib.suppress(OSError):
            folder = os.getcwd()
        return cls(subprocesses.helper_environment(), folder, sys.path[:], cores)

    def enter(self) -> None:
        """Give them to this process."""
        os.environ.clear()
        os.environ.update(self.environment)
        try:
            os.chdir(self.folder)
        except OSError:  # it was removed, or the user who grades can't enter it
            os.chdir("/")
        sys.path[:] = self.path
        tempfile.tempdir = None  # as the environment says
        with contextlib.suppress(OSError):  # a core is gone: costs speed only
            os.sched_setaffinity(0, self.cores)


class FirstMessage(NamedTuple):
    """The first message to a grading process."""

    surroundings: Surroundings
    assignment: Assignment
    sandbox: str
    run_all_cells: bool
    log_level: int


class GradingProcess:
    """The parent's handle of a grading process. `pipe` yields pairs of a kind and a content.

    :param process: a fork of the template
    :param pipe: our end of its pipe
    :param core: to which the process and its workers are pinned; None: to no core
    :param started: time.monotonic() when its start began
    """

    def __init__(
        self,
        process: ForkedProcess,
        pipe: Connection,
        assignment: Assignment,
        sandbox: str,
        run_all_cells: bool,
        core: int | None = None,
        niceness: int = 0,
        started: float = 0.0,
    ) -> None:
        self.submission: Submission | None = None  # which it grades
        self.given_at = 0.0  # time.monotonic() when it got the submission
        self.hung = False  # killed because it took too long
        self.is_ready = False  # has asked for a submission
        self.dismissed = False  # there is no submission left for it
        self.core = core
        self.process, self.pipe = process, pipe
        self._memory_kills = room.memory_kills()
        if niceness:
            subprocesses.lower_priority(process.pid, niceness)
        self.started = started
        logs.event(LOG, logging.INFO, "grading process started", pid=process.pid, core=core)
        self._send(FirstMessage(Surroundings.here(core), assignment, sandbox, run_all_cells, logs.level()))

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
            self.process.kill()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def exit_text(self) -> str:
        """How the process ended, as text."""
        if self.hung:
            return "it hung, and was killed"
        code = self.process.returncode
        return f"exit code {code}" if code is None or code >= 0 else signal.strsignal(-code) or f"signal {-code}"

    @property
    def killed_for_memory(self) -> bool:
        """Whether the process has probably ended because the machine had too little memory."""
        return self.process.returncode == -signal.SIGKILL and room.memory_kills() > self._memory_kills

    def _send(self, content: object) -> None:
        with contextlib.suppress(OSError):  # the process has died: the pool sees that at the pipe
            self.pipe.send(content)


def end_processes(processes: Iterable[GradingProcess]) -> None:
    """End processes, and wait until they are gone."""
    processes = list(processes)
    for process in processes:
        if not process.dismissed:  # a dismissed process ends by itself
            process.process.terminate()
    for process in processes:
        try:
            process.process.wait(DISMISSED_END_SECONDS if process.dismissed else JOB_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.process.kill()
            process.process.wait()
        process.pipe.close()
        logs.event(LOG, logging.INFO, "grading process ended", pid=process.pid, how=process.exit_text)


def main(pipe: Connection, server: socket.socket | None, template: int) -> None:
    """Ask for submissions and send reports until there are no more: the program of a grading process.

    :param server: control socket of a fork server; None to start one
    :param template: PID of the process of which this one is a fork
    """
    # A case may compute with what a submission sent: too much of that is a MemoryError here, not the machine's end.
    if not subprocesses.bind_to_parent(template, MAX_JOB_MEMORY):
        return
    with contextlib.suppress(BrokenPipeError, EOFError):
        first: FirstMessage = pipe.recv()
        logs.pass_on(lambda record: pipe.send(("record", record)), first.log_level)
        try:
            first.surroundings.enter()
            _grade(pipe, first, server)
        except AssignmentError as problem:
            pipe.send(("assignment", str(problem)))
        except SandboxUnavailable as problem:
            pipe.send(("unavailable", (problem.why, problem.how)))
        except (BrokenPipeError, EOFError):
            raise
        except OSError as problem:  # no process, file or folder can be created here just now
            why = problem.strerror or str(problem)
            pipe.send(("not started", (problem.errno, why, traceback.format_exc()[:MAX_LOG_ENTRY])))
        except Exception:
            pipe.send(("broken", f"the grader itself failed:\n{traceback.format_exc()}"))


def _grade(pipe: Connection, first: FirstMessage, server: socket.socket | None) -> None:
    from grader.grading.session import GradingSession  # not above: the pool's process doesn't need it

    def send(kind: str) -> Callable[[Any], None]:
        return lambda content: pipe.send((kind, content))

    assignment = first.assignment
    check_unchanged(assignment)  # this process may replace one that died: all grade by one version
    launcher = SANDBOXES[first.sandbox](assignment.support, assignment.modules, server)
    scratch = subprocesses.ScratchFolder()
    signal.signal(signal.SIGTERM, lambda *_: _leave(launcher, scratch))
    with contextlib.closing(launcher), scratch:
        with _explained(launcher):
            launcher.start(assignment.limits).kill()  # there is a sandbox, before a submission is asked for
        log = send("log")
        GradingSession(
            assignment,
            launcher,
            _submissions(pipe),
            send("report"),
            run_all_cells=first.run_all_cells,
            log=lambda text: log(text[:MAX_LOG_ENTRY]),
            on_output=send("printed"),
            scratch=scratch.path,
        ).run()


@contextlib.contextmanager
def _explained(launcher: Launcher) -> Iterator[None]:
    """If the sandbox can't be started, check the machine and raise the reason."""
    try:
        yield
    except BlockingIOError:  # no room for another process: that isn't the sandbox's fault
        raise
    except (SandboxUnavailable, OSError) as problem:
        if isinstance(problem, SandboxUnavailable) and problem.no_room:
            raise BlockingIOError(errno.EAGAIN, problem.why) from None
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
