"""Export the reports of a class for another system: match them with its roster, write the files, and summarise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader._util.atomic_files import write_atomically
from grader._util.wording import format_number, join_with_and
from grader.errors import UserError
from grader.execution.output import OutputFailed
from grader.exports import FILES, FOLDERS, SHEETS
from grader.exports import csv as as_csv
from grader.exports.roster import RosterError, read_roster
from grader.exports.roster_match import (
    Grade,
    MatchedGrades,
    RosterRow,
    id_key,
    match_grades,
    roster_rows,
    superseded_students,
)
from grader.exports.summary import ExportSummary
from grader.gradebook.store import Gradebook
from grader.models import ScoreReport
from grader.submissions.student_names import is_safe, safe_name, unique_names

FORMATS_WITH_ROSTER_ROWS = {*SHEETS, "csv", "nbgrader"}  # formats with exactly the rows of the roster
FORMATS_WITH_REVIEW_STATUS = {"csv", "json", "junit"}  # formats that say whether a score is final


class ExportError(UserError):
    """The reports can't be exported as requested."""


@dataclass(frozen=True)
class ExportRequest:
    """Format, roster and run of an export. `column` and `id_column` are titles of columns in the roster."""

    to: str
    roster: Path | None = None
    run: int = 0  # 0: the newest run of each student
    output: Path | None = None
    column: str = ""
    id_column: str = ""


def export(book: Gradebook, out: Path, request: ExportRequest) -> ExportSummary:
    """Write the files of an export and return its summary. Raises ExportError, RosterError and OutputFailed."""
    if request.to in SHEETS and not request.roster:
        what = {"canvas": "the gradebook exported from Canvas", "moodle": "the grading worksheet from Moodle"}[
            request.to
        ]
        raise ExportError(f"--to {request.to} needs {what}: name the file with --roster")
    reports = _reports(book, request.run)
    grades = [Grade.from_report(report) for report in reports()]
    assignment, max_score = _one_assignment(grades)
    sheet = None
    matched = MatchedGrades(assignment, max_score, grades, reports)
    if request.roster:
        table = read_roster(request.roster)
        if request.to in SHEETS:
            sheet = SHEETS[request.to](table, assignment, max_score, request.column, request.id_column)
        rows: Sequence[RosterRow] = sheet.roster_rows if sheet else roster_rows(table, request.id_column)
        pairs, unmatched = match_grades(rows, grades)
        matched = MatchedGrades(assignment, max_score, grades, reports, table, pairs, unmatched)
    try:
        if sheet:
            path = request.output or out / "exports" / f"{request.to}.csv"
            files = [_write(path, sheet.fill(matched.pairs))]
        elif request.to in FILES:
            name, render = FILES[request.to]
            path = request.output or out / "exports" / name
            files = [_write(path, render(matched))]
        else:
            path = request.output or out / "exports" / request.to
            files = [_write_folder(path, request.to, reports, clean=not request.output)]
        files += _write_unmatched(path, matched) if request.roster else []
    except OSError as problem:
        raise OutputFailed(
            f"{problem.filename or request.output or out} can't be written: {problem.strerror}"
        ) from None
    return _summary(request.to, files, matched)


def _reports(book: Gradebook, run: int) -> Callable[[], Iterator[ScoreReport]]:
    if not run:
        old = superseded_students([Grade.from_report(report) for report in book])
        return lambda: (report for report in book if report.student not in old)
    if run not in {one.number for one in book.runs()}:
        raise ExportError(f"{book.name} has no run {run}; `grader runs` lists what there is")
    return lambda: book.reports(run)


def _one_assignment(grades: Sequence[Grade]) -> tuple[str, float]:
    """Return name and points of the assignment. Raises ExportError if the grades are of several assignments."""
    if not grades:
        raise ExportError("there is no report to export")
    names = sorted({grade.assignment for grade in grades})
    if len(names) > 1:
        raise ExportError(f"the reports are of {join_with_and(names)}; name a run of one of them with --run")
    points = sorted({grade.max_score for grade in grades if grade.status == "graded"} or {grades[0].max_score})
    if len(points) > 1:
        raise ExportError(
            f"the reports are out of {join_with_and([format_number(each) for each in points])} points, as "
            "when --question was "
            "given; name a run with --run"
        )
    return names[0], points[0]


def _write(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)
    return str(path)


def _write_folder(folder: Path, to: str, reports: Callable[[], Iterator[ScoreReport]], clean: bool) -> str:
    """Write a file for each student; `clean` removes files of an earlier export, whose scores may be out of date."""
    name, render = FOLDERS[to]
    written = set()
    # A gradebook of an earlier version may hold names that aren't safe as paths.
    names = [report.student for report in reports()]
    students = unique_names([student if is_safe(student) else safe_name(student) for student in names])
    for report, student in zip(reports(), students, strict=True):
        if not report.needs_review:
            written.add(_write(folder / student / name, render(report)))
    for path in folder.glob(f"*/{name}") if clean else ():
        if str(path) not in written:
            path.unlink()
    return str(folder)


def _write_unmatched(path: Path, matched: MatchedGrades) -> list[str]:
    """Write the grades without a row beside the export; remove the file of an earlier export if there are none."""
    beside = path.with_name(f"{path.stem}-unmatched.csv")
    if not matched.unmatched:
        beside.unlink(missing_ok=True)
        return []
    return [_write(beside, as_csv.render_unmatched(matched.unmatched))]


def _summary(to: str, files: list[str], matched: MatchedGrades) -> ExportSummary:
    rows = bool(matched.table) and to in FORMATS_WITH_ROSTER_ROWS
    written = [(row.locked, grade) for row, grade in matched.pairs if grade] if rows else []
    written = written or [(False, grade) for grade in matched.grades if not rows]
    without = [row for row, grade in matched.pairs if not grade]
    free = {id_key(row.id) for row in without}
    claimed = {id_key(grade.id) for grade in matched.unmatched} & free
    return ExportSummary(
        format=to,
        files=files,
        written=sum(
            not locked and not (grade.needs_review and to not in FORMATS_WITH_REVIEW_STATUS)
            for locked, grade in written
        ),
        without_submission=[row.id or row.cells[0] for row in without if id_key(row.id) not in claimed],
        unmatched=[grade.student for grade in matched.unmatched if id_key(grade.id) not in claimed],
        claimed=[grade.student for grade in matched.unmatched if id_key(grade.id) in claimed],
        review=[grade.student for grade in matched.grades if grade.needs_review],
        held=[row.id for row, grade in matched.pairs if row.locked and grade],
        rejected=[grade.student for _, grade in written if grade.status == "rejected"],
    )


__all__ = ["ExportError", "ExportRequest", "ExportSummary", "RosterError", "export"]
