"""Write files atomically: a reader sees the old file or the new one, never a part of one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write a temporary file beside the target, then rename it. A link at `path` is replaced, not followed.

    The file isn't flushed to the disk: every report can be made again from the gradebook, which is durable. Raises
    OSError.
    """
    # tempfile would make the file readable by its owner only, whatever the umask is.
    beside = path.parent / f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        beside.replace(path)
    except BaseException:  # Ctrl-C too
        beside.unlink(missing_ok=True)
        raise


def display_path(path: Path, line: int = 0) -> str:
    """Return a path for messages: relative if it is below the working directory; with a line as `path:12`."""
    here = Path.cwd()
    name = path.relative_to(here) if path.is_relative_to(here) else path
    return f"{name}:{line}" if line else str(name)
