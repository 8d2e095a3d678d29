"""The file of the gradebook: its tables, how it is opened, and what its troubles are called."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grader.errors import UserError

VERSION = 2  # of the tables, in PRAGMA user_version
APPLICATION_ID = 0x47524252  # "GRBR", in PRAGMA application_id: the file is ours
BUSY_TIMEOUT_SECONDS = 20.0  # seconds for another writer to finish its result

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
    """The gradebook can't be used; the message is one sentence for the user."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file; make it, with its folder and tables, when nothing is there."""
    with translate_sqlite_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # No implicit transactions: each statement that stands alone is committed by itself.
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        try:
            _prepare(connection, path)
        except BaseException:  # Ctrl-C too: the file isn't left open
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Look whose file it is before anything is changed in it; make the tables when it is new."""
    connection.execute("BEGIN IMMEDIATE")  # of two runs that start together, one makes the tables
    objects, program, version = (
        connection.execute(question).fetchone()[0]
        for question in ("SELECT count(*) FROM sqlite_master", "PRAGMA application_id", "PRAGMA user_version")
    )
    if objects == 0 and (program, version) == (0, 0):
        for statement in TABLES:
            connection.execute(statement)
    elif program != APPLICATION_ID:
        raise GradebookError(f"{path} is the database of another program; choose another place for results.")
    elif version != VERSION:
        raise GradebookError(
            f"{path} is a gradebook of version {version}, and this grader knows version {VERSION}; "
            "use the grader that made it, or choose another place for the results."
        )
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = ON")
    # With a write-ahead log, NORMAL keeps every commit when the process is killed, without waiting for the
    # disk each time. A power cut may take the last results, never the file: those are graded again. Where
    # there can be no such log (some network file systems), each commit waits.
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")


@contextmanager
def translate_sqlite_errors(path: Path) -> Iterator[None]:
    """Trouble below becomes one sentence that names the file."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise GradebookError(f"{path} is in use by another run; wait until it ends.") from error
        if error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")):
            raise GradebookError(f"{path} can't be written: {error}.") from error
        raise GradebookError(f"{path} can't be used as a gradebook: {error}.") from error
    except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
        raise GradebookError(
            f"{path} is not a gradebook, or is damaged ({error}); move it away or choose another place."
        ) from error
    except OSError as error:
        raise GradebookError(f"{path} can't be opened: {error.strerror}.") from error
