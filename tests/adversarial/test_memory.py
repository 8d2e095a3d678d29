"""How much of the machine's memory a submission can hold, by every way that was found: docs/security.md in numbers."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest

from grader.models import Assignment, Limits, Status
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.guest import usage_watch
from grader.sandbox.host.launcher import BubblewrapLauncher, Launcher, ProcessLauncher
from grader.sandbox.host.process import ExitInfo, Process
from grader.sandbox.protocol import limits
from tests.factories import ROOT, submission

MEMORY = 256  # MB, for the tests; 1024 in a real run
LIMITS = Limits(memory_mb=MEMORY, load_seconds=60, call_seconds=60, total_seconds=120)
BETWEEN_LOOKS = 512  # MB that a worker may take until the fork server, on a busy machine, looks again

# Each function takes what it can and gives bytes or a count; those of memory don't come back.
HOARDERS = """
import ctypes, os, select, signal, socket, threading

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
NOWHERE = 2**64 - 1
held = []

def made_read_only():
    size, taken = 32 << 20, 0
    while taken < 4 << 30:
        piece = libc.mmap(None, size, 3, 0x22, -1, 0)
        if piece == NOWHERE:
            break
        libc.madvise(piece, size, 14)
        ctypes.memset(piece, 1, size)
        libc.mprotect(piece, size, 1)
        taken += size
    return taken

