"""Fork server: an interpreter inside the sandbox that has imported what submissions need, and forks a worker for each.

It holds nothing secret: no submission, no case, no solution. A submission's bytes go over the socket directly to its
worker. It runs no operation of the libraries it imports, because only a process with a single thread may fork.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..protocol.channel import Channel
from ..protocol.limits import MAX_DESCRIPTORS, MAX_REQUEST_BYTES, RECURSION_LIMIT, WATCH_SECONDS
from . import isolation, landlock, tensorflow_startup, usage_watch
from .worker import Worker

ALWAYS_IMPORTED = ("numpy.random", "traceback")  # every worker needs these sooner or later

# Keras imports these only if they are installed. Without them it starts in half the time.
HIDDEN_FROM_KERAS = ("pandas", "sklearn", "matplotlib", "matplotlib.pyplot", "scipy")


@dataclass
class Isolation:
    """How workers isolate themselves. `level` is full, process or off."""

    level: str
    support: str  # folder of the support files, or ""
    folder: str  # in which each worker gets a folder of its own
    readable: list[str]  # further readable paths at the level `process`
    system_calls: bytes = b""
    user: int = -1  # whom workers run as at the level `process`; -1: the user who grades

    def apply(self, settings: dict[str, Any], server: int) -> None:
        """Isolate this process, for good. Raises OSError if the kernel refuses a step.

        :param settings: memory_mb, cpu_seconds, and the cores on which the client runs
        :param server: PID of the fork server, the parent
        """
        with contextlib.suppress(OSError):  # a core is gone: costs speed only
            os.sched_setaffinity(0, settings["cores"])
        own = f"{self.folder}/{os.getpid()}" if self.level != "full" else f"{self.folder}/work"
        os.setsid()
        if self.level == "full":
            isolation.enter_namespaces()
        isolation.work_in(own, self.support)
        if self.user >= 0:
            os.chown(own, self.user, self.user)
            os.chmod(own, 0o700)
        os.environ["HOME"] = os.environ["TMPDIR"] = os.environ["MPLCONFIGDIR"] = own
        if tempfile := sys.modules.get("tempfile"):  # it may have chosen a folder while the fork server imported
            vars(tempfile)["tempdir"] = None
        if self.level != "off":
            isolation.drop_capabilities(self.user)
            isolation.disallow_new_privileges()
        if self.level == "full":  # a second barrier: the sandbox shows nothing else anyway
            landlock.restrict(["/"], ["/tmp", "/dev/shm", "/dev/null"])
        elif self.level == "process":
            files = [f"/proc/{os.getpid()}/{name}" for name in isolation.PROC_SELF]  # not mounts, nor network
            landlock.restrict([*self.readable, *files], [own, "/dev/null"])
        isolation.prctl(isolation.PR_SET_PDEATHSIG, isolation.SIGKILL)
        if self.level != "full" and os.getppid() != server:  # it ended before prctl took effect
            os._exit(0)
        isolation.set_limits(settings["memory_mb"], settings["cpu_seconds"], own_user=self.level == "full")
        if self.level != "off":
            isolation.filter_system_calls(self.system_calls)


@dataclass
class WatchedWorker:
    """A worker whose exit hasn't been collected, so that no other process can get its number."""

    pid: int
    proc_pid: int  # its number in /proc of this process
    memory_mb: int
    limit: str = ""  # the limit for which it was ended, or ""

    def end(self, limit: str) -> None:
        """Kill the worker, and keep the limit that it exceeded."""
        if not self.limit:
            self.limit = limit
            os.kill(self.pid, signal.SIGKILL)


def main(descriptor: int, preload: list[str], confinement: Isolation) -> None:
    """Serve requests on a control socket until it closes.

    :param descriptor: number of the control socket
    :param preload: modules to import before the first fork
    """
    gc.disable()  # imports take a tenth less time without collections, and everything is frozen below
    # A low number: `select` takes none above 1023, and workers close none above MAX_DESCRIPTORS.
    control = socket.socket(fileno=os.dup(descriptor))
    os.close(descriptor)
    confinement.system_calls = control.recv(MAX_REQUEST_BYTES)
    if not confinement.system_calls:  # whoever started it is gone
        return
    if confinement.level == "full":
        enter_pid_namespace(control.fileno())
        serve(control, preload, confinement)
        return
    make_worker_folder(confinement)
    try:
        serve(control, preload, confinement)
    finally:
        usage_watch.remove_folder(confinement.folder)


