"""Writing files so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the target, then rename over it. A link at `path` is replaced, not written through.

    Not forced to the disk: every report can be made again from the gradebook, which is durable.
    """
    # Opened by hand, because tempfile would make it readable by its owner only, whatever the umask says.
    beside = path.parent / f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        beside.replace(path)
    except BaseException:  # Ctrl-C too: no half of a file is left behind
        beside.unlink(missing_ok=True)
        raise


def display_path(path: Path, line: int = 0) -> str:
    """A path as people read it: from where they are, if it is below there; with a line as `path:12`."""
    here = Path.cwd()
    name = path.relative_to(here) if path.is_relative_to(here) else path
    return f"{name}:{line}" if line else str(name)
