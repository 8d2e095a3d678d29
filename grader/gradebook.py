"""The gradebook: every report ever made for a class, in one SQLite file.

Results are only ever added. A run has one result for each of its submissions: made by it, or by an earlier run
and reused. The result of the newest run that has a student counts; the others are the history. What is added is
committed before `add` returns, so a run that is killed loses nothing that was graded, and the next run finds it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import msgspec

from grader.errors import Unfit
from grader.identity import Basis
from grader.model import ScoreReport
from grader.text import encodable

VERSION = 2  # of the tables, in PRAGMA user_version
PROGRAM = 0x47524252  # "GRBR", in PRAGMA application_id: the file is ours
WAIT = 20.0  # seconds for another writer to finish its result

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
    f"PRAGMA application_id = {PROGRAM}",
    f"PRAGMA user_version = {VERSION}",
)


class GradebookError(Unfit):
    """The gradebook can't be used; the message is one sentence for the user."""


class Run(msgspec.Struct, frozen=True):
    """One run of the grader, and how far it came."""

    number: int
    started: str
    finished: str | None
    submissions: int
    done: int
    reused: int  # of those that are done, how many an earlier run had graded
    mean: float | None  # of those that could be graded
    basis: Basis


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

    @classmethod
    def existing(cls, path: Path) -> Gradebook:
        """Open the gradebook at `path`, which must be there."""
        if not path.is_file():
            raise GradebookError(f"{path} isn't there; `grader grade` makes one in the folder of its results.")
        return cls.open(path)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def new_run(self, basis: Basis, submissions: int) -> int:
        """A number for one run of the grader, to add results to."""
        with _told(self.path):
            row = (_now(), submissions, *encodable(msgspec.to_builtins(basis)).values())  # type: ignore[attr-defined]
            number = self._connection.execute(
                "INSERT INTO runs (started, submissions, assignment, assignment_digest, grader_version, settings)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
        assert number is not None  # an INSERT has one
        return number

    def expect(self, run: int, submissions: int) -> None:
        """Note how many submissions a run has, where they come one by one."""
        with _told(self.path):
            self._connection.execute("UPDATE runs SET submissions = ? WHERE id = ?", (submissions, run))

    def finish(self, run: int) -> None:
        """Mark a run as having done all that it was given."""
        with _told(self.path):
            self._connection.execute("UPDATE runs SET finished = ? WHERE id = ?", (_now(), run))

    def add(self, run: int, report: ScoreReport, key: str) -> None:
        """Store a report for good: it is committed when this returns."""
        with _told(self.path):
            fields = msgspec.convert(encodable(msgspec.to_builtins(report)), ScoreReport)
            stored = msgspec.json.encode(fields)
            # Read back before it is stored: what can't be read (a score that is NaN) must not get in.
            _decoded(stored)
            with self._transaction():
                result = self._connection.execute(
                    "INSERT INTO results (run, student, key, status, score, report) VALUES (?, ?, ?, ?, ?, ?)",
                    (run, fields.student, key, fields.status, fields.score, stored),
                ).lastrowid
                self._enter(run, fields.student, result)

    def reuse(self, run: int, key: str) -> ScoreReport | None:
        """The newest report under this key, which then is this run's too; None when it has to be made.

        A report that a person must look at is of no use: what failed on our side may go well this time.
        """
        with _told(self.path):
            row = self._connection.execute(
                "SELECT id, student FROM results WHERE key = ? ORDER BY id DESC LIMIT 1", (key,)
            ).fetchone()
            if not row:
                return None
            result, student = row
            report = self._report(result)
            if report.needs_review:
                return None
            self._enter(run, student, result)
        return report

    def __iter__(self) -> Iterator[ScoreReport]:
        """The report of each student that counts, sorted by student, one in memory at a time."""
        # SQLite takes `result` from the row that has the maximum.
        return self._sorted("SELECT student, result, max(run) FROM entries GROUP BY student")

    def reports(self, run: int) -> Iterator[ScoreReport]:
        """The reports of one run, reused ones too, sorted by student, one in memory at a time."""
        return self._sorted("SELECT student, result FROM entries WHERE run = ?", run)

    def latest(self) -> list[ScoreReport]:
        """The report of each student that counts, sorted by student. A big gradebook is better iterated."""
        return list(self)

    def history(self, student: str) -> list[ScoreReport]:
        """All reports of a student, oldest first."""
        with _told(self.path):
            rows = self._connection.execute(
                "SELECT id FROM results WHERE student = ? ORDER BY id", (encodable(student),)
            ).fetchall()
        return [self._report(number) for (number,) in rows]

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        with _told(self.path):
            rows = self._connection.execute(
                "SELECT runs.id, started, finished, submissions,"
                " count(results.id), count(results.id) FILTER (WHERE results.run < runs.id),"
                " avg(results.score) FILTER (WHERE results.status = 'graded'),"
                " assignment, assignment_digest, grader_version, settings"
                " FROM runs LEFT JOIN entries ON entries.run = runs.id LEFT JOIN results ON results.id = entries.result"
                " GROUP BY runs.id ORDER BY runs.id"
            ).fetchall()
        return [Run(*(*row[:7], Basis(*row[7:]))) for row in rows]

    def _enter(self, run: int, student: str, result: int | None) -> None:
        self._connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", (run, student, result))

    def _sorted(self, question: str, *values: int) -> Iterator[ScoreReport]:
        with _told(self.path):
            rows = self._connection.execute(question, values)
            numbers = sorted((by_student(student), number) for student, number, *_ in rows)
        # Numbers first, reports one by one: no reading transaction stays open while the caller works.
        for _, number in numbers:
            yield self._report(number)

    def _report(self, number: int) -> ScoreReport:
        with _told(self.path):
            row = self._connection.execute("SELECT report FROM results WHERE id = ?", (number,)).fetchone()
            return _decoded(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # also when the commit itself failed
                self._connection.execute("ROLLBACK")


_decoded = msgspec.json.Decoder(ScoreReport).decode


def by_student(student: str) -> tuple[str, str]:
    """Sorts as people do: capital letters make no difference."""
    return student.casefold(), student


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


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
        if error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")):
            raise GradebookError(f"{path} can't be written: {error}.") from error
        raise GradebookError(f"{path} can't be used as a gradebook: {error}.") from error
    except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
        raise GradebookError(
            f"{path} is not a gradebook, or is damaged ({error}); move it away or choose another place."
        ) from error
    except OSError as error:
        raise GradebookError(f"{path} can't be opened: {error.strerror}.") from error
