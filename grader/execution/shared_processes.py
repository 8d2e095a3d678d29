"""What grading processes share: fork servers, and the template of which they are forks."""

from __future__ import annotations

import contextlib
import socket
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from grader.execution.grading_process import GradingProcess
from grader.execution.shared_helpers import LastingThread, SharedHelpers
from grader.execution.template_process import ForkedProcess, TemplateProcess
from grader.models import Assignment
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.launcher import Launcher
from grader.sandbox.host.levels import SANDBOXES


class ServerKey(NamedTuple):
    """What a fork server is started with. One serves all pools that need the same."""

    sandbox: str
    support: Path
    support_inode: int  # a folder that was replaced is another folder
    modules: tuple[str, ...]
    niceness: int

    @classmethod
    def of(cls, assignment: Assignment, sandbox: str, niceness: int) -> ServerKey:
        """Return the key of the fork server that an assignment needs."""
        support = assignment.support
        inode = support.stat().st_ino if support.is_dir() else 0
        return cls(sandbox, support if inode else Path(), inode, tuple(assignment.modules), niceness)


class ForkServer:
    """A fork server that several processes use."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher

    @classmethod
    def start(cls, key: ServerKey) -> ForkServer:
        """Start a fork server, without waiting until it is ready.

        If it can't be started, grading processes get none: they try it themselves, and explain what is wrong.
        """
        support = key.support if key.support_inode else None
        launcher = SANDBOXES[key.sandbox](support, key.modules, niceness=key.niceness)
        with contextlib.suppress(OSError, SandboxUnavailable):
            STARTER.run(launcher.start_server)
        return cls(launcher)

    @property
    def is_alive(self) -> bool:
        return self._launcher.server_is_alive

    def connect(self) -> socket.socket | None:
        """Return a control socket for another process's launcher; None if the server has ended."""
        with contextlib.suppress(OSError):
            return self._launcher.connect() if self.is_alive else None
        return None

    def close(self) -> None:
        self._launcher.close()

    def forget(self) -> None:
        self._launcher.forget_server()


STARTER = LastingThread()
FORK_SERVERS = SharedHelpers(ForkServer.start)
TEMPLATES: SharedHelpers[None, TemplateProcess] = SharedHelpers(lambda _: STARTER.run(TemplateProcess))


class ProcessStarter:
    """Starts the grading processes of one pool. Until it is closed it keeps what they share."""

    def __init__(self, assignment: Assignment, sandbox: str, run_all_cells: bool, niceness: int) -> None:
        """Start what the processes share, without waiting until it is ready. Raises OSError."""
        self._assignment, self._sandbox = assignment, sandbox
        self._run_all_cells, self._niceness = run_all_cells, niceness
        self._server = ServerKey.of(assignment, sandbox, niceness)
        with contextlib.ExitStack() as started:
            TEMPLATES.acquire(None)
            started.callback(TEMPLATES.release, None)
            FORK_SERVERS.acquire(self._server)
            started.callback(FORK_SERVERS.release, self._server)
            self._started = started.pop_all()

    def start(self, core: int | None) -> GradingProcess:
        """Start a grading process, on one core if it is given. Raises OSError."""
        began = time.monotonic()
        process, pipe = self._fork()
        return GradingProcess(
            process, pipe, self._assignment, self._sandbox, self._run_all_cells, core, self._niceness, began
        )

    def _fork(self) -> tuple[ForkedProcess, Connection]:
        for tries_left in (1, 0):  # if the template has just ended, the second try starts another
            server = FORK_SERVERS.running(self._server).connect()
            with server or contextlib.nullcontext(), contextlib.suppress(*[OSError] * tries_left):
                return TEMPLATES.running(None).fork(server)
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """End what no other pool uses."""
        self._started.close()
