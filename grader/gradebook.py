"""The gradebook: every report ever made for a class, in one SQLite file.

Results are only ever added. The newest report of a student counts; the earlier ones are the history. Each
`add` is committed before it returns, so a run that is killed loses nothing that was graded, and the next run
finds it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import msgspec

from grader.model import ScoreReport
from grader.text import encodable

VERSION = 1  # of the tables, in PRAGMA user_version
PROGRAM = 0x47524252  # "GRBR", in PRAGMA application_id: the file is ours
WAIT = 20.0  # seconds for another writer to finish its result

TABLES = (
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        started TEXT NOT NULL,      -- UTC, ISO 8601
        description TEXT NOT NULL
    )""",
    """CREATE TABLE results (
        id INTEGER PRIMARY KEY,     -- grows, so the largest is the newest
        run INTEGER NOT NULL REFERENCES runs (id),
        student TEXT NOT NULL,
        digest TEXT NOT NULL,
        assignment_digest TEXT NOT NULL,
        grader_version TEXT NOT NULL,
        report BLOB NOT NULL        -- the whole ScoreReport as JSON; the other columns are for finding it
    )""",
    "CREATE INDEX results_by_student ON results (student, id)",
    f"PRAGMA application_id = {PROGRAM}",
    f"PRAGMA user_version = {VERSION}",
)


class GradebookError(Exception):
    """The gradebook can't be used; the message is one sentence for the user."""


class Gradebook:
    """Use as a context manager: `with Gradebook.open(path) as book: ...`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Gradebook:
        """Open the gradebook at `path`; make it, with its folder, when nothing is there."""
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            # No implicit transactions: each statement that stands alone is committed by itself.
            connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            try:
                _prepare(connection, path)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def new_run(self, description: str = "") -> int:
        """A number for one run of the grader, to add results to."""
        with _told(self.path):
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row = (now, encodable(description))
            insert = "INSERT INTO runs (started, description) VALUES (?, ?)"
            number = self._connection.execute(insert, row).lastrowid
        assert number is not None  # an INSERT has one
        return number

    def add(self, run: int, report: ScoreReport) -> None:
        """Store a report for good: it is committed when this returns."""
        with _told(self.path):
            fields = msgspec.convert(encodable(msgspec.to_builtins(report)), ScoreReport)
            stored = msgspec.json.encode(fields)
            # Read back before it is stored: what can't be read (a score that is NaN) must not get in.
            _decoded(stored)
            self._connection.execute(
                "INSERT INTO results (run, student, digest, assignment_digest, grader_version, report)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (run, fields.student, fields.digest, fields.assignment_digest, fields.grader_version, stored),
            )

    def find(self, student: str, digest: str, assignment_digest: str, grader_version: str) -> ScoreReport | None:
        """The newest report of just this submission, assignment and grader, which need not be made again."""
        with _told(self.path):
            row = self._connection.execute(
                "SELECT id FROM results WHERE student = ? AND digest = ? AND assignment_digest = ?"
                " AND grader_version = ? ORDER BY id DESC LIMIT 1",
                (encodable(student), digest, assignment_digest, grader_version),
            ).fetchone()
        return self._report(row[0]) if row else None

    def __iter__(self) -> Iterator[ScoreReport]:
        """The newest report of each student, sorted by student, one in memory at a time."""
        with _told(self.path):
            newest = self._connection.execute("SELECT student, max(id) FROM results GROUP BY student")
            numbers = sorted((student.casefold(), student, number) for student, number in newest)
        # Numbers first, reports one by one: no reading transaction stays open while the caller works.
        for _, _, number in numbers:
            yield self._report(number)

    def latest(self) -> list[ScoreReport]:
        """The newest report of each student, sorted by student. A big gradebook is better iterated."""
        return list(self)

    def history(self, student: str) -> list[ScoreReport]:
        """All reports of a student, oldest first."""
        with _told(self.path):
            rows = self._connection.execute(
                "SELECT id FROM results WHERE student = ? ORDER BY id", (encodable(student),)
            ).fetchall()
        return [self._report(number) for (number,) in rows]

    def _report(self, number: int) -> ScoreReport:
        with _told(self.path):
            row = self._connection.execute("SELECT report FROM results WHERE id = ?", (number,)).fetchone()
            return _decoded(row[0])


_decoded = msgspec.json.Decoder(ScoreReport).decode


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
    elif program != PROGRAM:
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
def _told(path: Path) -> Iterator[None]:
    """Trouble below becomes one sentence that names the file."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise GradebookError(f"{path} is in use by another run; wait until it ends.") from error
        raise GradebookError(f"{path} can't be used as a gradebook: {error}.") from error
    except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
        raise GradebookError(
            f"{path} is not a gradebook, or is damaged ({error}); move it away or choose another place."
        ) from error
    except OSError as error:
        raise GradebookError(f"{path} can't be opened: {error.strerror}.") from error
