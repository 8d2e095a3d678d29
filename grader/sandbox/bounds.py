"""Both sides: what a worker takes where no limit of the kernel's bounds it, and how its folder goes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from . import confine

DEPTH = 1000  # characters of a path in a worker's folder
DISK = f"{confine.TMP_BYTES >> 20} MB or {confine.FILES} files on the disk"
THREADS = f"{confine.MOST_THREADS} threads"


def remove(folder: str) -> None:
    """Removes a folder, whatever is in it. shutil gives up on folders that lie a thousand deep; rm doesn't."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        import subprocess  # here, because a fork server has no other use for it

        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL, check=False)


def overfull(folder: str) -> bool:
    """Whether there is more in a folder, or deeper, than a worker may have on the disk."""
    files, size, waiting = 0, 0, [folder]
    while waiting and files <= confine.FILES and size <= confine.TMP_BYTES:
        inner = waiting.pop()
        if len(inner) > len(folder) + DEPTH:
            return True
        try:
            with os.scandir(inner) as entries:
                for entry in entries:
                    files += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if files > confine.FILES:
                        break
        except OSError:  # removed meanwhile
            continue
    return files > confine.FILES or size > confine.TMP_BYTES


def number_in_proc(pidfd: int) -> int:
    """The number under which this process's /proc, which may be that of a namespace further out, has another one."""
    lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pid:")), 0)


def overcrowded(number: int) -> bool:
    """Whether a process has more threads than any worker may have. The kernel doesn't count those of root."""
    try:
        return os.stat(f"/proc/{number}/task").st_nlink - 2 > confine.MOST_THREADS
    except OSError:  # it has just ended
        return False
