"""Both sides: what a worker takes where no limit of the kernel's bounds it, and how its folder goes."""

from __future__ import annotations

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


def remove_folder(folder: str) -> None:
    """Removes a folder, whatever is in it. shutil gives up on folders that lie a thousand deep; rm doesn't."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        import subprocess  # here, because a fork server has no other use for it

        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL, check=False)


def exceeds_disk_limit(folder: str) -> bool:
    """Whether there is more in a folder, or deeper, than a worker may have on the disk."""
    files, size, waiting = 0, 0, [folder]
    while waiting and files <= limits.MAX_FILES and size <= limits.TMP_BYTES:
        inner = waiting.pop()
        if len(inner) > len(folder) + limits.MAX_PATH:
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
        except OSError:  # removed meanwhile
            continue
    return files > limits.MAX_FILES or size > limits.TMP_BYTES


def proc_pid(pidfd: int) -> int:
    """The number under which this process's /proc, which may be that of a namespace further out, has another one."""
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pid:")), 0)


def exceeded_limit(number: int, memory_mb: int) -> str:
    """Return which limit a process exceeds, memory or threads; "" for none.

    The kernel's limit on memory doesn't count stacks, nor pages that are made read-only once they are written; its
    limit on threads doesn't count those of root.
    """
    try:
        with open(f"/proc/{number}/status", "rb", buffering=0) as file:
            status = file.read(8192)
    except OSError:  # it has just ended
        return ""
    taken = {name: int(count) for name, count in STATUS_FIELDS.findall(status)}
    if taken.pop(b"Threads", 0) > limits.MAX_POLLED_THREADS:
        return THREADS
    return MEMORY if sum(taken.values()) >> 10 > memory_mb + limits.EXTRA_MEMORY_MB else ""
