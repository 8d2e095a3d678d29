"""The reports of a class for another system: joined with its roster, written, and everybody accounted for."""

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

FORMATS_WITH_ROSTER_ROWS = {*SHEETS, "csv", "nbgrader"}  # formats that have the rows of the roster, and no others
FORMATS_WITH_REVIEW_STATUS = {"csv", "json", "junit"}  # formats that say beside a score that it isn't final


class ExportError(UserError):
    """There is nothing to export in this way; the message is one sentence for the user."""


@dataclass(frozen=True)
class ExportRequest:
    """What was asked for. `column` and `id_column` are columns of the roster."""

    to: str
    roster: Path | None = None
    run: int = 0  # 0: of each student, the newest run that has them
    output: Path | None = None
    column: str = ""
    id_column: str = ""


def export(book: Gradebook, out: Path, wish: ExportRequest) -> ExportSummary:
    """Writes the files. Raises ExportError, RosterError and OutputFailed."""
    if wish.to in SHEETS and not wish.roster:
        what = {"canvas": "the gradebook exported from Canvas", "moodle": "the grading worksheet from Moodle"}[wish.to]
        raise ExportError(f"--to {wish.to} needs {what}: name the file with --roster")
    reports = _reports(book, wish.run)
    grades = [Grade.from_report(report) for report in reports()]
    assignment, max_score = _one_assignment(grades)
    sheet = None
    marks = MatchedGrades(assignment, max_score, grades, reports)
    if wish.roster:
        table = read_roster(wish.roster)
        if wish.to in SHEETS:
            sheet = SHEETS[wish.to](table, assignment, max_score, wish.column, wish.id_column)
        persons: Sequence[RosterRow] = sheet.roster_rows if sheet else roster_rows(table, wish.id_column)
        pairs, unmatched = match_grades(persons, grades)
        marks = MatchedGrades(assignment, max_score, grades, reports, table, pairs, unmatched)
    try:
        if sheet:
            path = wish.output or out / "exports" / f"{wish.to}.csv"
            files = [_write(path, sheet.fill(marks.pairs))]
        elif wish.to in FILES:
            name, render = FILES[wish.to]
            path = wish.output or out / "exports" / name
            files = [_write(path, render(marks))]
        else:
            path = wish.output or out / "exports" / wish.to
            files = [_folder(path, wish.to, reports, ours=not wish.output)]
        files += _leftovers(path, marks) if wish.roster else []
    except OSError as problem:
        raise OutputFailed(f"{problem.filename or wish.output or out} can't be written: {problem.strerror}") from None
    return _account(wish.to, files, marks)


def _reports(book: Gradebook, run: int) -> Callable[[], Iterator[ScoreReport]]:
    if not run:
        old = superseded_students([Grade.from_report(report) for report in book])
        return lambda: (report for report in book if report.student not in old)
    if run not in {one.number for one in book.runs()}:
        raise ExportError(f"{book.path} has no run {run}; `grader runs` lists what there is")
    return lambda: book.reports(run)


def _one_assignment(grades: Sequence[Grade]) -> tuple[str, float]:
    """What all the grades are for. A column of a gradebook holds one assignment, out of one number of points."""
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


def _folder(folder: Path, to: str, reports: Callable[[], Iterator[ScoreReport]], ours: bool) -> str:
    """A file for each student. What an earlier export left in a folder of ours goes; a score in it may not hold."""
    name, render = FOLDERS[to]
    written = set()
    # Made safe as a path here too: a gradebook of an earlier version may hold other names.
    names = [report.student for report in reports()]
    students = unique_names([student if is_safe(student) else safe_name(student) for student in names])
    for report, student in zip(reports(), students, strict=True):
        if not report.needs_review:
            written.add(_write(folder / student / name, render(report)))
    for path in folder.glob(f"*/{name}") if ours else ():
        if str(path) not in written:
            path.unlink()
    return str(folder)


def _leftovers(path: Path, marks: MatchedGrades) -> list[str]:
    """The grades that are nobody's, beside what was exported; the file of an earlier export goes."""
    beside = path.with_name(f"{path.stem}-unmatched.csv")
    if not marks.unmatched:
        beside.unlink(missing_ok=True)
        return []
    return [_write(beside, as_csv.render_unmatched(marks.unmatched))]


def _account(to: str, files: list[str], marks: MatchedGrades) -> ExportSummary:
    rows = bool(marks.table) and to in FORMATS_WITH_ROSTER_ROWS
    placed = [(person.locked, grade) for person, grade in marks.pairs if grade] if rows else []
    placed = placed or [(False, grade) for grade in marks.grades if not rows]
    without = [person for person, grade in marks.pairs if not grade]
    wanted = {id_key(person.id) for person in without}
    claimed = {id_key(grade.id) for grade in marks.unmatched} & wanted
    return ExportSummary(
        format=to,
        files=files,
        written=sum(
            not held and not (grade.needs_review and to not in FORMATS_WITH_REVIEW_STATUS) for held, grade in placed
        ),
        without_submission=[person.id or person.cells[0] for person in without if id_key(person.id) not in claimed],
        unmatched=[grade.student for grade in marks.unmatched if id_key(grade.id) not in claimed],
        claimed=[grade.student for grade in marks.unmatched if id_key(grade.id) in claimed],
        review=[grade.student for grade in marks.grades if grade.needs_review],
        held=[person.id for person, grade in marks.pairs if person.locked and grade],
        rejected=[grade.student for _, grade in placed if grade.status == "rejected"],
    )


__all__ = ["ExportError", "ExportRequest", "ExportSummary", "RosterError", "export"]
