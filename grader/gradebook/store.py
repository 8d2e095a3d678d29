"""Gradebook: every report ever made for a class, in one SQLite file.

Results are only added, never changed. A run has one result for each submission, made by this run or reused from an
earlier one. For each student the result of the newest run counts; older ones are history. `add` commits before it
returns, so a run that is killed loses no graded submission, and the next run reuses it.
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
from grader.gradebook.engine import GradebookError, connect, translate_sqlite_errors
from grader.models import ScoreReport


class ReportUnstorable(GradebookError):
    """A report can't be stored in any gradebook: it is too large or can't be encoded."""


class Run(msgspec.Struct, frozen=True):
    """One run of the grader and its progress."""

    number: int
    started: str
    finished: str | None
    submissions: int
    done: int
    reused: int  # results of earlier runs among those that are done
    mean: float | None  # score of the graded submissions; None if there is none
    basis: RunFingerprint


class Gradebook:
    """Gradebook in one SQLite file. Use it as a context manager: `with Gradebook.open(path) as book: ...`.

    Methods raise GradebookError if the file can't be used.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Gradebook:
        """Open the gradebook at `path`; create it and its folder if it doesn't exist."""
        return cls(path, connect(path))

    @classmethod
    def open_existing(cls, path: Path) -> Gradebook:
        """Open the gradebook at `path`. Raises GradebookError if it doesn't exist."""
        if not path.is_file():
            raise GradebookError(f"{path} doesn't exist; `grader grade` creates one in the folder of its results")
        return cls.open(path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def new_run(self, basis: RunFingerprint, submissions: int) -> int:
        """Start a run and return its number, to which results are added."""
        with translate_sqlite_errors(self.path):
            fields = [escape_surrogates(value) for value in msgspec.to_builtins(basis).values()]
            row = (_now(), submissions, *fields)
            number = self._connection.execute(
                "INSERT INTO runs (started, submissions, assignment, assignment_digest, grader_version, settings)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
        assert number is not None  # an INSERT has one
        return number

    def set_submission_count(self, run: int, submissions: int) -> None:
        """Store how many submissions a run has, if they arrive one by one."""
        with translate_sqlite_errors(self.path):
            self._connection.execute("UPDATE runs SET submissions = ? WHERE id = ?", (submissions, run))

    def finish_run(self, run: int) -> None:
        """Mark a run as finished: all its submissions have a result."""
        with translate_sqlite_errors(self.path):
            self._connection.execute("UPDATE runs SET finished = ? WHERE id = ?", (_now(), run))

    def discard_run(self, run: int) -> None:
        """Delete a run that has made no result."""
        with translate_sqlite_errors(self.path), self._transaction():
            if self._connection.execute("SELECT 1 FROM results WHERE run = ? LIMIT 1", (run,)).fetchone():
                return
            self._connection.execute("DELETE FROM entries WHERE run = ?", (run,))
            self._connection.execute("DELETE FROM runs WHERE id = ?", (run,))

    def add(self, run: int, report: ScoreReport, key: str) -> None:
        """Store a report; it is committed when this returns. Raises ReportUnstorable if no gradebook can store it."""
        fields, stored = _encoded(report)
        with translate_sqlite_errors(self.path), self._transaction():
            result = self._connection.execute(
                "INSERT INTO results (run, student, key, status, score, report) VALUES (?, ?, ?, ?, ?, ?)",
                (run, fields.student, key, fields.status, fields.score, stored),
            ).lastrowid
            self._enter(run, fields.student, result)

    def reuse(self, run: int, key: str) -> ScoreReport | None:
        """Return the newest report with this key and add it to the run; None if the submission must be graded.

        A report that needs review isn't reused: the grader error behind it may not happen again.
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
        """Yield the report that counts of each student, sorted by student, one in memory at a time."""
        # SQLite takes `result` from the row with the maximum.
        return self._sorted("SELECT student, result, max(run) FROM entries GROUP BY student")

    def reports(self, run: int) -> Iterator[ScoreReport]:
        """Yield the reports of a run, with reused ones, sorted by student, one in memory at a time."""
        return self._sorted("SELECT student, result FROM entries WHERE run = ?", run)

    def latest_reports(self) -> list[ScoreReport]:
        """Return the report that counts of each student, sorted by student. Iterate over a large gradebook instead."""
        return list(self)

    def students(self) -> list[str]:
        """Return the students who have a report, sorted."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute("SELECT DISTINCT student FROM entries").fetchall()
        return sorted((name for (name,) in rows), key=student_sort_key)

    def latest_report(self, student: str) -> ScoreReport | None:
        """Return the report that counts of one student; None if there is none."""
        query = "SELECT student, result FROM entries WHERE student = ? ORDER BY run DESC LIMIT 1"
        return next(self._sorted(query, student), None)

    def history(self, student: str) -> list[ScoreReport]:
        """Return all reports of a student, oldest first."""
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute(
                "SELECT id FROM results WHERE student = ? ORDER BY id", (escape_surrogates(student),)
            ).fetchall()
        return [self._report(number) for (number,) in rows]

    def runs(self) -> list[Run]:
        """Return all runs, oldest first."""
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

    def _sorted(self, query: str, *values: int | str) -> Iterator[ScoreReport]:
        with translate_sqlite_errors(self.path):
            rows = self._connection.execute(query, values)
            numbers = sorted((student_sort_key(student), number) for student, number, *_ in rows)
        # The numbers are read first and the reports one by one, so that no transaction stays open between reports.
        for _, number in numbers:
            yield self._report(number)

    def _report(self, number: int) -> ScoreReport:
        """Return a stored report, truncated: earlier versions of the grader stored reports of hundreds of megabytes."""
        with translate_sqlite_errors(self.path):
            (size,) = self._connection.execute("SELECT length(report) FROM results WHERE id = ?", (number,)).fetchone()
            if size > MAX_REPORT:
                return self._without_content(number, size)
            row = self._connection.execute("SELECT report FROM results WHERE id = ?", (number,)).fetchone()
            return truncate_report(_decoded(row[0]))

    def _without_content(self, number: int, size: int) -> ScoreReport:
        """Return a report for review, made from the columns of a stored report that is too large to be read."""
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
                f"the stored report has {format_megabytes(size)}, more than the limit of "
                f"{format_megabytes(MAX_REPORT)}; grade it again",
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
            if self._connection.in_transaction:  # also if the commit failed
                self._connection.execute("ROLLBACK")


def _encoded(report: ScoreReport) -> tuple[ScoreReport, bytes]:
    """Return a report without lone surrogates, and its JSON. Raises ReportUnstorable."""
    try:
        fields = msgspec.convert(escape_surrogates(msgspec.to_builtins(report)), ScoreReport)
        stored = msgspec.json.encode(fields)
        # A report that can't be read back, such as one with the score NaN, must not get into the file.
        _decoded(stored)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, MemoryError) as problem:
        raise ReportUnstorable(f"the report can't be stored ({type(problem).__name__}: {problem})") from problem
    if len(stored) > MAX_REPORT:
        size, limit = format_megabytes(len(stored)), format_megabytes(MAX_REPORT)
        raise ReportUnstorable(f"the report has {size}, more than the limit of {limit}")
    return fields, stored


_decoded = msgspec.json.Decoder(ScoreReport).decode


def student_sort_key(student: str) -> tuple[str, str]:
    """Return the key to sort students by: without regard to case, then with it."""
    return student.casefold(), student


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
