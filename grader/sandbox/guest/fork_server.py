"""Fork server: an interpreter inside the sandbox that has imported what submissions need, and forks a worker for each.

It holds nothing secret: no submission, no case, no solution. A submission's bytes go over the socket directly to its
worker. It runs no operation of the libraries it imports, because only a process with a single thread may fork.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import itertools
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..protocol.channel import Channel
from ..protocol.limits import (
    FILE_WATCH_SHARE,
    MAX_DESCRIPTORS,
    MAX_REQUEST_BYTES,
    NO_ROOM,
    RECURSION_LIMIT,
    WATCH_SECONDS,
)
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

    def worker_folder(self, number: int) -> str:
        """Return the folder of a worker, which is made in its own /tmp at the level `full`."""
        return f"{self.folder}/work" if self.level == "full" else f"{self.folder}/{number}"

    def apply(self, settings: dict[str, Any], server: int, own: str) -> None:
        """Isolate this process, for good. Raises OSError if the kernel refuses a step.

        :param settings: memory_mb, cpu_seconds, and the cores on which the client runs
        :param server: PID of the fork server, the parent
        :param own: path of the worker's folder, to be created
        """
        with contextlib.suppress(OSError):  # a core is gone: costs speed only
            os.sched_setaffinity(0, settings["cores"])
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
    folder: str
    limit: str = ""  # the limit for which it was ended, or ""
    next_file_watch: float = 0.0  # time.monotonic() from which its files are looked at again

    def end(self, limit: str) -> None:
        """Kill the worker, and keep the limit that it exceeded."""
        if not self.limit:
            self.limit = limit
            os.kill(self.pid, signal.SIGKILL)

    def exceeds_disk_limit(self) -> bool:
        """Return whether a look at its files finds too many. It is not made while that would take too much time."""
        began = time.monotonic()
        if began < self.next_file_watch:
            return False
        exceeds = usage_watch.exceeds_disk_limit(self.folder)
        now = time.monotonic()
        self.next_file_watch = now + (now - began) * (1 / FILE_WATCH_SHARE - 1)
        return exceeds


class FolderRemover:
    """Process that removes the folders of ended workers: that may take long, and nobody should wait for it.

    :param control: the server's control socket, which the process doesn't keep open
    """

    def __init__(self, control: socket.socket) -> None:
        reading, self._folders = os.pipe()
        server = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                control.close()
                os.close(self._folders)
                self._run(reading, server)
            finally:
                os._exit(0)
        os.close(reading)
        os.set_blocking(self._folders, False)

    def remove(self, folder: str) -> None:
        """Have a folder removed soon. If the process has too much to do or is gone, `close` leaves it to the caller."""
        with contextlib.suppress(OSError):
            os.write(self._folders, f"{folder}\n".encode())

    def close(self) -> None:
        """Wait until the process has ended."""
        os.close(self._folders)
        os.waitpid(self._pid, 0)

    @staticmethod
    def _run(reading: int, server: int) -> None:
        isolation.prctl(isolation.PR_SET_PDEATHSIG, isolation.SIGKILL)
        if os.getppid() != server:  # it ended before prctl took effect
            return
        with open(reading) as folders:
            for folder in folders:
                usage_watch.remove_folder(folder.rstrip("\n"))


def main(descriptor: int, preload: list[str], confinement: Isolation) -> None:
    """Serve requests on a control socket until it closes.

    :param descriptor: number of the control socket
    :param preload: modules to import before the first fork
    """
    gc.disable()  # imports take a tenth less time without collections, and everything is frozen below
    # A low number: workers close none above MAX_DESCRIPTORS.
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
    remover = FolderRemover(control)  # before the imports, of which it needs none
    try:
        serve(control, preload, confinement, remover.remove)
    finally:
        remover.close()
        usage_watch.remove_folder(confinement.folder)


def make_worker_folder(confinement: Isolation) -> None:
    """Create the folder in which each worker gets a folder of its own. The server does it, because it also removes it.

    Whoever started it may be killed at any moment.
    """
    os.mkdir(confinement.folder, 0o700)
    if confinement.user >= 0:
        os.chmod(confinement.folder, 0o711)  # the user of the workers may reach their folders, and list none


def serve(
    control: socket.socket,
    preload: list[str],
    confinement: Isolation,
    remove_folder: Callable[[str], None] = lambda _: None,
) -> None:
    """Import modules, and fork workers until the control socket closes.

    :param remove_folder: has the folder of an ended worker removed; at the level `full` it ends with the worker
    """
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
    RequestLoop(control, confinement, namespace, remove_folder).run()


class RequestLoop:
    """Answers requests on control sockets. Each client has one: the process that started the server, and others.

    It never waits for a worker: one that ends slowly would keep it from answering other clients.
    """

    def __init__(
        self, control: socket.socket, confinement: Isolation, namespace: int, remove_folder: Callable[[str], None]
    ) -> None:
        self._first = control
        self._confinement = confinement
        self._namespace = namespace  # descriptor of the server's own PID namespace; -1 if workers get none of their own
        self._remove_folder = remove_folder
        self._numbers = itertools.count(1)  # of workers
        self._workers: dict[socket.socket, dict[int, WatchedWorker]] = {}  # client -> PID -> its worker
        self._ending: list[WatchedWorker] = []  # killed, and asked for by nobody
        self._clients = selectors.PollSelector()  # `select` itself takes no descriptor above 1023
        self._add_client(control)

    def run(self) -> None:
        """Answer requests until the first control socket closes. Look at what the workers use meanwhile."""
        next_look = 0.0
        while self._first in self._workers:
            watched = [worker for workers in self._workers.values() for worker in workers.values()]
            wait = max(0.0, next_look - time.monotonic()) if watched or self._ending else None
            ready = [key.fileobj for key, _ in self._clients.select(wait)]
            if time.monotonic() >= next_look:  # however many requests there are
                end_overdrawn(watched, self._confinement)
                self._ending = [worker for worker in self._ending if not self._collect(worker)]
                next_look = time.monotonic() + WATCH_SECONDS
            for control in ready:
                assert isinstance(control, socket.socket)
                self._answer(control)
        for control in list(self._workers):
            self._end_client(control)
        for worker in self._ending:  # nobody is left who would wait, and it may still write
            os.waitpid(worker.pid, 0)

    def _add_client(self, control: socket.socket) -> None:
        self._workers[control] = {}
        self._clients.register(control, selectors.EVENT_READ)

    def _answer(self, control: socket.socket) -> None:
        """Answer a client's request. What fails costs this client its workers, and no other."""
        descriptors: list[int] = []
        try:
            message, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST_BYTES, 2)
            if not message:
                self._end_client(control)
                return
            self._handle(control, json.loads(message), descriptors)
        except OSError:  # it has ended
            self._end_client(control)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _handle(self, control: socket.socket, request: dict[str, Any], descriptors: list[int]) -> None:
        if "client" in request:
            self._connect(descriptors)
        elif "ended" in request:
            worker = self._workers[control].pop(request["ended"])
            control.send(json.dumps(self._exit_info(worker)).encode())
        else:
            self._start_worker(control, request, descriptors)

    def _connect(self, descriptors: list[int]) -> None:
        """Answer another client too. One that is gone already harms nobody, nor one for which there is no descriptor:
        its socket is closed.
        """
        with contextlib.suppress(OSError):
            for descriptor in descriptors:
                client = socket.socket(fileno=os.dup(descriptor))
                self._add_client(client)
                client.send(b"ready")

    def _start_worker(self, control: socket.socket, settings: dict[str, Any], descriptors: list[int]) -> None:
        """Start a worker for a client. If there is no room for a process or descriptor just now, tell it so."""
        folder = self._confinement.worker_folder(next(self._numbers))
        try:
            if len(descriptors) != 2:
                raise OSError(errno.EMFILE, "too many open files here")
            worker, pidfd = spawn(settings, descriptors, self._namespace, self._confinement, folder)
        except OSError:
            control.send(NO_ROOM)
            return
        self._workers[control][worker.pid] = worker  # before the client hears of it: it may be gone
        try:
            socket.send_fds(control, [str(worker.pid).encode()], [pidfd])
        finally:
            os.close(pidfd)

    def _exit_info(self, worker: WatchedWorker) -> dict[str, Any]:
        """Return how a worker ended: exit code (or minus the signal), exceeded limit, CPU seconds, peak memory in MB.

        The client has seen that it ended, or has killed it and waited long enough: then it waits for a disk perhaps.
        """
        ended = self._collect(worker)
        if not ended:
            self._ending.append(worker)
        status, used = ended or (signal.SIGKILL, None)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "limit": worker.limit,
            "cpu_seconds": used.ru_utime + used.ru_stime if used else 0.0,
            "peak_mb": used.ru_maxrss / 1024 if used else 0.0,
        }

    def _collect(self, worker: WatchedWorker) -> tuple[int, Any] | None:
        """Return the exit status and the usage of a worker that has ended, and have its folder removed."""
        pid, status, used = os.wait4(worker.pid, os.WNOHANG)
        if not pid:
            return None
        self._remove_folder(worker.folder)
        return status, used

    def _end_client(self, control: socket.socket) -> None:
        """End the workers of a client that is gone."""
        self._clients.unregister(control)
        for worker in self._workers.pop(control).values():
            worker.end("nobody listens")
            self._ending.append(worker)
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
        if confinement.level == "process" and worker.exceeds_disk_limit():
            worker.end(usage_watch.DISK)
        elif confinement.level != "off" and (limit := usage_watch.exceeded_limit(worker.proc_pid, worker.memory_mb)):
            worker.end(limit)


