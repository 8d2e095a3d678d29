"""New gradebooks whose tables are there already: making them takes 20 ms in a file and 100 ms in PostgreSQL."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from grader.gradebook.files import private_file
from grader.gradebook.store import Gradebook


@cache
def empty_gradebook() -> bytes:
    """Return the file of a new gradebook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gradebook.sqlite"
        Gradebook.open(path).close()
        return path.read_bytes()


def put_gradebook(path: Path) -> Path:
    """Put a new gradebook at `path`, in a folder that is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with private_file(path) as stream:
        stream.write(empty_gradebook())
    return path
