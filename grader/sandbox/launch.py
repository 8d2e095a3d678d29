"""Outside: starts a fork server inside bubblewrap, has it fork workers, and ends them.

The sandbox shows the interpreter, its packages, the sandbox modules and the assignment's support files, all
read-only. Nothing else of the machine is there: no network, no home directory, no solutions, no submission. Each
worker then closes a door of its own behind itself (see confine.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from grader.model import Limits
from grader.sandbox import seccomp

INSIDE = Path(__file__).parent
SUPPORT = "/support"
START_SECONDS = 120.0  # for the fork server to import everything on a busy machine
START = (
    "import sys; sys.path.insert(0, {path!r}); from sandbox.forkserver import main;"
    " main({fd}, {preload!r}, {confined!r}, {support!r})"
)


class SandboxUnavailable(Exception):
    """This machine can't give the sandbox; the message says why and what to do."""


@dataclass
class Process:
    """A running worker: a socket to it, and the means to end it."""

    sock: socket.socket
    pidfd: int

    def kill(self) -> None:
        """Ends the worker and everything it started; it is gone when this returns."""
        self.sock.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        select.select([self.pidfd], [], [], 10)
        os.close(self.pidfd)


class ForkServer:
    """Starts workers. The server itself is started when the first one is needed, and again should it die."""

    confined = False
    protections: tuple[str, ...] = ()

    def __init__(self, support: Path | None = None, preload: Sequence[str] = ()) -> None:
        self.support = support
        self.preload = list(preload)
        self._control: socket.socket | None = None
        self._popen: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._serve()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def check(self) -> None:
        """Raises SandboxUnavailable where a worker can't be started."""

    def start(self, limits: Limits) -> Process:
        """A new worker, forked from the server. Raises SandboxUnavailable."""
        control = self._control or self._serve()
        ours, theirs = socket.socketpair()
        with theirs:
            settings = {"memory_mb": limits.memory_mb, "cpu_seconds": int(limits.total_seconds) + 1}
            try:
                socket.send_fds(control, [json.dumps(settings).encode()], [theirs.fileno()])
                message, descriptors, _, _ = socket.recv_fds(control, 64, 1)
            except OSError as problem:
                message, descriptors = b"", []
                reason = str(problem)
            else:
                reason = "it ended"
        if message != b"ok":
            ours.close()
            self.close()
            raise SandboxUnavailable(f"the fork server gave no worker: {reason}")
        return Process(ours, descriptors[0])

    def close(self) -> None:
        """Ends the server, and with it every worker."""
        if self._popen:
            self._popen.kill()
            self._popen.wait()
        if self._control:
            self._control.close()
        if self._folder:
            self._folder.cleanup()
        self._control = self._popen = self._folder = None

    def _serve(self) -> socket.socket:
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, tempfile.TemporaryFile() as trouble:
            start = START.format(
                path=self._modules(),
                fd=theirs.fileno(),
                preload=self.preload,
                confined=self.confined,
                support=self._support(),
            )
            self._popen = subprocess.Popen(
                [*self._prefix(), sys.executable, "-IBc", start],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=trouble,
                pass_fds=[theirs.fileno()],
                cwd=self._make_folder(),
                start_new_session=True,
            )
            theirs.close()
            self._control = control
            control.settimeout(START_SECONDS)
            try:
                control.send(self._system_calls())
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
        return b"none"

    def _make_folder(self) -> str | None:
        """Where the server starts; None when that makes no difference."""
        return None

    def _prefix(self) -> list[str]:
        raise NotImplementedError

    def _modules(self) -> str:
        raise NotImplementedError

    def _support(self) -> str:
        raise NotImplementedError


class Bubblewrap(ForkServer):
    """The full sandbox."""

    confined = True
    protections = (
        "own process",
        "no network",
        "read-only files",
        "nothing readable but the interpreter and its packages",
        "own processes only",
        "no capabilities",
        "filtered system calls",
        "memory limit",
        "time limit",
    )

    def check(self) -> None:
        if not shutil.which("bwrap"):
            raise SandboxUnavailable(
                "bubblewrap (the command bwrap) isn't installed, and student code needs it to run safely. "
                "Install it with: sudo apt-get install bubblewrap"
            )
        try:
            with Bubblewrap(self.support) as trial:
                trial.start(Limits()).kill()
        except SandboxUnavailable as problem:
            raise SandboxUnavailable(
                f"bubblewrap can't start a sandbox on this machine: {problem}. User namespaces may be switched off; "
                "docs/security.md says how to allow them. --sandbox=off grades without any protection."
            ) from None

    def _prefix(self) -> list[str]:
        return [
            shutil.which("bwrap") or "bwrap",
            *("--unshare-all", "--unshare-user", "--new-session", "--die-with-parent"),
            *("--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--clearenv"),
            *(part for key, value in environment().items() for part in ("--setenv", key, value)),
            *_system(),
            *("--proc", "/proc", "--dev", "/dev", "--size", str(1 << 20), "--tmpfs", "/dev/shm"),
            *("--remount-ro", "/dev", "--size", str(1 << 20), "--tmpfs", "/tmp"),
            *_interpreter(),
            *("--ro-bind", str(INSIDE), "/grader/sandbox"),
            *(("--ro-bind", str(self.support), SUPPORT) if self.support and self.support.is_dir() else ()),
            *("--remount-ro", "/", "--chdir", "/tmp", "--"),
        ]

    def _system_calls(self) -> bytes:
        return seccomp.program()

    def _modules(self) -> str:
        return "/grader"

    def _support(self) -> str:
        return SUPPORT


class Unprotected(ForkServer):
    """No sandbox at all, for machines that have none: asked for by name, and named in every report.

    Its workers share one temporary folder, with links to the support files.
    """

    protections = ("own process", "memory limit", "time limit")

    def _prefix(self) -> list[str]:
        return ["env", "-i", *(f"{key}={value}" for key, value in environment().items())]

    def _modules(self) -> str:
        return str(INSIDE.parent)

    def _support(self) -> str:
        return ""

    def _make_folder(self) -> str:
        self._folder = tempfile.TemporaryDirectory(prefix="grader-")
        for path in self.support.iterdir() if self.support and self.support.is_dir() else ():
            Path(self._folder.name, path.name).symlink_to(path)
        return self._folder.name


def environment() -> dict[str, str]:
    """All that a worker finds in its environment."""
    passed_on = {key: value for key, value in os.environ.items() if key.startswith("OPENBLAS_")}
    return passed_on | {
        "HOME": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
    }


def _system() -> Iterator[str]:
    """The operating system's libraries, read-only."""
    for name in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", os.readlink(path), name)
        elif path.is_dir():
            yield from ("--ro-bind", name, name)
    for name in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"):
        yield from ("--ro-bind-try", name, name)


def _interpreter() -> Iterator[str]:
    """The interpreter and its packages, read-only, at the places where they are."""
    places = {Path(sys.base_prefix), Path(sys.prefix), *map(Path, sysconfig.get_paths().values())}
    places = {place for place in places if place.is_dir() and not place.is_relative_to("/usr")}
    outermost = [p for p in sorted(places) if not any(p != q and p.is_relative_to(q) for q in places)]
    for place in outermost:
        yield from ("--ro-bind", str(place), str(place))
    installed = Path(sysconfig.get_path("purelib"), "grader")
    if installed.is_dir():  # the grader's own files are nobody's business in there
        yield from ("--tmpfs", str(installed))