def make_worker_folder(confinement: Isolation) -> None:
    """Create the folder in which each worker gets a folder of its own. The server does it, because it also removes it.

    Whoever started it may be killed at any moment.
    """
    os.mkdir(confinement.folder, 0o700)
    if confinement.user >= 0:
        os.chmod(confinement.folder, 0o711)  # the user of the workers may reach their folders, and list none


def serve(control: socket.socket, preload: list[str], confinement: Isolation) -> None:
    """Import modules, and fork workers until the control socket closes."""
    import_all(
        [*preload, *ALWAYS_IMPORTED] if preload else []
    )  # nothing if the launcher only checks that a sandbox starts
    tensorflow_startup.prepare()
    if Path("/proc").is_dir() and (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
        raise RuntimeError(f"{threads} threads after importing {preload}: not safe to fork")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC) if confinement.level == "full" else -1
    gc.collect()
    gc.freeze()  # objects that exist now stay shared with every child
    gc.enable()
    with contextlib.suppress(OSError):  # whoever started it is gone: the loop ends at once
        control.send(b"ready")
    RequestLoop(control, confinement, namespace).run()


class RequestLoop:
    """Answers requests on control sockets. Each client has one: the process that started the server, and others."""

    def __init__(self, control: socket.socket, confinement: Isolation, namespace: int) -> None:
        self._first = control
        self._confinement = confinement
        self._namespace = namespace  # descriptor of the server's own PID namespace; -1 if workers get none of their own
        self._workers: dict[socket.socket, dict[int, WatchedWorker]] = {control: {}}  # client -> PID -> its worker

    def run(self) -> None:
        """Answer requests until the first control socket closes. Look at what the workers use meanwhile."""
        next_look = 0.0
        while self._first in self._workers:
            watched = [worker for workers in self._workers.values() for worker in workers.values()]
            wait = max(0.0, next_look - time.monotonic()) if watched else None
            ready = select.select(list(self._workers), [], [], wait)[0]
            if time.monotonic() >= next_look:  # however many requests there are
                end_overdrawn(watched, self._confinement)
                next_look = time.monotonic() + WATCH_SECONDS
            for control in ready:
                self._answer(control)
        for control in list(self._workers):
            self._end_client(control)

    def _answer(self, control: socket.socket) -> None:
        """Answer a client's request. What fails costs this client its workers, and no other."""
        descriptors: list[int] = []
        try:
            message, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST_BYTES, 2)
            if not message:
                self._end_client(control)
                return
            self._handle(control, json.loads(message), descriptors)
        except OSError:  # it has ended, or no process can be started
            self._end_client(control)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _handle(self, control: socket.socket, request: dict[str, Any], descriptors: list[int]) -> None:
        workers = self._workers[control]
        if "client" in request:
            self._connect(descriptors)
        elif "ended" in request:
            # The client has seen that it ended, so nobody waits here.
            control.send(json.dumps(exit_info(workers.pop(request["ended"]), self._confinement)).encode())
        else:
            worker, pidfd = spawn(request, descriptors, self._namespace, self._confinement)
            workers[worker.pid] = worker  # before the client hears of it: it may be gone
            try:
                socket.send_fds(control, [str(worker.pid).encode()], [pidfd])
            finally:
                os.close(pidfd)

    def _connect(self, descriptors: list[int]) -> None:
        """Answer another client too. One that is gone already harms nobody."""
        with contextlib.suppress(OSError):
            client = socket.socket(fileno=os.dup(descriptors[0]))
            self._workers[client] = {}
            client.send(b"ready")

    def _end_client(self, control: socket.socket) -> None:
        """End the workers of a client that is gone, and remove their folders."""
        for worker in self._workers.pop(control).values():
            worker.end("nobody listens")
            exit_info(worker, self._confinement)
        control.close()


