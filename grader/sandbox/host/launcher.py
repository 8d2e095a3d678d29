"""Starts a fork server in a sandbox, has it fork workers, and ends them. Launchers of several processes share a server.

The sandbox shows the interpreter, its packages, the sandbox modules and the assignment's support files, all
read-only. It has no network, no home directory, no solution and no submission. Each worker isolates itself further
before it runs student code (see guest/isolation.py).
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Self

from grader._util import logs
from grader.models import Limits
from grader.sandbox.guest import landlock, usage_watch
from grader.sandbox.host import mounts, room, syscall_filter, worker_user
from grader.sandbox.host.availability import INSTALL, SandboxUnavailable, namespaces_unavailable
from grader.sandbox.host.process import Process, RunningServer
from grader.sandbox.limits import MAX_SERVER_ERRORS, ROOM_CHECK_SECONDS, SERVER_START_SECONDS, WORKER_START_SECONDS
from grader.sandbox.protocol.limits import NO_ROOM

LOG = logging.getLogger("grader.sandbox")

GRADER = Path(__file__).parents[2]
VISIBLE_FOLDERS = (
    "notebooks",
    "sandbox/protocol",
    "sandbox/guest",
)  # the only folders of the grader that a sandbox shows
SUPPORT = "/support"
START_CODE = (
    # The visible folders become a package with a name that no submission imports.
    "import os, sys, types; os.nice({niceness});"
    " root = sys.modules['_grader'] = types.ModuleType('_grader'); root.__path__ = [{modules!r}];"
    " sys.path += {packages!r}; from _grader.sandbox.guest.fork_server import Isolation, main;"
    " main({descriptor}, {preload!r}, {confinement})"
)


def visible_folders() -> list[Path]:
    """Return the folders of the grader that a sandbox shows."""
    return [GRADER / name for name in VISIBLE_FOLDERS]


class NoRoom(Exception):
    """The machine has no room for another process, or for its open files, just now."""


class Launcher:
    """Starts workers. Its fork server starts with the first worker, and again if it dies.

    This class is the level `off`: each worker is a process with limits on time and memory, and nothing else.

    :param support: folder of the support files
    :param preload: modules that the server imports
    :param shared: control socket of another launcher's server, from `connect`. If that server is lost, this launcher
        starts its own.
    :param niceness: by how much the server and its workers let others compute first, compared with this process
    """

    level = "off"
    protections: tuple[str, ...] = ("own process", "memory limit", "time limit")

    def __init__(
        self,
        support: Path | None = None,
        preload: Sequence[str] = (),
        shared: socket.socket | None = None,
        niceness: int = 0,
    ) -> None:
        self.support = support if support and support.is_dir() else None
        self.preload = list(preload)
        self._shared = shared
        self._niceness = niceness
        self._control: socket.socket | None = None
        self._starting: socket.socket | None = None  # control socket of a server that isn't ready yet
        self._server_errors: IO[bytes] | None = None  # error output of that server
        self._popen: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._began = time.monotonic()  # when it began to wait for a server
        self._memory_kills = 0  # of the machine then

    def __enter__(self) -> Self:
        self._wait_for_server()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def check(self) -> None:
        """Raise SandboxUnavailable if this level can't start a worker here."""
        if sys.platform != "linux":
            raise SandboxUnavailable(
                "student code runs on Linux only", "Grade in a Linux virtual machine or container", impossible=True
            )
        if not GRADER.is_dir():
            raise SandboxUnavailable(
                f"the sandbox mounts modules of the grader, but {GRADER} is inside an archive",
                "Install the grader with pip",
            )

    def start(self, limits: Limits) -> Process:
        """Return a new worker, forked from the server. Raises SandboxUnavailable, and OSError if there is no room."""
        for _ in range(2):  # if the server has died, the second try starts another
            process = self._fork_patiently(self._control or self._wait_for_server(), limits)
            if process:
                return process
            logs.event(LOG, logging.WARNING, "fork server lost", sandbox=self.level)
            self.close()
        raise SandboxUnavailable("the fork server started no worker in 2 tries")

    def close(self) -> None:
        """End the server and all its workers."""
        if self._popen:
            self._popen.kill()
            self._popen.wait()
        for file in (self._shared, self._control, self._starting, self._server_errors):
            if file:
                file.close()
        if self._folder:
            usage_watch.remove_folder(self._folder)
        self._shared = self._control = self._starting = self._server_errors = self._popen = None
        self._folder = ""

    def _fork_patiently(self, control: socket.socket, limits: Limits) -> Process | None:
        """Return a new worker as soon as there is room for one; None if the server has ended.

        Other submissions may fill the machine with threads, until a limit ends them.
        """
        end = time.monotonic() + WORKER_START_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(NoRoom):
                return self._fork(control, limits)
            time.sleep(ROOM_CHECK_SECONDS)
        raise OSError(errno.EAGAIN, "no room for another process, or for its open files")

    def _fork(self, control: socket.socket, limits: Limits) -> Process | None:
        """Return a new worker; None if the server has ended. Raises NoRoom."""
        message = b""
        ours, theirs = socket.socketpair()
        output = os.memfd_create("output", os.MFD_CLOEXEC)
        settings = {
            "memory_mb": limits.memory_mb,
            "cpu_seconds": int(limits.total_seconds) + 1,
            "cores": sorted(os.sched_getaffinity(0)),
        }
        with theirs, contextlib.suppress(OSError):
            socket.send_fds(control, [json.dumps(settings).encode()], [theirs.fileno(), output])
            message, descriptors, _, _ = socket.recv_fds(control, 64, 1)
            if descriptors:
                (pidfd,) = descriptors
                return Process(ours, int(message), usage_watch.proc_pid(pidfd), pidfd, output, RunningServer(control))
        ours.close()
        os.close(output)
        if message == NO_ROOM:
            raise NoRoom
        return None

    def connect(self) -> socket.socket:
        """Return a control socket of this launcher's server, for the launcher of another process.

        The server, which `start_server` has started, need not be ready yet. Raises OSError if it has ended.
        """
        control = self._control or self._starting
        assert control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            socket.send_fds(control, [b'{"client": true}'], [theirs.fileno()])
            undo.pop_all()
        return ours

    def forget_server(self) -> None:
        """Close the sockets, and end nothing: in a fork of the process that started the server."""
        for control in (self._control, self._starting):
            if control:
                control.close()

    @property
    def server_is_alive(self) -> bool:
        """Whether this launcher has started a server that hasn't ended."""
        return self._popen is not None and self._popen.poll() is None

    def start_server(self) -> None:
        """Start the server without waiting for its imports; `start` waits."""
        self._began = time.monotonic()
        self._memory_kills = room.memory_kills()
        system_calls = self._system_calls()
        self._folder = self._new_folder()
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._server_errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the server is ready or given up
        self._starting = control
        with theirs:
            self._popen = subprocess.Popen(
                [*self._interpreter(), "-sPBc", self._start_code(theirs.fileno())],
                env=mounts.worker_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._server_errors,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        with contextlib.suppress(OSError):  # the server has ended: _wait_for_server reports it
            control.send(system_calls)

    def _wait_for_server(self) -> socket.socket:
        """Return the server's control socket once it is ready.

        Raises SandboxUnavailable if the server doesn't start.
        """
        if self._shared:
            control, self._shared = self._shared, None
            if self._is_ready(control):
                self._control = control
                return control
            control.close()
        if not self._starting:
            self.start_server()
        assert self._starting and self._server_errors
        control, errors = self._starting, self._server_errors
        self._control, self._starting, self._server_errors = control, None, None
        with errors:
            if not self._is_ready(control):
                self.close()
                errors.seek(0)
                lines = errors.read()[-MAX_SERVER_ERRORS:].decode(errors="replace").strip().splitlines()
                why = (lines or ["no reason given"])[-1]
                killed = room.memory_kills() > self._memory_kills
                if killed:
                    why = "memory was short, and the kernel killed a process"
                no_room = killed or os.strerror(errno.EAGAIN) in why  # whether bubblewrap says it, or the server
                raise SandboxUnavailable(f"the fork server did not start: {why}", no_room=no_room)
        return control

    def _is_ready(self, control: socket.socket) -> bool:
        """Wait until the server says that it is ready. Return False if it has ended, or takes too long."""
        control.settimeout(SERVER_START_SECONDS)
        with contextlib.suppress(OSError):
            if control.recv(64) == b"ready":
                seconds = time.monotonic() - self._began
                logs.event(LOG, logging.INFO, "fork server ready", sandbox=self.level, seconds=seconds)
                return True
        return False

    def _system_calls(self) -> bytes:
        """Return the filter of system calls as a compiled seccomp program."""
        if self.level == "off":
            return b"none"
        try:
            return syscall_filter.compile_filter(own_files=self.level == "full")
        except (ImportError, RuntimeError) as problem:
            raise SandboxUnavailable(f"system calls can't be filtered ({problem})", f"{INSTALL} libseccomp2") from None

    def _new_folder(self) -> str:
        """Return the path of a folder that the server creates, and in which each worker gets a folder of its own."""
        return f"{tempfile.gettempdir()}/grader-{secrets.token_hex(16)}"

    def _start_code(self, descriptor: int) -> str:
        """Return the Python code that starts the server."""
        modules, support, folder = self._paths()
        fixed = f"{self.level!r}, {support!r}, {folder!r}, {self._readable()!r}"
        confinement = f"Isolation({fixed}, user={self.worker_user()})"
        values = {
            "modules": modules,
            "packages": self._package_path(),
            "preload": self.preload,
            "confinement": confinement,
            "niceness": self._niceness,
        }
        return START_CODE.format(descriptor=descriptor, **values)

    def _paths(self) -> tuple[str, str, str]:
        """Return where the sandbox finds its modules, the support files, and the workers' folders."""
        return str(GRADER), str(self.support or ""), self._folder

    def _readable(self) -> list[str]:
        """Return further paths that a worker may read."""
        return []

    def worker_user(self) -> int:
        """Return the number of the user whom workers run as; -1 for the user who grades."""
        return -1

    def _package_path(self) -> list[str]:
        """Return where the sandbox finds packages that the interpreter doesn't find by itself.

        The grader itself runs in a sandbox while an imported assignment is tried.
        """
        return [path for path in sys.path if Path(path).parent == mounts.PACKAGES]

    def _interpreter(self) -> list[str]:
        """Return the command that starts the interpreter."""
        return [sys.executable]


class ProcessLauncher(Launcher):
    """The level `process`, for machines without user namespaces: a worker gives up what a process can by itself."""

    level = "process"
    protections: tuple[str, ...] = (
        "own process",
        "no network",
        "nothing readable but the interpreter and its packages",
        "signals to itself only",
        "no capabilities",
        "filtered system calls",
        "memory limit",
        "time limit",
    )

    def check(self) -> None:
        """Raise SandboxUnavailable if the kernel has no Landlock."""
        super().check()
        if not landlock.version():
            raise SandboxUnavailable(
                "this kernel has no Landlock, which restricts the files that student code can read",
                "Use Linux 5.13 or newer, and enable it with the kernel parameter lsm=landlock",
                impossible=True,
            )

    def _readable(self) -> list[str]:
        support = [str(self.support)] if self.support else []
        files = ["/dev/urandom", "/proc/cpuinfo", "/proc/meminfo"]
        return [*map(str, mounts.visible_paths()), *files, *map(str, visible_folders()), *support]

    def worker_user(self) -> int:
        """Return the number of the user whom workers run as; -1 for the user who grades."""
        return worker_user.choose([Path(name) for name in self._readable()])


class BubblewrapLauncher(Launcher):
    """The level `full`: bubblewrap, and namespaces for each worker."""

    level = "full"
    protections: tuple[str, ...] = (
        "own process",
        "no network",
        "read-only files",
        "nothing readable but the interpreter and its packages",
        "own processes only",
        "signals to itself only",
        "no capabilities",
        "filtered system calls",
        "memory limit",
        "time limit",
    )

    def check(self) -> None:
        """Raise SandboxUnavailable if bubblewrap is missing or can't create namespaces. Starts a worker to find out."""
        super().check()
        self._bubblewrap()
        try:
            with BubblewrapLauncher(self.support) as launcher:
                launcher.start(Limits()).kill()
        except SandboxUnavailable as problem:
            if problem.no_room:
                raise
            raise namespaces_unavailable(str(problem)) from None

    def _new_folder(self) -> str:
        return ""  # each worker has a /tmp of its own

    def _paths(self) -> tuple[str, str, str]:
        return "/grader", SUPPORT if self.support else "", "/tmp"

    def _package_path(self) -> list[str]:
        return mounts.package_path()

    def _bubblewrap(self) -> str:
        """Return the path of the command bwrap. Raises SandboxUnavailable."""
        if found := shutil.which("bwrap"):
            return found
        raise SandboxUnavailable(
            "bubblewrap (the command bwrap), which makes the sandbox, isn't installed", f"{INSTALL} bubblewrap"
        )

    def _interpreter(self) -> list[str]:
        return [
            self._bubblewrap(),
            *("--unshare-all", "--unshare-user", "--new-session", "--die-with-parent"),
            *("--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"),
            *mounts.system_mounts(),
            *mounts.interpreter_mounts(),
            *mounts.device_mounts(),
            *("--proc", "/proc", "--size", str(1 << 20), "--tmpfs", "/tmp"),
            *(word for name in VISIBLE_FOLDERS for word in ("--ro-bind", str(GRADER / name), f"/grader/{name}")),
            *(("--ro-bind", str(self.support), SUPPORT) if self.support else ()),
            *("--remount-ro", "/", "--chdir", "/tmp", "--", mounts.INTERPRETER),
        ]
