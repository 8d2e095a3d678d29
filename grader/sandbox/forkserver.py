"""Inside the sandbox: an interpreter that has imported what submissions need, and forks a worker for each.

It holds nothing secret: no submission, no case, no solution. A submission's bytes go over the socket straight to its
worker. It runs no operation of what it imports, because only a process with a single thread may fork.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import confine
from .wire import Channel
from .worker import Worker

MAX_PROGRAM = 1 << 16  # bytes of a filter of system calls

# Keras imports these only because they are installed: without them it starts in half the time.
UNWANTED = ("pandas", "sklearn", "matplotlib", "matplotlib.pyplot", "scipy")


def main(descriptor: int, preload: list[str], confined: bool, support: str) -> None:
    """Serves on the control socket with this number until it closes."""
    control = socket.socket(fileno=descriptor)
    system_calls = control.recv(MAX_PROGRAM)
    if confined:
        move_in(descriptor)
    import_all([*preload, "nbformat"])
    if (threads := len(os.listdir("/proc/self/task"))) != 1 and confined:
        raise RuntimeError(f"{threads} threads after importing {preload}: not safe to fork")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if confined else -1
    gc.collect()
    gc.freeze()  # what is here stays shared with every child
    control.send(b"ready")
    while request := receive(control):
        settings, sock = request
        with sock:
            spawn(control, sock, Door(settings, own, support, system_calls))


def move_in(keep: int) -> None:
    """Goes on as the first process of a user and PID namespace of its own, in which it may make others."""
    user, group = os.getuid(), os.getgid()
    confine.unshare(confine.CLONE_NEWUSER | confine.CLONE_NEWPID | confine.CLONE_NEWNS)
    confine.map_user(user, user, group)
    if pid := os.fork():
        os.close(keep)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0x7F)
    confine.prctl(confine.PR_SET_PDEATHSIG, confine.SIGKILL)
    confine.prctl(confine.PR_SET_DUMPABLE, 1)


def import_all(names: list[str]) -> None:
    """Imports, and nothing more."""
    hidden = [name for name in UNWANTED if name not in sys.modules and "tensorflow" in names]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    for name in names:
        with contextlib.suppress(ImportError):  # a submission that needs it will be told
            importlib.import_module(name)
    for name in hidden:
        del sys.modules[name]


def receive(control: socket.socket) -> tuple[dict[str, Any], socket.socket] | None:
    """The next request: its settings and the socket of the new worker. None when the other side is gone."""
    message, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
    if not message:
        return None
    return json.loads(message), socket.socket(fileno=descriptors[0])


@dataclass(frozen=True)
class Door:
    """How a worker closes itself in."""

    settings: dict[str, int]
    own: int  # the fork server's PID namespace; -1 when there is no sandbox
    support: str
    system_calls: bytes

    def close(self) -> None:
        if self.own >= 0:
            confine.close_the_door(Path(self.support))
        confine.limit(self.settings["memory_mb"], self.settings["cpu_seconds"])
        if self.own >= 0:
            confine.filter_system_calls(self.system_calls)


def spawn(control: socket.socket, sock: socket.socket, door: Door) -> None:
    """Forks a worker, the first process of a new PID namespace, and answers with its pidfd."""
    if door.own >= 0:
        confine.unshare(confine.CLONE_NEWPID)
    pid = os.fork()
    if pid == 0:
        become_worker(control, sock, door)
    if door.own >= 0:
        confine.join(door.own, confine.CLONE_NEWPID)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(control, [b"ok"], [pidfd])
    os.close(pidfd)


def become_worker(control: socket.socket, sock: socket.socket, door: Door) -> None:
    """The child's whole life."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        try:
            keep_only(sock.fileno())
            door.close()
        except BaseException as problem:
            refuse(sock, problem)
            raise
        sys.setrecursionlimit(3000)
        sys.path.insert(0, str(Path.cwd()))  # where the support files are
        Worker(sock).serve()
    finally:
        os._exit(0)  # whatever threads or exit handlers student code left behind


def refuse(sock: socket.socket, problem: BaseException) -> None:
    """Answers the greeting with the reason why there is no sandbox."""
    channel = Channel(sock)
    greeting = channel.receive()
    channel.send({"id": greeting["id"], "status": "error", "message": str(problem)})


def keep_only(descriptor: int) -> None:
    """Closes all descriptors but the standard ones and this one."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 4096)