def by_many_threads():
    threading.stack_size(1 << 16)
    threads = [threading.Thread(target=made_read_only) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def in_a_thread_that_is_left():
    threading.Thread(target=lambda: (made_read_only(), signal.pause())).start()
    libc.pthread_exit(None)

def growing_downwards():
    taken = 0
    while taken < 4 << 30 and libc.mmap(None, 32 << 20, 3, 0x122, -1, 0) != NOWHERE:
        taken += 32 << 20
    return taken

def filled(make):
    count = 0
    try:
        while True:
            ends = make()
            held.extend(ends)
            for end in ends:
                os.set_blocking(end.fileno(), False)
                try:
                    while True:
                        count += os.write(end.fileno(), bytes(4096))
                except OSError:
                    pass
    except OSError:
        return count

def in_sockets():
    return filled(socket.socketpair)

def in_pipes():
    return filled(lambda: [os.fdopen(end, "rb" if number == 0 else "wb", 0) for number, end in enumerate(os.pipe())])

def in_files():
    count = 0
    for folder in ("/tmp", "/dev/shm", "."):
        for number in range(20):
            try:
                with open(f"{folder}/{number}", "wb", 0) as file:
                    while count < 1 << 30 and (written := file.write(bytes(1 << 16))):
                        count += written
            except OSError:  # a file is as large as it may be, or the folder
                pass
        try:
            for number in range(10_000):
                os.symlink("x" * 4000, f"{folder}/link{number}")
                count += 4096
        except OSError:
            pass
    return count

def in_page_tables():
    size, count = 64 << 20, 0
    while (piece := libc.mmap(None, size, 1, 0x22, -1, 0)) != NOWHERE:
        for offset in range(0, size, 2 << 20):
            ctypes.string_at(piece + offset, 1)
            count += 4096
    return count

def in_waiting_lists():
    lists = [select.epoll() for _ in range(100)]
    count = 0
    try:
        while True:
            held.append(os.eventfd(0))
    except OSError:
        pass
    for one in lists:
        for descriptor in held:
            one.register(descriptor)
            count += 1
    return count

def in_mappings():
    count, start = 0, libc.mmap(None, 200 << 20, 3, 0x22, -1, 0)
    for page in range(0, (200 << 20) >> 12, 2):
        if libc.mprotect(start + page * 4096, 4096, 1):
            break
        count += 2
    return count
"""
NAMES = [line.split("(")[0].removeprefix("def ") for line in HOARDERS.splitlines() if line.startswith("def ")]
ENDED = ["made_read_only", "by_many_threads", "in_a_thread_that_is_left"]  # for their memory
BOUNDED = {  # what they come to, in MB or as a count: what docs/security.md says, and a little more
    "growing_downwards": (0, 1),
    "in_sockets": (96 << 20, 1 << 20),
    "in_pipes": (16 << 20, 1 << 20),
    "in_page_tables": (((MEMORY << 20) + limits.EXTRA_ADDRESS_BYTES) >> 9, 1 << 20),
    "in_waiting_lists": (100 * limits.MAX_OPEN_FILES, 1),
    "in_mappings": (1 << 17, 1),
}


@pytest.fixture(params=[BubblewrapLauncher, ProcessLauncher], ids=["full", "process"], scope="module")
def launcher(request: pytest.FixtureRequest, digits: Assignment) -> Iterator[Launcher]:
    with request.param(digits.support, ["numpy"]) as started:
        yield started


@pytest.fixture
def hoarder(launcher: Launcher) -> Iterator[StudentProxy]:
    """A worker that runs HOARDERS."""
    student = StudentProxy(submission(HOARDERS, file="hoarders.py"), NAMES, launcher, LIMITS)
    yield student
    student.close()


@pytest.fixture
def endings(monkeypatch: pytest.MonkeyPatch) -> list[ExitInfo | None]:
    """How workers ended, with the most that they had in memory."""
    found: list[ExitInfo | None] = []
    kill = Process.kill

    def noted(self: Process, *, grace_seconds: float = 0.0) -> ExitInfo | None:
        found.append(kill(self, grace_seconds=grace_seconds))
        return found[-1]

    monkeypatch.setattr(Process, "kill", noted)
    return found


@pytest.mark.parametrize("name", ENDED)
def test_memory_that_no_limit_counts_ends_the_worker(
    name: str, hoarder: StudentProxy, endings: list[ExitInfo | None]
) -> None:
    """It is told as out of memory, and the worker never had much more than it may."""
    with pytest.raises(StudentError, match=f"needed more than {MEMORY} MB") as caught:
        hoarder.call(name)
    assert caught.value.status is Status.OUT_OF_MEMORY
    (ending,) = endings
    assert ending
    assert ending.limit == usage_watch.MEMORY
    assert MEMORY < ending.peak_mb < MEMORY + limits.EXTRA_MEMORY_MB + BETWEEN_LOOKS


def test_a_busy_fork_server_looks_as_often(
    launcher: Launcher, hoarder: StudentProxy, endings: list[ExitInfo | None]
) -> None:
    """Other grading processes that start and end workers all the time don't keep it from ending this one."""
    assert hoarder.call("growing_downwards").value is not None  # it is loaded
    others = type(launcher)(launcher.support, launcher.preload, launcher.connect())
    stopped = threading.Event()

    def keep_busy() -> None:
        while not stopped.is_set():
            others.start(LIMITS).kill()

    busy = threading.Thread(target=keep_busy)
    busy.start()
    try:
        with pytest.raises(StudentError, match=f"needed more than {MEMORY} MB"):
            hoarder.call("made_read_only")
    finally:
        stopped.set()
        busy.join()
        others.close()
    (ending,) = [each for each in endings if each and each.limit == usage_watch.MEMORY]
    assert ending.peak_mb < MEMORY + limits.EXTRA_MEMORY_MB + BETWEEN_LOOKS


@pytest.mark.parametrize("name", BOUNDED)
def test_memory_of_the_kernel_is_bounded(name: str, hoarder: StudentProxy) -> None:
    """What can be held in buffers, tables and lists is little, whatever the limit on memory."""
    most, spare = BOUNDED[name]
    assert hoarder.call(name).value <= most + spare


def test_files_in_memory_are_bounded(digits: Assignment) -> None:
    """At the level `full` files lie in memory: those in /tmp and /dev/shm, links included."""
    with BubblewrapLauncher(digits.support, ["numpy"]) as launcher:
        student = StudentProxy(submission(HOARDERS, file="hoarders.py"), NAMES, launcher, LIMITS)
        files = student.call("in_files").value
        student.close()
    assert 72 << 20 < files <= limits.TMP_BYTES + limits.SHM_BYTES + 4096 * limits.MAX_FILES


def test_the_documentation_gives_the_numbers() -> None:
    """docs/security.md says what the limits are."""
    text = re.sub(r"\s+", " ", (ROOT / "docs" / "security.md").read_text())
    assert f"memory limit, {limits.EXTRA_MEMORY_MB} MB" in text
    assert f"{limits.EXTRA_ADDRESS_BYTES >> 30} GB of address space" in text
    assert f"{limits.TMP_BYTES >> 20} MB in `/tmp`" in text
    assert "2026-11-29-memory.md" in text
