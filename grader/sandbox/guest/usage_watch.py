"""Measures what a worker uses where the kernel has no limit for it, and removes a worker's folder."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

from ..protocol import limits

DISK = f"{limits.TMP_BYTES >> 20} MB or {limits.MAX_FILES} files on the disk"
THREADS = f"{limits.MAX_POLLED_THREADS} threads"
MEMORY = "memory"
STATUS_FIELDS = re.compile(
    rb"^(RssAnon|RssShmem|VmPTE|VmSwap|Threads):\s+(\d+)", re.MULTILINE
)  # of /proc/PID/status; in kB
MEMORY_FIELD = b"RssAnon"  # one that every thread has until it ends


def remove_folder(folder: str) -> None:
    """Remove a folder with any content, as far as possible.

    shutil fails on folders nested a thousand deep; rm doesn't. Both fail on folders that their owner can't list, unless
    the owner is root.
    """
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        if os.path.lexists(folder):
            _remove_by_commands(folder)


def _remove_by_commands(folder: str) -> None:
    import subprocess  # imported here, because a fork server rarely needs it

    with contextlib.suppress(OSError):  # this machine has no more room for processes
        for command in ("chmod", "-R", "u+rwx"), ("rm", "-rf"):
            subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)


def exceeds_disk_limit(folder: str) -> bool:
    """Return whether a folder holds more bytes or files, or longer or deeper paths, than a worker may have.

    A folder that can't be listed counts as too large: only the worker can have made it, and may hide files in it.
    """
    files, size, waiting = 0, 0, [folder]
    while waiting and files <= limits.MAX_FILES and size <= limits.TMP_BYTES:
        inner = waiting.pop()
        path = inner[len(folder) :]
        if len(path) > limits.MAX_PATH or path.count("/") > limits.MAX_NESTING:
            return True
        try:
            with os.scandir(inner) as entries:
                for entry in entries:
                    files += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if files > limits.MAX_FILES:
                        break
        except PermissionError:
            return True
        except OSError:  # the folder has been removed meanwhile
            continue
    return files > limits.MAX_FILES or size > limits.TMP_BYTES


def proc_pid(pidfd: int) -> int:
    """Return a process's number in the /proc of this process, which may belong to an outer namespace; 0 if it has
    ended.
    """
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pid:")), 0)


def exceeded_limit(number: int, memory_mb: int) -> str | None:
    """Return the limit that a process exceeds, MEMORY or THREADS; None if it exceeds neither.

    The kernel's memory limit doesn't count stacks, nor pages made read-only after they were written. Its thread limit
    doesn't count root's threads.
    """
    taken = _taken(number)
    if taken.pop(b"Threads", 0) > limits.MAX_POLLED_THREADS:
        return THREADS
    return MEMORY if sum(taken.values()) >> 10 > memory_mb + limits.EXTRA_MEMORY_MB else None


def _taken(number: int) -> dict[bytes, int]:
    """Return the fields of STATUS_FIELDS for a process; {} if it has ended."""
    taken = _read_status(f"/proc/{number}")
    if taken and MEMORY_FIELD not in taken:  # its first thread has ended, and the others hold its memory
        with contextlib.suppress(OSError):
            threads = (_read_status(f"/proc/{number}/task/{name}") for name in os.listdir(f"/proc/{number}/task"))
            return next((fields for fields in threads if MEMORY_FIELD in fields), taken)
    return taken


def _read_status(folder: str) -> dict[bytes, int]:
    """Return the fields of STATUS_FIELDS in the folder of a process or thread; {} if it has ended."""
    try:
        with open(f"{folder}/status", "rb", buffering=0) as file:
            return {name: int(count) for name, count in STATUS_FIELDS.findall(file.read(8192))}
    except OSError:
        return {}
