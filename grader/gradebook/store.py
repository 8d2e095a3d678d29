"""Gradebook: every report ever made for a class, in a SQLite file or a PostgreSQL database.

Results are only added, never changed. A run has one result for each submission, made by this run or reused from an
earlier one. For each student the result of the newest run counts; older ones are history. `add` commits before it
returns, so a run that is killed loses no graded submission, and the next run reuses it.

Importing this module imports SQLAlchemy, which takes a fifth of a second: commands that need the gradebook late import
it late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Select, bindparam, delete, func, insert, select, update

from grader._util.escaping import escape_surrogates
from grader._util.wording import format_megabytes
from grader.gradebook.engine import Location, location_name, open_engine, translate_errors, writing
from grader.gradebook.errors import GradebookError, ReportUnstorable
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.report_size import MAX_REPORT, truncate_report
from grader.gradebook.runs import Run, student_sort_key
from grader.gradebook.schema import ENTRIES, RESULTS, RUNS
from grader.gradebook.upserts import upsert
from grader.models import ScoreReport

MAX_READ = 1 << 20  # bytes of the reports that are read together; a larger report is read alone
MAX_READ_REPORTS = 100

_ADD_RESULT = insert(RESULTS)
_FIND_KEY = select(RESULTS.c.id, RESULTS.c.student).where(RESULTS.c.key == bindparam("key"))
_FIND_KEY = _FIND_KEY.order_by(RESULTS.c.id.desc()).limit(1)
_REPORTS = select(RESULTS.c.id, RESULTS.c.report).where(RESULTS.c.id.in_(bindparam("numbers", expanding=True)))
_STORED = select(ENTRIES.c.student, RESULTS.c.id, func.length(RESULTS.c.report).label("size")).join(
    RESULTS, RESULTS.c.id == ENTRIES.c.result
)
_RUNS: Select[Any] = (
    select(
        *RUNS.c["id", "started", "finished", "submissions"],
        func.count(RESULTS.c.id),
        func.count(RESULTS.c.id).filter(RESULTS.c.run < RUNS.c.id),
        func.avg(RESULTS.c.score).filter(RESULTS.c.status == "graded"),
        *RUNS.c["assignment", "assignment_digest", "grader_version", "settings"],
    )
    .select_from(RUNS)
    .outerjoin(ENTRIES, ENTRIES.c.run == RUNS.c.id)
    .outerjoin(RESULTS, RESULTS.c.id == ENTRIES.c.result)
    .group_by(RUNS.c.id)
    .order_by(RUNS.c.id)
)


class Readable(Protocol):
    """Something that opens a transaction that reads."""

    def reading(self) -> AbstractContextManager[Connection]: ...


class OpenTransaction(NamedTuple):
    """An open transaction, for functions that read from a gradebook: they see what it has changed."""

    connection: Connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Return the open transaction."""
        yield self.connection


class _Stored(NamedTuple):
    """Number and size in bytes of a stored report."""

    number: int
    size: int