def enter_pid_namespace(keep: int) -> None:
    """Continue as the first process of new user and PID namespaces, in which this process may create more."""
    user, group = os.getuid(), os.getgid()
    isolation.unshare(isolation.CLONE_NEWUSER | isolation.CLONE_NEWPID | isolation.CLONE_NEWNS)
    isolation.map_user(user, user, group)
    if pid := os.fork():
        os.close(keep)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0x7F)
    isolation.prctl(isolation.PR_SET_PDEATHSIG, isolation.SIGKILL)
    isolation.prctl(isolation.PR_SET_DUMPABLE, 1)
    isolation.seal_mounts()
    isolation.prepare_proc()


def import_all(names: list[str]) -> None:
    """Import modules. If TensorFlow is one of them, hide packages that Keras would import only because they exist."""
    kept = {*sys.modules, *names}
    hidden = [name for name in HIDDEN_FROM_KERAS if name not in kept and "tensorflow" in names]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # None makes the import fail
    for name in names:
        with contextlib.suppress(ImportError):  # a submission that needs it gets the error
            importlib.import_module(name)
    for name in hidden:
        del sys.modules[name]


def end_overdrawn(workers: Iterable[WatchedWorker], confinement: Isolation) -> None:
    """End workers that exceed a limit on memory, threads or disk which the kernel doesn't enforce."""
    for worker in workers:
        if confinement.level == "process" and usage_watch.exceeds_disk_limit(f"{confinement.folder}/{worker.pid}"):
            worker.end(usage_watch.DISK)
        elif confinement.level != "off" and (limit := usage_watch.exceeded_limit(worker.proc_pid, worker.memory_mb)):
            worker.end(limit)


def spawn(
    settings: dict[str, Any], descriptors: list[int], namespace: int, confinement: Isolation
) -> tuple[WatchedWorker, int]:
    """Fork a worker, the first process of a new PID namespace. Return it with a descriptor of its process.

    :param settings: memory_mb, cpu_seconds and cores
    :param descriptors: the worker's socket, and the file that takes its output
    :param namespace: descriptor of the fork server's PID namespace; -1 if workers get none of their own
    """
    server = os.getpid()
    try:
        if namespace >= 0:
            isolation.unshare(isolation.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            become_worker(settings, descriptors, confinement, server)
    finally:
        if namespace >= 0:
            isolation.join_namespace(namespace, isolation.CLONE_NEWPID)
    pidfd = os.pidfd_open(pid)
    return WatchedWorker(pid, usage_watch.proc_pid(pidfd), settings["memory_mb"]), pidfd


def exit_info(worker: WatchedWorker, confinement: Isolation) -> dict[str, Any]:
    """Return how a worker ended: exit code (or minus the signal), exceeded limit, CPU seconds, peak memory in MB."""
    _, status, used = os.wait4(worker.pid, 0)
    if confinement.level != "full":
        usage_watch.remove_folder(f"{confinement.folder}/{worker.pid}")
    return {
        "code": os.waitstatus_to_exitcode(status),
        "limit": worker.limit,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }


def become_worker(settings: dict[str, Any], descriptors: list[int], confinement: Isolation, server: int) -> None:
    """Run the child process from fork to exit.

    :param descriptors: its socket, and the file that takes its output
    :param server: PID of the fork server
    """
    try:
        channel, output = descriptors
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a new descriptor: flags of an inherited one are shared
        os.closerange(3, channel)
        os.closerange(channel + 1, MAX_DESCRIPTORS)
        sock = socket.socket(fileno=channel)
        try:
            confinement.apply(settings, server)
        except BaseException as problem:
            report_refusal(sock, problem)
            raise
        sys.setrecursionlimit(RECURSION_LIMIT)
        sys.path.insert(0, str(Path.cwd()))  # the support files are linked here
        Worker(sock).serve()
    finally:
        os._exit(0)  # skips threads and exit handlers of student code


def report_refusal(sock: socket.socket, problem: BaseException) -> None:
    """Answer the first request with the reason why this worker could not isolate itself."""
    channel = Channel(sock)
    greeting = channel.receive()
    channel.send({"id": greeting["id"], "status": "error", "message": f"{type(problem).__name__}: {problem}"})