def spawn(
    settings: dict[str, Any], descriptors: list[int], namespace: int, confinement: Isolation, folder: str
) -> tuple[WatchedWorker, int]:
    """Fork a worker, the first process of a new PID namespace. Return it with a descriptor of its process.

    Raises OSError if there is no room for it.

    :param settings: memory_mb, cpu_seconds and cores
    :param descriptors: the worker's socket, and the file that takes its output
    :param namespace: descriptor of the fork server's PID namespace; -1 if workers get none of their own
    :param folder: path of the worker's folder
    """
    server = os.getpid()
    try:
        if namespace >= 0:
            isolation.unshare(isolation.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            become_worker(settings, descriptors, confinement, server, folder)
    finally:
        if namespace >= 0:
            isolation.join_namespace(namespace, isolation.CLONE_NEWPID)
    with contextlib.ExitStack() as undo:  # if too many files are open, nobody would know of this process
        undo.callback(os.waitpid, pid, 0)
        undo.callback(os.kill, pid, signal.SIGKILL)
        pidfd = os.pidfd_open(pid)
        undo.callback(os.close, pidfd)
        worker = WatchedWorker(pid, usage_watch.proc_pid(pidfd), settings["memory_mb"], folder)
        undo.pop_all()
    return worker, pidfd


def become_worker(
    settings: dict[str, Any], descriptors: list[int], confinement: Isolation, server: int, folder: str
) -> None:
    """Run the child process from fork to exit.

    :param descriptors: its socket, and the file that takes its output
    :param server: PID of the fork server
    :param folder: path of its folder
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
            confinement.apply(settings, server, folder)
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