class Gradebook:
    """Gradebook of a class. Use it as a context manager: `with Gradebook.open(path) as book: ...`.

    Methods raise GradebookError if the file or database can't be used.
    """

    def __init__(self, location: Location, engine: Engine, assignment: str = "") -> None:
        self.location = location
        self.name = location_name(location)  # for messages; without password
        self.assignment = assignment  # of a view; empty for the whole gradebook
        self._engine = engine
        # Runs whose reports are read.
        self._runs = select(RUNS.c.id).where(RUNS.c.assignment == column_text(assignment)) if assignment else None
        upserts = upsert(engine.dialect, ENTRIES)
        self._enter_result = upserts.on_conflict_do_update(
            index_elements=[ENTRIES.c.run, ENTRIES.c.student], set_={"result": upserts.excluded.result}
        )

    @classmethod
    def open(cls, location: Location) -> Gradebook:
        """Open the gradebook at a path, or the database at a URL; create it if it doesn't exist.

        A gradebook of an earlier version is migrated; a SQLite file is copied before.
        """
        return cls(location, open_engine(location))

    @classmethod
    def open_existing(cls, location: Location) -> Gradebook:
        """Open the gradebook at a path, or the database at a URL. Raises GradebookError if the file doesn't exist."""
        if isinstance(location, Path) and not location.is_file():
            raise GradebookError(f"{location} doesn't exist; `grader grade` creates one in the folder of its results")
        return cls.open(location)

    def for_assignment(self, assignment: str) -> Gradebook:
        """Return a view that reads reports, students and runs of one assignment. Close the gradebook only."""
        return Gradebook(self.location, self._engine, assignment)

    def assignments(self) -> list[str]:
        """Return the names of the assignments that were graded, sorted."""
        with self.reading() as connection:
            return sorted(connection.scalars(select(RUNS.c.assignment).distinct()))

    def close(self) -> None:
        """Close the file or the connections."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that reads, for the other tables of the gradebook. Raises GradebookError."""
        with translate_errors(self.name), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """Open a transaction that writes, for the other tables of the gradebook. Raises GradebookError.

        :param durable: whether a power cut after the commit must lose nothing
        """
        with translate_errors(self.name), writing(self._engine, durable=durable) as connection:
            yield connection

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def new_run(self, basis: RunFingerprint, submissions: int) -> int:
        """Start a run and return its number, to which results are added."""
        fields = {name: column_text(value) for name, value in msgspec.to_builtins(basis).items()}
        with translate_errors(self.name), writing(self._engine) as connection:
            done = connection.execute(insert(RUNS), {"started": utc_now(), "submissions": submissions, **fields})
            return new_number(done.inserted_primary_key)

    def set_submission_count(self, run: int, submissions: int) -> None:
        """Store how many submissions a run has, if they arrive one by one."""
        with translate_errors(self.name), writing(self._engine) as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(submissions=submissions))

    def finish_run(self, run: int) -> None:
        """Mark a run as finished: all its submissions have a result."""
        with translate_errors(self.name), writing(self._engine) as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(finished=utc_now()))

    def discard_run(self, run: int) -> None:
        """Delete a run that has made no result."""
        with translate_errors(self.name), writing(self._engine) as connection:
            if connection.execute(select(RESULTS.c.id).where(RESULTS.c.run == run).limit(1)).first():
                return
            connection.execute(delete(ENTRIES).where(ENTRIES.c.run == run))
            connection.execute(delete(RUNS).where(RUNS.c.id == run))

    def add(self, run: int, report: ScoreReport, key: str) -> None:
        """Store a report; it is committed when this returns. Raises ReportUnstorable if no gradebook can store it."""
        row = result_row(run, report, key)
        with self.writing() as connection:
            self.enter(connection, run, row["student"], add_result(connection, row))

    def reuse(self, run: int, key: str) -> ScoreReport | None:
        """Return the newest report with this key and add it to the run; None if the submission must be graded.

        A report that needs review isn't reused: the grader error behind it may not happen again.
        """
        with translate_errors(self.name):
            with self._engine.connect() as connection:
                row = connection.execute(_FIND_KEY, {"key": key}).first()
            if not row:
                return None
            (report,) = self._read(select(RESULTS.c.id, func.length(RESULTS.c.report)).where(RESULTS.c.id == row.id))
            if report.needs_review:
                return None
            with writing(self._engine) as connection:
                self.enter(connection, run, row.student, row.id)
        return report

    def __iter__(self) -> Iterator[ScoreReport]:
        """Yield the report that counts of each student, sorted by student, few in memory at a time."""
        return self._sorted(self._counting(_STORED))

    def in_order(self, key: Callable[[str], tuple[str, str]]) -> Iterator[ScoreReport]:
        """Yield the report that counts of each student, sorted by a key of the student, few in memory at a time."""
        return self._sorted(self._counting(_STORED), key)

    def result_numbers(self, run: int = 0) -> dict[str, int]:
        """Return student -> number of the result in a run; without a run, in the newest one of each student."""
        query = _STORED.where(ENTRIES.c.run == run) if run else self._counting(_STORED)
        with self.reading() as connection:
            return {row.student: row.id for row in connection.execute(query)}

    def reports_of(self, results: Iterable[int]) -> Iterator[ScoreReport]:
        """Yield the reports of results in the order of these numbers, few in memory at a time."""
        wanted = list(results)
        for start in range(0, len(wanted), MAX_READ_REPORTS):
            numbers = wanted[start : start + MAX_READ_REPORTS]
            query = select(RESULTS.c.id, func.length(RESULTS.c.report)).where(RESULTS.c.id.in_(numbers))
            with self.reading() as connection:
                sizes = dict(map(tuple, connection.execute(query)))
            yield from self._reports([_Stored(number, sizes[number]) for number in numbers])

    def reports(self, run: int) -> Iterator[ScoreReport]:
        """Yield the reports of a run, with reused ones, sorted by student, few in memory at a time."""
        return self._sorted(_STORED.where(ENTRIES.c.run == run))

    def latest_reports(self) -> list[ScoreReport]:
        """Return the report that counts of each student, sorted by student. Iterate over a large gradebook instead."""
        return list(self)

    def students(self) -> list[str]:
        """Return the students who have a report, sorted."""
        with self.reading() as connection:
            names = connection.scalars(select(ENTRIES.c.student).where(*self._of_runs(ENTRIES.c.run)).distinct()).all()
        return sorted(names, key=student_sort_key)

    def submitted_digests(self, assignment: str) -> dict[str, str]:
        """Return student -> digest of the submission whose report counts, if it was graded for this assignment."""
        counting = select(RESULTS.c.student, RESULTS.c.digest).join(ENTRIES, ENTRIES.c.result == RESULTS.c.id)
        counting = self.for_assignment(assignment)._counting(counting).join(RUNS, RUNS.c.id == RESULTS.c.run)
        graded = counting.where(RESULTS.c.status == "graded", RUNS.c.assignment == column_text(assignment))
        with translate_errors(self.name), self._engine.connect() as connection:
            return {row.student: row.digest for row in connection.execute(graded)}

    def latest_report(self, student: str) -> ScoreReport | None:
        """Return the report that counts of one student; None if there is none."""
        newest = _STORED.where(ENTRIES.c.student == column_text(student), *self._of_runs(ENTRIES.c.run))
        newest = newest.order_by(ENTRIES.c.run.desc()).limit(1)
        return next(self._sorted(newest), None)

    def history(self, student: str) -> list[ScoreReport]:
        """Return all reports of a student, oldest first."""
        stored = select(RESULTS.c.id, func.length(RESULTS.c.report)).where(RESULTS.c.student == column_text(student))
        return list(self._read(stored.where(*self._of_runs(RESULTS.c.run)).order_by(RESULTS.c.id)))

    def report(self, result: int) -> ScoreReport | None:
        """Return the report of a result by its number; None if there is none."""
        stored = select(RESULTS.c.id, func.length(RESULTS.c.report)).where(RESULTS.c.id == result)
        return next(self._read(stored), None)

    def newest_result(self) -> int:
        """Return the number of the newest result of all assignments; 0 if there is none. It grows with each result."""
        with self.reading() as connection:
            return connection.scalar(select(func.max(RESULTS.c.id))) or 0

    def runs(self) -> list[Run]:
        """Return all runs, oldest first."""
        with translate_errors(self.name), self._engine.connect() as connection:
            rows = connection.execute(_RUNS.where(*self._of_runs(RUNS.c.id))).all()
        return [Run(*(*row[:7], RunFingerprint(*row[7:]))) for row in rows]

    def enter(self, connection: Connection, run: int, student: str, result: int) -> None:
        """Make a result the student's in a run, in the place of an earlier one."""
        connection.execute(self._enter_result, {"run": run, "student": student, "result": result})

    def _of_runs(self, column: ColumnElement[int]) -> Sequence[ColumnElement[bool]]:
        """Return the conditions that a row is of a run of this view: none, or one."""
        return () if self._runs is None else (column.in_(self._runs),)

    def _counting(self, statement: Select[Any]) -> Select[Any]:
        """Return a statement over entries for those alone whose result counts: of each student's newest run."""
        newest = select(ENTRIES.c.student, func.max(ENTRIES.c.run).label("run")).where(*self._of_runs(ENTRIES.c.run))
        found = newest.group_by(ENTRIES.c.student).subquery()
        return statement.join(found, (ENTRIES.c.student == found.c.student) & (ENTRIES.c.run == found.c.run))

    def _sorted(
        self, statement: Select[Any], key: Callable[[str], tuple[str, str]] = student_sort_key
    ) -> Iterator[ScoreReport]:
        """Yield the reports of rows (student, number, size), sorted by student."""
        with translate_errors(self.name), self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        rows = sorted(rows, key=lambda row: key(row[0]))
        yield from self._reports([_Stored(number, size) for _, number, size in rows])

    def _read(self, statement: Select[Any]) -> Iterator[ScoreReport]:
        """Yield the reports of rows (number, size)."""
        with translate_errors(self.name), self._engine.connect() as connection:
            rows = connection.execute(statement).all()
        yield from self._reports([_Stored(*row) for row in rows])

    def _reports(self, stored: Sequence[_Stored]) -> Iterator[ScoreReport]:
        """Yield reports in this order. No transaction stays open between two of them.

        They are truncated: earlier versions of the grader stored reports of hundreds of megabytes.
        """
        for chunk in _chunks(stored):
            if chunk[0].size > MAX_REPORT:
                yield self._without_content(chunk[0])
                continue
            numbers = [each.number for each in chunk]
            with translate_errors(self.name), self._engine.connect() as connection:
                contents = {row.id: row.report for row in connection.execute(_REPORTS, {"numbers": numbers})}
            for number in numbers:
                with translate_errors(self.name):
                    report = truncate_report(decode_report(contents.pop(number)))
                yield report

    def _without_content(self, stored: _Stored) -> ScoreReport:
        """Return a report for review, made from the columns of a stored report that is too large to be read."""
        columns = (RESULTS.c["student", "digest", "status", "score"], RUNS.c["assignment", "assignment_digest"])
        query = select(*columns[0], *columns[1], RUNS.c.grader_version).join(RUNS, RUNS.c.id == RESULTS.c.run)
        with translate_errors(self.name), self._engine.connect() as connection:
            row = connection.execute(query.where(RESULTS.c.id == stored.number)).one()
        return ScoreReport(
            **row._mapping,
            file="",
            max_score=row.score,
            needs_review=True,
            sandbox=(),
            questions=(),
            notes=(
                f"the stored report has {format_megabytes(stored.size)}, more than the limit of "
                f"{format_megabytes(MAX_REPORT)}; grade it again",
            ),
            seconds=0.0,
        )


