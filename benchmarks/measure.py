"""Runs a command and tells what it took: time, processor time, memory, and when the first result was there.

Processor time is that of all processes that the command ever had. The kernel adds a process's time to that of the
one that waits for it, and this process takes in what is orphaned on the way (PR_SET_CHILD_SUBREAPER). What ends
together with its PID namespace is waited for by nobody: its time is known from the last look at it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
LINGER_SECONDS = 5.0  # that orphans have before they are ended
FIRST_EACH = 0.02  # seconds between two looks for the first result
LOOK_EACH = 0.2  # seconds between two looks at the processes
MEMORY_SHARE = 20  # looking at the memory, 5 ms for each process, takes at most this part of one core
TICK = os.sysconf("SC_CLK_TCK")


class CommandFailed(Exception):
    """The command ended badly; the message holds the end of what it printed."""


@dataclass(frozen=True)
class Measured:
    """What one run of a command took."""

    seconds: float
    cpu_seconds: float
    first_seconds: float  # until the first result
    peak_mb: float  # of all processes together
    late_mb: float  # the median of the run's last quarter


@dataclass
class Watch:
    """What the looks at a running command have shown so far."""

    started: float = field(default_factory=time.monotonic)
    waited_before: float = field(default_factory=lambda: waited_for())  # which stands further down
    first: float = 0.0
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)
    memory_next: float = 0.0

    def look(self) -> None:
        now = time.monotonic()
        processes = list(descendants(os.getpid()))
        # Parents come before their children, so that nobody's time is counted twice when a child ends meanwhile.
        self.cpu = max(self.cpu, waited_for() - self.waited_before + sum(map(used, processes)))
        if now >= self.memory_next:
            self.memory.append(sum(map(proportional_kb, processes)) / 1024)
            self.memory_next = now + max(LOOK_EACH, MEMORY_SHARE * (time.monotonic() - now))


def run(
    command: Sequence[str],
    results: Callable[[], bool],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Measured:
    """Runs a command to its end. `results` tells whether there is a result yet. Raises CommandFailed."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    watch = Watch()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, cwd=folder
        )
    next_look = 0.0
    while process.poll() is None:
        if not watch.first and results():
            watch.first = time.monotonic() - watch.started
        if time.monotonic() >= next_look:
            watch.look()
            next_look = time.monotonic() + LOOK_EACH
        time.sleep(FIRST_EACH)
    seconds = time.monotonic() - watch.started
    end_orphans()
    if process.returncode:
        end = log.read_text(errors="replace")[-2000:]
        raise CommandFailed(f"{' '.join(command)[:200]} ended with {process.returncode}:\n{end}")
    cpu = max(watch.cpu, waited_for() - watch.waited_before)
    late = statistics.median(watch.memory[len(watch.memory) * 3 // 4 :])
    return Measured(seconds, cpu, watch.first or seconds, max(watch.memory), late)


def waited_for() -> float:
    """The processor time of all processes that this one has waited for, and of those that they have waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def end_orphans() -> None:
    """Waits for what the command left running, so that its time is counted too."""
    deadline = time.monotonic() + LINGER_SECONDS
    try:
        while True:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                if time.monotonic() > deadline:
                    for pid in descendants(os.getpid()):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.01)
    except ChildProcessError:
        return


def descendants(root: int) -> Iterator[int]:
    """All processes below this one, parents before their children."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := stat(int(name))):
            children.setdefault(int(fields[1]), []).append(int(name))
    todo = list(children.get(root, ()))
    while todo:
        pid = todo.pop()
        todo += children.get(pid, ())
        yield pid


def used(pid: int) -> float:
    """The processor time of a process and of those that it has waited for."""
    return sum(map(int, stat(pid)[11:15])) / TICK


def stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; none when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def proportional_kb(pid: int) -> int:
    """The process's memory; of pages that it shares with n - 1 others, the n-th part."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except PermissionError:  # not ours to look into: what it shares with no file, at least
        resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") // 1024
    except OSError:  # gone
        pass
    return 0
