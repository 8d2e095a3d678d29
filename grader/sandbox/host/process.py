"""Host handle of a worker process: kill it, report its exit."""

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
    """The fork server, which waits for ended workers because it is their parent."""

    def exit_info(self, pid: int) -> dict[str, Any]:
        """Return the fields of ExitInfo that the fork server knows; {} if it is gone."""
        ...


@dataclass(frozen=True)
class ExitInfo:
    """How a worker ended. If `killed_by_grader` is false, it ended by itself or by a limit."""

    killed_by_grader: bool
    code: int  # exit code, or minus the signal
    cpu_seconds: float
    peak_mb: float
    output: str  # the beginning of what it printed
    limit: str = ""  # the limit it exceeded, if the fork server ended it; else ""


@dataclass
class Process:
    """A running worker: its socket and its process handles."""

    sock: socket.socket
    pid: int  # in the fork server's namespace
    proc_pid: int  # its number in /proc of the trusted side
    pidfd: int
    output: int  # descriptor of a file in memory that takes its output
    server: Server

    def kill(self, *, grace_seconds: float = 0.0) -> ExitInfo | None:
        """End the worker and everything it started. Return how it ended; None if the fork server is gone too.

        :param grace_seconds: time for a worker that seems to be ending by itself, so that its own exit is reported
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
        exit_info = self.server.exit_info(self.pid)
        return ExitInfo(killed_by_grader=killed_by_grader, output=output, **exit_info) if exit_info else None
