"""Outside: starts a fork server inside bubblewrap, has it fork workers, and ends them.

The sandbox shows the interpreter, its packages, the sandbox modules and the assignment's support files, all
read-only. Nothing else of the machine is there: no network, no home directory, no solutions, no submission. Each
worker then closes a door of its own behind itself (see isolation.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self

from grader.models import Limits
from grader.sandbox.guest import landlock, usage_watch
from grader.sandbox.host import mounts, syscall_filter
from grader.sandbox.host.availability import INSTALL, SandboxUnavailable, no_namespaces
from grader.sandbox.host.process import Process

GRADER = Path(__file__).parents[2]
SHOWN = ("notebooks", "sandbox/protocol", "sandbox/guest")  # of our folders, all that a sandbox shows
SUPPORT = "/support"
START_SECONDS = 120.0  # for the fork server to import everything on a busy machine
START = (
    # A package of the folders that are shown, by a name that no submission imports.
    "import sys, types; root = sys.modules['_grader'] = types.ModuleType('_grader'); root.__path__ = [{modules!r}];"
    " sys.path += {packages!r}; from _grader.sandbox.guest.fork_server import Isolation, main;"
    " main({descriptor}, {preload!r}, {door})"
)


def own_folders() -> list[Path]:
    """Return the folders of the grader that a sandbox shows."""
    return [GRADER / name for name in SHOWN]


class Launcher:
    """Starts workers. The server itself is started when the first one is needed, and again should it die.

    This class is the level `off`: processes of their own with limits on time and memory, and nothing else.
    """

    level = "off"
    protections: tuple[str, ...] = ("own process", "memory limit", "time limit")

    def __init__(self, support: Path | None = None, preload: Sequence[str] = ()) -> None:
        self.support = support if support and support.is_dir() else None
        self.preload = list(preload)
        self._control: socket.socket | None = None
        self._starting: socket.socket | None = None  # the control socket of a server that isn't ready yet
        self._trouble: IO[bytes] | None = None  # what that server says on its way
        self._popen: subprocess.Popen[bytes] | None = None
        self._folder = ""

    def __enter__(self) -> Self:
        self._serve()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def check(self) -> None:
        """Raises SandboxUnavailable where a worker can't be started."""
        if sys.platform != "linux":
            raise SandboxUnavailable(
                "student code is run on Linux alone", "Grade in a Linux virtual machine or container", never=True
            )
        if not GRADER.is_dir():
            raise SandboxUnavailable(
                f"a sandbox shows modules of the grader, and {GRADER} lies in an archive", "Install the grader with pip"
            )

    def start(self, limits: Limits) -> Process:
        """A new worker, forked from the server. Raises SandboxUnavailable."""
        for _ in range(2):  # should the server have died meanwhile, there will be another
            process = self._fork(self._control or self._serve(), limits)
            if process:
                return process
            self.close()
        raise SandboxUnavailable("the fork server gave no worker, twice")

    def ending(self, pid: int) -> dict[str, Any]:
        """How a worker that has ended did so; nothing when the server doesn't answer."""
        try:
            assert self._control
            self._control.send(json.dumps({"ended": pid}).encode())
            told: dict[str, Any] = json.loads(self._control.recv(4096))
        except (AssertionError, OSError, ValueError):
            return {}
        return told

    def close(self) -> None:
        """Ends the server, and with it every worker."""
        if self._popen:
            self._popen.kill()
            self._popen.wait()
        for file in (self._control, self._starting, self._trouble):
            if file:
                file.close()
        if self._folder:
            usage_watch.remove(self._folder)
        self._control = self._starting = self._trouble = self._popen = None
        self._folder = ""

    def _fork(self, control: socket.socket, limits: Limits) -> Process | None:
        ours, theirs = socket.socketpair()
        output = os.memfd_create("output", os.MFD_CLOEXEC)
        settings = {"memory_mb": limits.memory_mb, "cpu_seconds": int(limits.total_seconds) + 1}
        with theirs, contextlib.suppress(OSError):
            socket.send_fds(control, [json.dumps(settings).encode()], [theirs.fileno(), output])
            message, descriptors, _, _ = socket.recv_fds(control, 64, 1)
            if descriptors:
                (pidfd,) = descriptors
                return Process(ours, int(message), usage_watch.number_in_proc(pidfd), pidfd, output, self)
        ours.close()
        os.close(output)
        return None

    def begin(self) -> None:
        """Starts the server, and doesn't wait until it has imported everything: `start` will."""
        self._make_room()
        system_calls = self._system_calls()
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._trouble = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the server is ready or given up
        self._starting = control
        with theirs:
            self._popen = subprocess.Popen(
                [*self._interpreter(), "-sPBc", self._program(theirs.fileno())],
                env=mounts.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._trouble,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        control.settimeout(START_SECONDS)
        with contextlib.suppress(OSError):  # it has ended already: that there is no answer will tell
            control.send(system_calls)

    def _serve(self) -> socket.socket:
        """The server's control socket, when it is ready."""
        if not self._starting:
            self.begin()
        assert self._starting and self._trouble
        control, trouble = self._starting, self._trouble
        self._control, self._starting, self._trouble = control, None, None
        with trouble:
            try:
                said = control.recv(64)
            except OSError:
                said = b""
            if said != b"ready":
                self.close()
                trouble.seek(0)
                lines = trouble.read()[-4000:].decode(errors="replace").strip().splitlines()
                raise SandboxUnavailable(f"the fork server did not start: {(lines or ['no reason given'])[-1]}")
        return control

    def _system_calls(self) -> bytes:
        """The filter of system calls, as a seccomp program."""
        if self.level == "off":
            return b"none"
        try:
            return syscall_filter.program(own_files=self.level == "full")
        except (ImportError, RuntimeError) as problem:
            raise SandboxUnavailable(f"system calls can't be filtered ({problem})", f"{INSTALL} libseccomp2") from None

    def _make_room(self) -> None:
        """A folder for the workers' own folders."""
        self._folder = tempfile.mkdtemp(prefix="grader-")

    def _program(self, descriptor: int) -> str:
        """What the interpreter is told to run."""
        modules, support, folder = self._places()
        door = f"Isolation({self.level!r}, {support!r}, {folder!r}, {self._readable()!r})"
        told = {"modules": modules, "packages": self._packages(), "preload": self.preload, "door": door}
        return START.format(descriptor=descriptor, **told)

    def _places(self) -> tuple[str, str, str]:
        """Where the sandbox finds its modules, the support files, and room for the workers' folders."""
        return str(GRADER), str(self.support or ""), self._folder

    def _readable(self) -> list[str]:
        return []

    def _packages(self) -> list[str]:
        """Return where the sandbox finds installed packages that the interpreter doesn't find by itself."""
        return []

    def _interpreter(self) -> list[str]:
        """Return the command that starts the interpreter."""
        return [sys.executable]


class ProcessLauncher(Launcher):
    """The level `process`, for machines without user namespaces: what a process can give up by itself."""

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
        super().check()
        if not landlock.version():
            raise SandboxUnavailable(
                "this kernel has no Landlock, without which files can't be kept from being read",
                "Linux 5.13 or newer has it, switched on by lsm=landlock",
                never=True,
            )

    def _readable(self) -> list[str]:
        support = [str(self.support)] if self.support else []
        files = ["/dev/urandom", "/proc/cpuinfo", "/proc/meminfo"]
        return [*map(str, mounts.shown()), *files, *map(str, own_folders()), *support]


class BubblewrapLauncher(Launcher):
    """The level `full`."""

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
        super().check()
        self._bubblewrap()
        try:
            with BubblewrapLauncher(self.support) as trial:
                trial.start(Limits()).kill()
        except SandboxUnavailable as problem:
            raise no_namespaces(str(problem)) from None

    def _make_room(self) -> None:
        """Each worker has a /tmp of its own."""

    def _places(self) -> tuple[str, str, str]:
        return "/grader", SUPPORT if self.support else "", "/tmp"

    def _packages(self) -> list[str]:
        return mounts.package_path()

    def _bubblewrap(self) -> str:
        """The command."""
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
            *(word for name in SHOWN for word in ("--ro-bind", str(GRADER / name), f"/grader/{name}")),
            *(("--ro-bind", str(self.support), SUPPORT) if self.support else ()),
            *("--remount-ro", "/", "--chdir", "/tmp", "--", mounts.PROGRAM),
        ]
