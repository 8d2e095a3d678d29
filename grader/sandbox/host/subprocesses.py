"""Helper processes of the trusted side: each has a pipe to its parent and a memory limit, and ends with its parent."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

from grader.sandbox.guest import isolation

REMOVE_AT_END = (
    # shutil takes as long to import as all else of this process, and is rarely needed.
    "import os, sys; sys.stdin.read(); folder = sys.argv[1];"
    " os.path.exists(folder) and __import__('shutil').rmtree(folder, ignore_errors=True)"
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # of each process: there is one for each core
# With the first, Python leaves out assertions of hidden cases, or their docstrings; with the second, warnings raise.
HARMFUL = ("PYTHONOPTIMIZE", "PYTHONWARNINGS")


def start_code(module: str) -> str:
    """Return Python code that runs `main(descriptor, parent)` of a module; `start_process` fills in the two numbers."""
    return f"import sys; sys.path[:] = {{path!r}}; from {module} import main; main({{descriptor}}, {{parent}})"


def helper_environment() -> dict[str, str]:
    """Return the environment variables of a helper process."""
    return {name: value for name, value in os.environ.items() if name not in HARMFUL} | ONE_THREAD


def start_process(start: str, errors: int | None = subprocess.DEVNULL) -> tuple[subprocess.Popen[bytes], Connection]:
    """Start a process with the code of `start_code`. Return it and our end of its pipe. Its output is discarded.

    :param errors: where its error output goes
    """
    ours, theirs = Pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", start.format(path=sys.path, descriptor=theirs.fileno(), parent=os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[theirs.fileno()],
            process_group=0,  # Ctrl-C reaches the parent only
            env=helper_environment(),
        )
    return process, ours


def bind_to_parent(parent: int, memory: int) -> bool:
    """Make this process end with its parent, and limit its memory in bytes: more raises MemoryError.

    A `main` calls this first. Returns False if the parent has ended already.
    """
    isolation.prctl(isolation.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before prctl took effect
        return False
    lower_rlimit(resource.RLIMIT_DATA, memory)
    return True


class ScratchFolder:
    """A temporary folder that is removed when this process ends, however it ends: another process waits for that.

    As a context manager it is removed at the end of the block.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.gettempdir(), f"grader-{secrets.token_hex(16)}")
        self._remover = subprocess.Popen(
            [sys.executable, "-IS", "-c", REMOVE_AT_END, str(self.path)],  # not by a shell: a sandbox has none
            stdin=subprocess.PIPE,  # it closes with this process
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # not ended by Ctrl-C
            cwd="/",
        )
        self.path.mkdir(0o700)  # last: this process may be killed between any two lines

    def remove(self) -> None:
        """Remove the folder."""
        assert self._remover.stdin
        shutil.rmtree(self.path, ignore_errors=True)
        self._remover.stdin.close()
        self._remover.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


def lower_rlimit(what: int, most: int) -> None:
    """Lower a limit of the kernel (resource.RLIMIT_...) for good."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def limit_cpu_time(seconds: int) -> None:
    """Have the kernel end this process after so many more seconds of processor time."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


@contextlib.contextmanager
def gc_disabled() -> Iterator[None]:
    """Disable garbage collection in this context: for a file of ten million lists it takes five times the reading."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def lower_priority(process: int, niceness: int) -> None:
    """Let others compute before a process and the processes that it starts.

    :param niceness: added to the nice value of this process; 19 more is the least
    """
    with contextlib.suppress(OSError):  # the process has ended: costs speed only
        os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, 0) + niceness)
