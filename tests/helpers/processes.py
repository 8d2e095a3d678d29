"""The processes that a test started: those below one of them, and waiting until they have ended."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from grader._util.load import load_factor

# Begins a command as an ordinary user, where root runs the tests
ORDINARY = [
    "bwrap",
    "--dev-bind",
    "/",
    "/",
    "--unshare-user",
    "--uid",
    "1000",
    "--gid",
    "1000",
    "--cap-drop",
    "ALL",
    "--",
]
PATIENCE = 60.0  # seconds until something that must happen counts as not happening, on an idle machine


def below(pid: int) -> Iterator[int]:
    """All processes that a process started, directly or not."""
    try:
        own = children(pid)
    except FileNotFoundError:
        return
    for child in own:
        yield child
        yield from below(child)


def jobs(pid: int | None = None) -> list[int]:
    """The grading processes below a process, or below this one."""
    return [child for child in below(pid or os.getpid()) if _read(f"/proc/{child}/comm") == b"grading\n"]


def templates(pid: int | None = None) -> list[int]:
    """The templates that a process, or this one, has started: grading processes are forks of them."""
    return [child for child in children(pid) if b"template_process" in _read(f"/proc/{child}/cmdline")]


def fork_servers(pid: int | None = None) -> list[int]:
    """The fork servers that a process, or this one, has started: bubblewrap's outer process of each."""
    return [child for child in children(pid) if _read(f"/proc/{child}/comm") == b"bwrap\n"]


def seconds(pid: int) -> float:
    """The processor time that a process has used; 0 when it has ended."""
    fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def max_wait() -> float:
    """Return the seconds after which something that must happen counts as not happening, with the machine as it is."""
    return PATIENCE * load_factor()


def until(happened: Callable[[], object]) -> None:
    """Returns as soon as `happened()` is true.

    It is asked less often the longer it takes: a question may be a request, which keeps those busy that are waited for.
    """
    begin = time.monotonic()
    while not happened():
        waited = time.monotonic() - begin
        assert waited < max_wait(), "it did not happen"
        time.sleep(min(0.01 + waited / 20, 0.1))


class Counted:
    """A function that counts how often it was called."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function, self.times = function, 0

    def __call__(self, *arguments: Any) -> Any:
        self.times += 1
        return self._function(*arguments)


class Watched:
    """The processes below one, now, but for some; `ended` waits for the end of all of them."""

    def __init__(self, pid: int, but: Collection[int] = ()) -> None:
        self._descriptors = [os.pidfd_open(child) for child in below(pid) if child not in but]

    def __len__(self) -> int:
        return len(self._descriptors)

    def ended(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        left = list(self._descriptors)
        while left and (rest := end - time.monotonic()) > 0:
            ready, _, _ = select.select(left, [], [], rest)
            left = [descriptor for descriptor in left if descriptor not in ready]
        for descriptor in self._descriptors:
            os.close(descriptor)
        return not left


def children(pid: int | None = None) -> list[int]:
    """The processes that a process, or this one, has started and not waited for."""
    return [int(child) for task in Path(f"/proc/{pid or os.getpid()}/task").iterdir() for child in _children(task)]


def _children(task: Path) -> list[str]:
    return _read(str(task / "children")).decode().split()


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
