"""File of the gradebook: its tables, opening it, and its errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grader.errors import UserError

VERSION = 2  # of the tables, in PRAGMA user_version
APPLICATION_ID = 0x47524252  # "GRBR", in PRAGMA application_id: marks the file as a gradebook
BUSY_TIMEOUT_SECONDS = 20.0  # wait for another writer to finish

TABLES = (
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        started TEXT NOT NULL,          -- UTC, ISO 8601
        finished TEXT,                  -- NULL as long as it runs, and for ever when it was stopped
        submissions INTEGER NOT NULL,   -- how many it was given
        assignment TEXT NOT NULL,
        assignment_digest TEXT NOT NULL,
        grader_version TEXT NOT NULL,
        settings TEXT NOT NULL
    )""",
    """CREATE TABLE results (
        id INTEGER PRIMARY KEY,         -- grows, so the largest is the newest
        run INTEGER NOT NULL REFERENCES runs (id),  -- which made it
        student TEXT NOT NULL,
        key TEXT NOT NULL,              -- digest of all that the report depends on
        status TEXT NOT NULL,
        score REAL NOT NULL,
        report BLOB NOT NULL            -- the whole ScoreReport as JSON; the other columns are for finding it
    )""",
    """CREATE TABLE entries (
        run INTEGER NOT NULL REFERENCES runs (id),
        student TEXT NOT NULL,
        result INTEGER NOT NULL REFERENCES results (id),  -- of this run or of an earlier one
        PRIMARY KEY (run, student)
    ) WITHOUT ROWID""",
    "CREATE INDEX results_by_student ON results (student, id)",
    "CREATE INDEX results_by_key ON results (key, id)",
    "CREATE INDEX entries_by_student ON entries (student, run, result)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)


class GradebookError(UserError):
    """The gradebook can't be used."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a gradebook file; create it, its folder and tables if it doesn't exist. Raises GradebookError."""
    with translate_sqlite_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Without implicit transactions, each single statement is committed by itself.
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        try:
            _prepare(connection, path)
        except BaseException:  # Ctrl-C too
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the file is a gradebook before changing it; create the tables if it is new. Raises GradebookError."""
    connection.execute("BEGIN IMMEDIATE")  # if two runs start together, one creates the tables
    objects, program, version = (
        connection.execute(query).fetchone()[0]
        for query in ("SELECT count(*) FROM sqlite_master", "PRAGMA application_id", "PRAGMA user_version")
    )
    if objects == 0 and (program, version) == (0, 0):
        for statement in TABLES:
            connection.execute(statement)
    elif program != APPLICATION_ID:
        raise GradebookError(f"{path} is a database of another program; choose another folder for the results")
    elif version != VERSION:
        raise GradebookError(
            f"{path} is a gradebook of version {version}, and this grader knows version {VERSION}; "
            "use the grader that made it, or choose another folder for the results"
        )
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = ON")
    # With a write-ahead log, NORMAL keeps every commit when the process is killed, without waiting for the disk each
    # time. A power cut may lose the last results, which are graded again, but never the file. Some network file systems
    # allow no write-ahead log: there each commit waits for the disk.
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")


@contextmanager
def translate_sqlite_errors(path: Path) -> Iterator[None]:
    """Raise GradebookError, with the file and the cause, for errors of SQLite, msgspec and the system."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise GradebookError(f"{path} is in use by another run; wait until it ends") from error
        if error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")):
            raise GradebookError(f"{path} can't be written: {error}") from error
        raise GradebookError(f"{path} can't be used as a gradebook: {error}") from error
    except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
        raise GradebookError(
            f"{path} is not a gradebook, or is damaged ({error}); move it away or choose another folder for the results"
        ) from error
    except OSError as error:
        raise GradebookError(f"{path} can't be opened: {error.strerror}") from error
