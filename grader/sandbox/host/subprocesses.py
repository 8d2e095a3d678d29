"""Processes of ours for what may go wrong: each has a pipe to its parent, a limit on its memory, and ends with it."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from grader.sandbox.guest import isolation


def start_code(module: str) -> str:
    """What the interpreter is told: to run `main(descriptor, parent)` of a module. To be filled in by `spawn`."""
    return f"import sys; sys.path[:] = {{path!r}}; from {module} import main; main({{descriptor}}, {{parent}})"


def spawn(start: str, errors: int | None = subprocess.DEVNULL) -> tuple[subprocess.Popen[bytes], Connection]:
    """The process, and our end of its pipe. Nothing that it prints disturbs anyone; where `errors` go may be said."""
    ours, theirs = Pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", start.format(path=sys.path, descriptor=theirs.fileno(), parent=os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[theirs.fileno()],
            process_group=0,  # Ctrl-C is the parent's affair
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
    return process, ours


def bind_to_parent(parent: int, memory: int) -> bool:
    """What such a `main` does first: from now on it ends with its parent, and too much memory is a MemoryError.

    False when the parent has died already.
    """
    isolation.prctl(isolation.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it had died before we asked to die with it
        return False
    lower_rlimit(resource.RLIMIT_DATA, memory)
    return True


def lower_rlimit(what: int, most: int) -> None:
    """Lowers one of the kernel's limits (resource.RLIMIT_...), for good."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def limit_cpu_time(seconds: int) -> None:
    """Let the process use so many seconds of the processor from now on; then the kernel ends the process."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


@contextlib.contextmanager
def gc_disabled() -> Iterator[None]:
    """Leave out garbage collection in what runs inside: for ten million lists of a file it takes five times as long as
    reading the file."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def pin_to_core(process: int, core: int) -> None:
    """Keeps a process, and what it will start, to one core."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # it has ended, or the core was taken away: no harm but to speed
            os.sched_setaffinity(process, {core})
