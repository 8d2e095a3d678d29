"""Durable copies of SQLite files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file, also while others write to it. The copy is one file, and durable when this returns.

    A copy that is interrupted leaves no `target`. Raises sqlite3.Error and OSError.
    """
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)  # of a copy that was killed
    try:
        with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(part)) as writer:
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE")  # no -wal beside it
        shutil.copymode(source, part)
        _flush(part)
        part.replace(target)
        _flush(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
