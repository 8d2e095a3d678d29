"""Template process: it has imported what grading needs, and is forked for each grading process.

The imports take most of a grading process's start, and forks share the memory of what was imported. Both ends of the
template's pipe are here: `TemplateProcess` is the parent's, `main` the program.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import subprocess
import threading
import traceback
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socket

from grader._util.fast_imports import fast_imports
from grader.execution import grading_process
from grader.execution.limits import MAX_JOB_MEMORY
from grader.sandbox.host import subprocesses

START = subprocesses.start_code("grader.execution.template_process")
NAME = "grading"  # of a forked process, in lists of processes


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
            if not select.select([self._pidfd], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(NAME, timeout or 0)
            os.close(self._pidfd)
            self.returncode = self._template.exit_code(self.pid)
        return self.returncode

    def _send(self, number: signal.Signals) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)


class TemplateProcess:
    """The parent's handle of the template. Thread-safe."""

    def __init__(self) -> None:
        """Start the process without waiting for its imports. Raises OSError."""
        self._lock = threading.Lock()
        self._popen, self._pipe = subprocesses.start_process(START, errors=None)

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def fork(self, shared: socket | None) -> tuple[ForkedProcess, Connection]:
        """Fork a grading process. Return it and our end of its pipe. Raises OSError.

        :param shared: control socket of the fork server that it uses
        """
        ours, theirs = Pipe()
        try:
            with theirs, self._lock:
                self._pipe.send(("fork", shared is not None))
                for file in (theirs, shared) if shared else (theirs,):
                    reduction.send_handle(self._pipe, file.fileno(), self._popen.pid)
                process = ForkedProcess(self._pipe.recv(), self)
        except EOFError:
            ours.close()
            raise OSError(errno.ECHILD, "the template process has ended") from None
        except BaseException:
            ours.close()
            raise
        return process, ours

    def exit_code(self, pid: int) -> int:
        """Return the exit code of a fork that has ended, or minus its signal."""
        with self._lock, contextlib.suppress(OSError, EOFError):
            self._pipe.send(("ended", pid))
            code: int = self._pipe.recv()
            return code
        return -signal.SIGKILL  # the template has ended, and its forks with it

    def close(self) -> None:
        """End the process, and with it all its forks."""
        self._popen.kill()
        self._popen.wait()
        self._pipe.close()

    def forget(self) -> None:
        self._pipe.close()


def main(descriptor: int, parent: int) -> None:
    """Fork grading processes until the parent has ended: the program of the template."""
    # A case may compute with what a submission sent: too much of that is a MemoryError here, not the machine's end.
    if not subprocesses.bind_to_parent(parent, MAX_JOB_MEMORY):
        return
    with fast_imports():
        _prepare()
    pipe = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        while True:
            kind, value = pipe.recv()
            if kind == "fork":
                files = [reduction.recv_handle(pipe) for _ in range(2 if value else 1)]
                pipe.send(_fork(pipe, files))
            else:
                pipe.send(os.waitstatus_to_exitcode(os.waitpid(value, 0)[1]))


def _prepare() -> None:
    """Import what every grading process needs, and compute what is the same for all of them."""
    import grader.grading.session  # noqa: F401 - the forks use it
    from grader.gradebook.fingerprint import grader_version
    from grader.grading import pytest_internals

    pytest_internals.import_plugins()
    grader_version()


def _fork(pipe: Connection, files: list[int]) -> int:
    """Fork a grading process with its pipe, and the control socket of its fork server if there is one."""
    template = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become_grading_process(pipe, files, template)
    for descriptor in files:
        os.close(descriptor)
    return pid


def _become_grading_process(pipe: Connection, files: list[int], template: int) -> None:
    """Run the program of a grading process, to its end."""
    code = 1
    try:
        pipe.close()
        own, *shared = files
        Path("/proc/self/comm").write_text(NAME)
        grading_process.main(Connection(own), socket(fileno=shared[0]) if shared else None, template)
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)
