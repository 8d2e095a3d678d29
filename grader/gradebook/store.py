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

from grader._util.escaping import escape_surrogates
from grader._util.wording import format_megabytes
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.report_size import MAX_REPORT, truncate_report
from grader.gradebook.schema import GradebookError, connect, translate_sqlite_errors
from grader.models import ScoreReport


class ReportUnstorable(GradebookError):
    """A report can't be stored, whatever the state of the gradebook; the message says why."""


class Run(msgspec.Struct, frozen=True):
    """One run of the grader, and how far it came."""

    number: int
    started: str
    finished: str | None
    submissions: int
    done: int
    reused: int  # of those that are done, how many an earlier run had graded
    mean: float | None  # of those that could be graded
    basis: RunFingerprint


class Gradebook:
    """Use as a context manager: `with Gradebook.open(path) as book: ...`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Gradebook:
        """Open the gradebook at `path`; make it, with its folder, when nothing is there."""
        return cls(path, connect(path))

    @classmethod
    def open_existing(cls, path: Path) -> Gradebook:
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

    def new_run(self, basis: RunFingerprint, submissions: int) -> int:
        """A number for one run of the grader, to add results to."""
        with translate_sqlite_errors(self.path):
            row = (_now(), submissions, *escape_surrogates(msgspec.to_builtins(basis)).values())  # type: ignore[attr-defined]
            number = self._connection.execute(
                "INSERT INTO runs (started, submissions, assignment, assignment_digest, grader_version, settings)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
        assert number is not None  # an INSERT has one
        return number

    def set_submission_count(self, run: int, submissions: int) -> None:
        """Note how many submissions a run has, where they come one by one."""
        with translate_sqlite_errors(self.path):
            self._connection.execute("UPDATE runs SET submissions = ? WHERE id = ?", (submissions, run))

    def finish_run(self, run: int) -> None:
        """Mark a run as having done all that it was given."""
        with translate_sqlite_errors(self.path):
            self._connection.execute("UPDATE runs SET finished = ? WHERE id = ?", (_now(), run))

    def discard_run(self, run: int) -> None:
        """Take a run back, unless it has graded something."""
        with translate_sqlite_errors(self.path), self._transaction():
            if self._connection.execute("SELECT 1 FROM results WHERE run = ? LIMIT 1", (run,)).fetchone():
                return
            self._connection.execute("DELETE FROM entries WHERE run = ?", (run,))
            self._connection.execute("DELETE FROM runs WHERE id = ?", (run,))

    def add(self, run: int, report: ScoreReport, key: str) -> None:
        """Store a report for good: it is committed when this returns. Raises Unstorable for what no gradebook takes."""
        fields, stored = _encoded(report)
        with translate_sqlite_errors(self.path), self._transaction():
            result = self._connection.execute(
                "INSERT INTO results (run, student, key, status, score, report) VALUES (?, ?, ?, ?, ?, ?)",
                (run, fields.student, key, fields.status, fields.score, stored),
            ).lastrowid
            self._enter(run, fields.student, result)

    def reuse(self, run: int, key: str) -> ScoreReport | None:
        """The newest report under this key, which then is this run's too; None when it has to be made.

        A report that a person must look at is of no use: what failed on our side may go well this time.
        """
        with translate_sqlite_errors(self.path):
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

    def latest_reports(self) -> list[ScoreReport]:
        """The report of each student that counts, sorted by student. A big gradebook is better iterated."""
        return list(self)

    def students(self) -> list[str]:
        """Everybody who has a report, sorted."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute("SELECT DISTINCT student FROM entries").fetchall()
        return sorted((name for (name,) in rows), key=student_sort_key)

    def latest_report(self, student: str) -> ScoreReport | None:
        """The report of one student that counts."""
        question = "SELECT student, result FROM entries WHERE student = ? ORDER BY run DESC LIMIT 1"
        return next(self._sorted(question, student), None)

    def history(self, student: str) -> list[ScoreReport]:
        """All reports of a student, oldest first."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute(
                "SELECT id FROM results WHERE student = ? ORDER BY id", (escape_surrogates(student),)
            ).fetchall()
        return [self._report(number) for (number,) in rows]

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute(
                "SELECT runs.id, started, finished, submissions,"
                " count(results.id), count(results.id) FILTER (WHERE results.run < runs.id),"
                " avg(results.score) FILTER (WHERE results.status = 'graded'),"
                " assignment, assignment_digest, grader_version, settings"
                " FROM runs LEFT JOIN entries ON entries.run = runs.id LEFT JOIN results ON results.id = entries.result"
                " GROUP BY runs.id ORDER BY runs.id"
            ).fetchall()
        return [Run(*(*row[:7], RunFingerprint(*row[7:]))) for row in rows]

    def _enter(self, run: int, student: str, result: int | None) -> None:
        self._connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", (run, student, result))

    def _sorted(self, question: str, *values: int | str) -> Iterator[ScoreReport]:
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute(question, values)
            numbers = sorted((student_sort_key(student), number) for student, number, *_ in rows)
        # Numbers first, reports one by one: no reading transaction stays open while the caller works.
        for _, number in numbers:
            yield self._report(number)

    def _report(self, number: int) -> ScoreReport:
        """A stored report, no larger than reports are: an earlier grader may have stored hundreds of megabytes."""
        with translate_sqlite_errors(self.path):
            (size,) = self._connection.execute("SELECT length(report) FROM results WHERE id = ?", (number,)).fetchone()
            if size > MAX_REPORT:
                return self._without_content(number, size)
            row = self._connection.execute("SELECT report FROM results WHERE id = ?", (number,)).fetchone()
            return truncate_report(_decoded(row[0]))

    def _without_content(self, number: int, size: int) -> ScoreReport:
        """What the columns tell of a report that is too large to be read: for a person, until it is graded again."""
        student, status, score, assignment, assignment_digest, grader_version = self._connection.execute(
            "SELECT student, status, score, assignment, assignment_digest, grader_version"
            " FROM results JOIN runs ON runs.id = results.run WHERE results.id = ?",
            (number,),
        ).fetchone()
        return ScoreReport(
            student=student,
            file="",
            digest="",
            assignment=assignment,
            assignment_digest=assignment_digest,
            grader_version=grader_version,
            status=status,
            score=score,
            max_score=score,
            needs_review=True,
            sandbox=(),
            questions=(),
            notes=(
                f"the stored report has {format_megabytes(size)}, and {format_megabytes(MAX_REPORT)} are the "
                "most; grade it again",
            ),
            seconds=0.0,
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # also when the commit itself failed
                self._connection.execute("ROLLBACK")


def _encoded(report: ScoreReport) -> tuple[ScoreReport, bytes]:
    """A report without lone surrogates, and as it is stored. Raises Unstorable."""
    try:
        fields = msgspec.convert(escape_surrogates(msgspec.to_builtins(report)), ScoreReport)
        stored = msgspec.json.encode(fields)
        # Read back before it is stored: what can't be read (a score that is NaN) must not get in.
        _decoded(stored)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, MemoryError) as problem:
        raise ReportUnstorable(f"the report can't be stored ({type(problem).__name__}: {problem})") from problem
    if len(stored) > MAX_REPORT:
        size, most = format_megabytes(len(stored)), format_megabytes(MAX_REPORT)
        raise ReportUnstorable(f"the report has {size}, and {most} are the most that is stored")
    return fields, stored


_decoded = msgspec.json.Decoder(ScoreReport).decode


def student_sort_key(student: str) -> tuple[str, str]:
    """Sorts as people do: capital letters make no difference."""
    return student.casefold(), student


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
