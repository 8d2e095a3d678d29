"""The user whom workers run as at the level `process`.

If root grades, as in the containers of some platforms, a worker becomes a user of its own: then the modes of files keep
it from the hidden cases as well, not only Landlock. An ordinary user can't start processes of another one.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

WORKER_USER = 65533  # Debian reserves 65000 to 65533 and gives them to nobody
SAME_USER = -1
# To give a folder away, to look into it and remove it, to end the worker, and to become the other user (capability.h)
CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID = 0, 1, 5, 6, 7


def choose(readable: Iterable[Path], proc: Path = Path("/proc/self")) -> int:
    """Return WORKER_USER if this process may start workers as that user, and that user may read all paths.

    Otherwise return SAME_USER: an interpreter below a private home folder, for example, can't be read by another user.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return SAME_USER
    able = _has_capabilities(proc) and _is_mapped(proc / "uid_map") and _is_mapped(proc / "gid_map")
    return WORKER_USER if able and all(is_public(path) for path in readable) else SAME_USER


def is_public(path: Path) -> bool:
    """Return whether every user may reach and read a path. One that doesn't exist hides nothing."""
    try:
        path = path.resolve(strict=True)
        modes = [folder.stat().st_mode for folder in path.parents]
        own = path.stat().st_mode
    except OSError:
        return not path.exists()
    listed = stat.S_IROTH | (stat.S_IXOTH if stat.S_ISDIR(own) else 0)
    return all(mode & stat.S_IXOTH for mode in modes) and own & listed == listed


def _has_capabilities(proc: Path) -> bool:
    try:
        lines = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        effective = int(lines["CapEff"], 16)
    except (OSError, KeyError, ValueError):
        return False
    return all(effective >> number & 1 for number in (CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID))


def _is_mapped(table: Path) -> bool:
    """Return whether WORKER_USER exists in the user namespace of this process."""
    try:
        rows = [[int(word) for word in line.split()] for line in table.read_text().splitlines()]
    except (OSError, ValueError):
        return False
    return any(inside <= WORKER_USER < inside + count for inside, _, count in rows)
