"""Backup of a gradebook into one SQLite file, and the way back.

A backup is a gradebook itself: every command can read it. It is made from one snapshot, while others write.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select, text

from grader.gradebook.engine import Location, location_name, open_engine, translate_errors, writing
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import APPLICATION_ID, METADATA, PEOPLE, RUNS
from grader.gradebook.sqlite_copy import copy_sqlite

ROWS_IN_MEMORY = 20  # a report may have megabytes


def back_up(location: Location, file: Path) -> None:
    """Write the gradebook to a new file. Raises GradebookError, also if the file exists.

    The file appears when it is complete, and is durable when this returns.
    """
    if isinstance(location, Path) and not location.is_file():
        raise GradebookError(f"{location} doesn't exist; there is nothing to back up")
    if file.exists():
        raise GradebookError(f"{file} exists; choose another name for the backup")
    open_engine(location).dispose()  # checks that it is a gradebook, and migrates it
    with translate_errors(str(file)):
        if isinstance(location, Path):
            copy_sqlite(location, file)
            return
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            part = Path(folder) / "gradebook.sqlite"
            _copy(location, part)
            copy_sqlite(part, file)


def restore(file: Path, location: Location) -> None:
    """Create a gradebook from a backup. Raises GradebookError if there is one already, or the file is no backup.

    A backup of an earlier version is migrated; the file itself is never changed.
    """
    if not file.is_file():
        raise GradebookError(f"{file} doesn't exist")
    with translate_errors(str(file)):
        _check_backup(file)
    if isinstance(location, Path):
        if location.exists():
            raise GradebookError(f"{location} exists; restore into an empty folder, or move it away")
        with translate_errors(str(location)):
            location.parent.mkdir(parents=True, exist_ok=True)
            # A log that was left behind by a deleted gradebook would be applied to the restored one.
            for ending in ("-wal", "-shm", "-journal"):
                location.with_name(location.name + ending).unlink(missing_ok=True)
            copy_sqlite(file, location)
        open_engine(location).dispose()
        return
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "gradebook.sqlite"
        with translate_errors(str(file)):
            copy_sqlite(file, part)
        _copy(part, location)


def _check_backup(file: Path) -> None:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        (program,) = connection.execute("PRAGMA application_id").fetchone()
    if program != APPLICATION_ID:
        raise GradebookError(f"{file} is not a backup of a gradebook")


def _copy(source: Location, target: Location) -> None:
    """Copy all rows of a gradebook into an empty one, in one transaction on each side."""
    name = location_name(target)
    with _opened(source) as reader, _opened(target) as writer, translate_errors(name), writing(writer) as to:
        if any(to.scalar(select(func.count()).select_from(table)) for table in (RUNS, PEOPLE)):
            raise GradebookError(f"{name} has runs or people already; create an empty database")
        with translate_errors(location_name(source)), _snapshot(reader) as rows:
            _copy_rows(rows, to)


@contextmanager
def _opened(location: Location) -> Iterator[Engine]:
    engine = open_engine(location)
    try:
        yield engine
    finally:
        engine.dispose()


def _snapshot(engine: Engine) -> Connection:
    """Return a connection whose transaction sees the gradebook as it is now, whatever others add."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in METADATA.sorted_tables:
        query = select(table).order_by(*table.primary_key)
        rows = source.execute(query, execution_options={"yield_per": ROWS_IN_MEMORY})
        for part in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in part])
        if target.dialect.name == "postgresql" and "id" in table.c:  # the next number follows the largest one
            target.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id))"
                    f" FROM {table.name} HAVING max(id) IS NOT NULL"
                )
            )
