"""Template process: it has imported what grading needs, and is forked for each grading process.

The imports take most of a grading process's start, and forks share the memory of what was imported. Both ends of the
template's pipe are here: `TemplateProcess` is the parent's, `main` the program.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import signal
import socket
import struct
import subprocess
import threading
import traceback
from collections.abc import Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from grader._util.fast_imports import fast_imports
from grader.execution import grading_process
from grader.execution.limits import MAX_JOB_MEMORY
from grader.sandbox.host import subprocesses
from grader.sandbox.host.process import has_ended

START = subprocesses.start_code("grader.execution.template_process")
NAME = "grading"  # of a forked process, in lists of processes
FORK, ENDED = b"f", b"e"
REQUEST = struct.Struct("=ci")  # FORK and how many descriptors come with it, or ENDED and the PID of a fork
REPLY = struct.Struct("=ii")  # an error number or 0, and the PID of a new fork or the exit code of one that has ended


class ForkedProcess:
    """A fork of the template. Its methods are those of subprocess.Popen."""

    def __init__(self, pid: int, template: TemplateProcess) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._template = template
        self._pidfd = os.pidfd_open(pid)  # it is still that process: the template hasn't waited for it

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended. Return its exit code. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not has_ended(self._pidfd, timeout):
                raise subprocess.TimeoutExpired(NAME, timeout or 0)
            os.close(self._pidfd)
            self.returncode = self._template.exit_code(self.pid)
        return self.returncode

    @property
    def template_ended(self) -> bool:
        """Whether its template has ended: then all forks of it have, or do so just now."""
        return not self._template.is_alive

    def _send(self, number: signal.Signals) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)


class TemplateProcess:
    """The parent's handle of the template. Thread-safe."""

    def __init__(self) -> None:
        """Start the process without waiting for its imports. Raises OSError."""
        self._lock = threading.Lock()
        self._popen, pipe = subprocesses.start_process(START, errors=None)
        with pipe:
            self._socket = socket.socket(fileno=os.dup(pipe.fileno()))

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def fork(self, shared: socket.socket | None) -> tuple[ForkedProcess, Connection]:
        """Fork a grading process. Return it and our end of its pipe. Raises OSError.

        :param shared: control socket of the fork server that it uses
        """
        with contextlib.ExitStack() as undo:
            ours, theirs = Pipe()
            undo.callback(ours.close)
            with theirs:
                files = [theirs.fileno(), *([shared.fileno()] if shared else [])]
                pid = self._ask(FORK, len(files), files)
            undo.callback(self._end, pid)
            process = ForkedProcess(pid, self)
            undo.pop_all()
        return process, ours

    def _end(self, pid: int) -> None:
        """End a fork of which there is no handle: this process has too many open files."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # it is still that process: the template hasn't waited for it
        self.exit_code(pid)

    def exit_code(self, pid: int) -> int:
        """Return the exit code of a fork that has ended, or minus its signal."""
        with contextlib.suppress(OSError):
            return self._ask(ENDED, pid)
        return -signal.SIGKILL  # the template has ended, and its forks with it

    def _ask(self, kind: bytes, number: int, files: Sequence[int] = ()) -> int:
        """Return the template's answer. Raises OSError if there is none, or if it says so.

        Request and descriptors are one message: if it can't be sent, the template doesn't wait for the rest.
        """
        reply = b""
        with self._lock, contextlib.ExitStack() as undo, contextlib.suppress(ConnectionError):
            socket.send_fds(self._socket, [REQUEST.pack(kind, number)], files)
            undo.callback(self._popen.kill)  # an answer that an exception kept us from would pass for the next one
            reply = self._socket.recv(REPLY.size)
            undo.pop_all()
        if not reply:
            self._popen.kill()  # it closes its socket some time before it has ended, and would be asked again
            self._popen.wait()
            raise OSError(errno.ECHILD, "the template process has ended")
        problem: int
        value: int
        problem, value = REPLY.unpack(reply)
        if problem:
            raise OSError(problem, os.strerror(problem))
        return value

    def close(self) -> None:
        """End the process, and with it all its forks."""
        self._popen.kill()
        self._popen.wait()
        self._socket.close()

    def forget(self) -> None:
        self._socket.close()


def main(descriptor: int, parent: int) -> None:
    """Fork grading processes until the parent has ended: the program of the template."""
    # A case may compute with what a submission sent: too much of that is a MemoryError here, not the machine's end.
    if not subprocesses.bind_to_parent(parent, MAX_JOB_MEMORY):
        return
    try:
        os.getcwd()
    except OSError:  # it was removed, and pytest asks for it
        os.chdir("/")
    with fast_imports():
        _prepare()
    control = socket.socket(fileno=descriptor)
    with contextlib.suppress(OSError):
        while _answer(control):
            pass


def _answer(control: socket.socket) -> bool:
    """Answer one request. Return whether there was one. A fork that fails costs the others nothing."""
    message, files, _, _ = socket.recv_fds(control, REQUEST.size, 2)
    if not message:
        return False
    kind, number = REQUEST.unpack(message)
    try:
        if kind == ENDED:
            value = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        elif len(files) == number:
            value = _fork(control, files)
        else:
            raise OSError(errno.EMFILE, "too many open files here")
        reply = REPLY.pack(0, value)
    except OSError as problem:
        reply = REPLY.pack(problem.errno, 0)
    finally:
        for descriptor in files:
            os.close(descriptor)
    control.send(reply)
    return True


def _prepare() -> None:
    """Import what every grading process needs, and compute what is the same for all of them."""
    from grader.gradebook.fingerprint import grader_version
    from grader.grading import pytest_internals

    importlib.import_module("grader.grading.session")
    pytest_internals.import_plugins()
    grader_version()


def _fork(control: socket.socket, files: list[int]) -> int:
    """Fork a grading process with its pipe, and the control socket of its fork server if there is one."""
    template = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become_grading_process(control, files, template)
    return pid


def _become_grading_process(control: socket.socket, files: list[int], template: int) -> None:
    """Run the program of a grading process, to its end."""
    code = 1
    try:
        control.close()
        own, *shared = files
        with contextlib.suppress(OSError):  # some sandboxes forbid it
            Path("/proc/self/comm").write_text(NAME)
        grading_process.main(Connection(own), socket.socket(fileno=shared[0]) if shared else None, template)
        code = 0
    except Exception:  # a fault of ours: nothing else would show it, because a fork ends without Python's own report
        traceback.print_exc()
    finally:
        os._exit(code)