def _chunks(stored: Sequence[_Stored]) -> Iterator[list[_Stored]]:
    """Yield the stored reports in groups of at most MAX_READ bytes. Reading them one by one takes twice as long."""
    limit = min(MAX_READ, MAX_REPORT)  # a report that is too large to be read is alone
    chunk: list[_Stored] = []
    total = 0
    for each in stored:
        if chunk and (total + each.size > limit or len(chunk) == MAX_READ_REPORTS):
            yield chunk
            chunk, total = [], 0
        chunk.append(each)
        total += each.size
    if chunk:
        yield chunk


def _encoded(report: ScoreReport) -> tuple[ScoreReport, bytes]:
    """Return a report without lone surrogates, and its JSON. Raises ReportUnstorable."""
    try:
        fields = msgspec.convert(escape_surrogates(msgspec.to_builtins(report)), ScoreReport)
        stored = msgspec.json.encode(fields)
        # A report that can't be read back, such as one with the score NaN, must not get into the file.
        decode_report(stored)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError, MemoryError) as problem:
        raise ReportUnstorable(f"the report can't be stored ({type(problem).__name__}: {problem})") from problem
    if len(stored) > MAX_REPORT:
        size, limit = format_megabytes(len(stored)), format_megabytes(MAX_REPORT)
        raise ReportUnstorable(f"the report has {size}, more than the limit of {limit}")
    return fields, stored


def result_row(run: int, report: ScoreReport, key: str) -> dict[str, Any]:
    """Return the columns of a result. Raises ReportUnstorable if no gradebook can store it."""
    fields, stored = _encoded(report)
    row = {"run": run, "student": column_text(fields.student), "key": key, "status": fields.status}
    return row | {"score": fields.score, "digest": column_text(fields.digest), "report": stored}


def add_result(connection: Connection, row: dict[str, Any]) -> int:
    """Insert a row of `result_row` and return its number. No run has it before `Gradebook.enter`."""
    return new_number(connection.execute(_ADD_RESULT, row).inserted_primary_key)


decode_report = msgspec.json.Decoder(ScoreReport).decode


def column_text(value: str) -> str:
    """Return a text that every database can store and find again: UTF-8 without NUL, which PostgreSQL refuses."""
    return str(escape_surrogates(value)).replace("\0", "\\x00")


def new_number(key: Sequence[Any] | None) -> int:
    """Return the number of the row that an INSERT made."""
    assert key is not None  # an INSERT has one
    number: int = key[0]
    return number


def utc_now() -> str:
    """Return the time as the tables hold it: UTC, ISO 8601, in seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
