"""Outside: a running worker, how it is ended, and what is told of that."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from dataclasses import dataclass
from typing import Any, Protocol

from grader.sandbox.limits import KILL_SECONDS, MAX_OUTPUT_BYTES


class Server(Protocol):
    """Who waits for the workers that have ended."""

    def exit_info(self, pid: int) -> dict[str, Any]: ...


@dataclass(frozen=True)
class ExitInfo:
    """How a worker ended. `killed_by_grader`: we killed it; otherwise it ended by itself."""

    killed_by_grader: bool
    code: int  # exit code, or minus the signal
    cpu_seconds: float
    peak_mb: float
    output: str  # the first of what it printed
    limit: str = ""  # more than what it had, if the fork server ended it for that


@dataclass
class Process:
    """A running worker: a socket to it, and the means to end it."""

    sock: socket.socket
    pid: int  # as the fork server knows it
    proc_pid: int  # its number in our /proc
    pidfd: int
    output: int  # a file in memory that takes what is printed
    server: Server

    def kill(self, *, grace_seconds: float = 0.0) -> ExitInfo | None:
        """Ends the worker and all it started, and tells how it ended; None when the fork server is gone as well.

        A worker that seems to be ending by itself is given so many seconds, so that its own end is what is told.
        """
        killed_by_grader = not select.select([self.pidfd], [], [], grace_seconds)[0]
        self.sock.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        select.select([self.pidfd], [], [], KILL_SECONDS)
        os.close(self.pidfd)
        with open(self.output, "rb") as file:
            file.seek(0)
            output = file.read(MAX_OUTPUT_BYTES).decode(errors="replace")
        told = self.server.exit_info(self.pid)
        return ExitInfo(killed_by_grader=killed_by_grader, output=output, **told) if told else None
