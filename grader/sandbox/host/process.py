"""Host handle of a worker process: kill it, report its exit."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from dataclasses import dataclass
from typing import Any, Protocol

from grader.sandbox.limits import KILL_SECONDS, MAX_OUTPUT_BYTES


def has_ended(pidfd: int, seconds: float | None) -> bool:
    """Wait until a process has ended, so many seconds at most. Return whether it has.

    Not by `select`, which takes no descriptor above 1023: a portal with a thousand connections has those.
    """
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(None if seconds is None else 1000 * seconds))


class Server(Protocol):
    """The fork server, which waits for ended workers because it is their parent."""

    def exit_info(self, pid: int) -> dict[str, Any]:
        """Return the fields of ExitInfo that the fork server knows; {} if it is gone."""
        ...


@dataclass(frozen=True)
class RunningServer:
    """A fork server by its control socket. A launcher may have started another one since, with workers of the same
    numbers.
    """

    control: socket.socket

    def exit_info(self, pid: int) -> dict[str, Any]:
        """Return how a worker of this server ended; {} if the server doesn't answer."""
        try:
            self.control.send(json.dumps({"ended": pid}).encode())
            exit_info: dict[str, Any] = json.loads(self.control.recv(4096))
        except (OSError, ValueError):
            return {}
        return exit_info


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
        killed_by_grader = not has_ended(self.pidfd, grace_seconds)
        self.sock.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        has_ended(self.pidfd, KILL_SECONDS)
        os.close(self.pidfd)
        with open(self.output, "rb") as file:
            file.seek(0)
            output = file.read(MAX_OUTPUT_BYTES).decode(errors="replace")
        exit_info = self.server.exit_info(self.pid)
        return ExitInfo(killed_by_grader=killed_by_grader, output=output, **exit_info) if exit_info else None
