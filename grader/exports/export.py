"""Export the reports of a class for another system: match them with its roster, write the files, and summarise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader._util.atomic_files import write_atomically
from grader._util.escaping import one_line
from grader._util.wording import format_number, join_with_and
from grader.errors import UserError
from grader.execution.output import REPORTS, OutputFailed
from grader.exports import FEEDBACK, FILES, FOLDERS, NBGRADER_FEEDBACK, SHEETS, moodle_feedback, nbgrader_feedback
from grader.exports import csv as as_csv
from grader.exports.canvas import CanvasSheet
from grader.exports.moodle import MoodleSheet
from grader.exports.moodle_match import match_worksheet
from grader.exports.moodle_worksheet import Worksheet, is_worksheet
from grader.exports.roster import RosterError, RosterTable, parse_number, read_roster
from grader.exports.roster_match import (
    ExportedGrade,
    MatchedGrades,
    Matching,
    match_grades,
    roster_rows,
    superseded_students,
)
from grader.exports.summary import ExportSummary
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.graded_reports import ClassGrades, are_released
from grader.gradebook.store import Gradebook
from grader.models import ScoreReport
from grader.policies import Policy
from grader.submissions.student_names import is_safe, safe_name, unique_names

FORMATS_WITH_ROSTER_ROWS = {*SHEETS, FEEDBACK, "csv", "nbgrader"}  # formats with exactly the rows of the roster
FORMATS_WITH_REVIEW_STATUS = {"csv", "json", "junit"}  # formats that say whether a score is final
ROSTERS = {
    "canvas": "the gradebook exported from Canvas",
    "moodle": "the grading worksheet from Moodle",
    FEEDBACK: "the grading worksheet from Moodle",
}

Sheet = CanvasSheet | MoodleSheet


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
    keep_existing: bool = False  # keep grades that the platform's file has
    rejected_as_zero: bool = False  # 0 points for submissions that couldn't be graded, instead of no grade
    submitted: Path | None = None  # nbgrader's folder of what was handed in, for its feedback
    unreleased: bool = False  # also grades that students may not see yet


def export(book: Gradebook, out: Path, request: ExportRequest) -> ExportSummary:
    """Write the files of an export and return its summary. Raises ExportError, RosterError and OutputFailed.

    What is exported are the grades: automatic scores with what a policy and people made of them.
    """
    if request.to in ROSTERS and not request.roster:
        raise ExportError(f"--to {request.to} needs {ROSTERS[request.to]}: name the file with --roster")
    if request.to == NBGRADER_FEEDBACK and not request.submitted:
        raise ExportError(f"--to {request.to} needs nbgrader's folder `submitted`: name it with --submitted")
    reports = _reports(book, request.run)
    grades = [ExportedGrade.from_report(report, request.rejected_as_zero) for report in reports()]
    assignment, max_score = _one_assignment(grades)
    matched = MatchedGrades(assignment, max_score, grades, reports)
    sheet, notes = None, tuple(_release_notes(book, matched, request))
    if request.roster:
        table = read_roster(request.roster)
        if request.to in SHEETS:
            sheet = SHEETS[request.to](table, assignment, max_score, request.column, request.id_column)
            matching, notes = sheet.match(grades), (*notes, *sheet.notes)
        else:
            matching = _matching(table, grades, request)
        matched = replace(matched, table=table, matching=matching)
        if request.to in ROSTERS:
            _check_any_match(matched)
    kept, overwritten = _existing(sheet, matched, request.keep_existing) if sheet else ([], [])
    if kept:
        matched = replace(matched, matching=_lock(matched.matching, kept))
    notes += tuple(_upload_notes(request.to, sheet, matched))
    try:
        files = _write_files(matched, sheet, out, request)
    except OSError as problem:
        raise OutputFailed(
            f"{problem.filename or request.output or out} can't be written: {problem.strerror}"
        ) from None
    return _summary(request.to, files, matched, notes, kept, overwritten)


def _write_files(matched: MatchedGrades, sheet: Sheet | None, out: Path, request: ExportRequest) -> list[str]:
    """Write the export and return its files: the export first, then the grades without a row."""
    if sheet:
        path = request.output or out / "exports" / f"{request.to}.csv"
        files = [_write(path, sheet.fill(matched.pairs))]
    elif request.to == FEEDBACK:
        path = request.output or out / "exports" / moodle_feedback.FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        files = [moodle_feedback.write_feedback_zip(path, matched, out / REPORTS)]
    elif request.to == NBGRADER_FEEDBACK:
        assert request.submitted
        path = request.output or out / "exports" / request.to
        files = [nbgrader_feedback.write_feedback_folder(path, matched, out / REPORTS, request.submitted)]
    elif request.to in FILES:
        name, render = FILES[request.to]
        path = request.output or out / "exports" / name
        files = [_write(path, render(matched))]
    else:
        path = request.output or out / "exports" / request.to
        files = [_write_folder(path, request, matched.reports, clean=not request.output)]
    return files + (_write_unmatched(path, matched) if request.roster else [])


def _matching(table: RosterTable, grades: Sequence[ExportedGrade], request: ExportRequest) -> Matching:
    """Return the rows of a roster with their grades. A worksheet of Moodle is matched by its own rules."""
    if request.to == FEEDBACK or (is_worksheet(table) and not request.id_column):
        return match_worksheet(Worksheet(table), grades)
    return match_grades(roster_rows(table, request.id_column), grades)


def _check_any_match(matched: MatchedGrades) -> None:
    """Raise ExportError if no row gets a grade: the roster is of another assignment or class."""
    table, found = matched.table, matched.matching
    if not table or found.claimed or any(grade for _, grade in found.pairs):
        return
    few = join_with_and([one_line(grade.student, 60) for grade in matched.grades[:3]])
    why = f"; {found.mismatched[0][1]}, and the report is of {few}" if found.mismatched else f", such as {few}"
    raise ExportError(
        f"{table.name} has no row for any of the {len(matched.grades)} reports{why}; it may be of another assignment "
        "or class: download the one of this assignment"
    )


def _existing(sheet: Sheet, matched: MatchedGrades, keep: bool) -> tuple[list[int], list[str]]:
    """Return the rows whose other grade is kept, and a text for each grade that is overwritten."""
    kept, overwritten = [], []
    for number, (row, grade) in enumerate(matched.pairs):
        old = row.cells[sheet.column].strip()
        if not grade or not grade.final or row.locked or old in ("", "-") or parse_number(old) == grade.score:
            continue
        if keep:
            kept.append(number)
        else:
            overwritten.append(f"{row.name or row.id} ({one_line(old, 20)} -> {format_number(grade.score)})")
    return kept, overwritten


def _lock(matching: Matching, rows: Sequence[int]) -> Matching:
    """Return a matching in which these rows are locked, so that their cells stay as they are."""
    pairs = [
        (row._replace(locked=True) if number in set(rows) else row, grade)
        for number, (row, grade) in enumerate(matching.pairs)
    ]
    return matching._replace(pairs=pairs)


def _reports(book: Gradebook, run: int) -> Callable[[], Iterator[ScoreReport]]:
    """Return a function that yields the reports with their grades; those of a run have none."""
    if run:
        if run not in {one.number for one in book.runs()}:
            raise ExportError(f"{book.name} has no run {run}; `grader runs` lists what there is")
        return lambda: book.reports(run)
    old = superseded_students([ExportedGrade.from_report(report) for report in book])
    names = [book.assignment] if book.assignment else book.assignments()
    if len(names) != 1:
        return lambda: iter(book)
    decided = ClassGrades(book, names[0])
    return lambda: (report for report in decided.reports() if report.student not in old)


def _release_notes(book: Gradebook, matched: MatchedGrades, request: ExportRequest) -> Iterator[str]:
    """Yield what the instructor should know about the numbers. Raises ExportError if they may not leave yet."""
    policy = stored_policy(book, matched.assignment)
    questions = {name for grade in matched.grades for name in grade.questions}
    if not are_released(book, matched.assignment, policy, questions, datetime.now(UTC)):
        if not request.unreleased:
            raise ExportError(
                f"the grades of {matched.assignment} aren't released: students don't see them yet "
                f'(visible = "{_waits_for(policy)}" in [policy]); release them, or export them now with --unreleased'
            )
        yield "these grades aren't released: students don't see them in the portal yet"
    if request.run and ClassGrades(book, matched.assignment).grades:
        yield f"these are the automatic scores of run {request.run}, without penalties and adjustments"


def _waits_for(policy: Policy) -> str:
    return next((each for each in (policy.visible, *policy.visible_by_question.values()) if each != "at once"), "")


def _one_assignment(grades: Sequence[ExportedGrade]) -> tuple[str, float]:
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


def _write_folder(
    folder: Path, request: ExportRequest, reports: Callable[[], Iterator[ScoreReport]], clean: bool
) -> str:
    """Write a file for each student; `clean` removes files of an earlier export, whose scores may be out of date."""
    name, render = FOLDERS[request.to]
    written = set()
    # A gradebook of an earlier version may hold names that aren't safe as paths.
    names = [report.student for report in reports()]
    students = unique_names([student if is_safe(student) else safe_name(student) for student in names])
    for report, student in zip(reports(), students, strict=True):
        if ExportedGrade.from_report(report, request.rejected_as_zero).final:
            written.add(_write(folder / student / name, render(report)))
    for path in folder.glob(f"*/{name}") if clean else ():
        if str(path) not in written:
            path.unlink()
    return str(folder)


def _write_unmatched(path: Path, matched: MatchedGrades) -> list[str]:
    """Write the grades without a row beside the export; remove the file of an earlier export if there are none."""
    beside = path.with_name(f"{path.stem}-unmatched.csv")
    if not matched.without_row:
        beside.unlink(missing_ok=True)
        return []
    return [_write(beside, as_csv.render_unmatched(matched.without_row))]


def _summary(
    to: str,
    files: list[str],
    matched: MatchedGrades,
    notes: tuple[str, ...],
    kept: Sequence[int],
    overwritten: list[str],
) -> ExportSummary:
    found = matched.matching
    rows = bool(matched.table) and to in FORMATS_WITH_ROSTER_ROWS
    pairs = [(row, grade) for row, grade in found.pairs if grade]
    written = [grade for row, grade in pairs if not row.locked] if rows else matched.grades
    exported = [grade for grade in written if _is_exported(grade, to)]
    mine = {number for number, (row, grade) in enumerate(found.pairs) if row.locked and grade} - set(kept)
    rejected = list(dict.fromkeys(grade.student for grade in written if grade.status == "rejected"))
    return ExportSummary(
        format=to,
        files=files,
        written=len(exported),
        without_submission=[
            row.id or row.cells[0]
            for number, (row, grade) in enumerate(found.pairs)
            if not grade and number not in found.contested
        ],
        unmatched=[grade.student for grade in found.unmatched],
        claimed=[grade.student for grade in found.claimed],
        mismatched=[f"{grade.student} ({why})" for grade, why in found.mismatched],
        review=[grade.student for grade in matched.grades if grade.needs_review],
        held=[found.pairs[number][0].id for number in sorted(mine)],
        overwritten=overwritten,
        kept=[found.pairs[number][0].name or found.pairs[number][0].id for number in kept],
        rejected=rejected if any(grade.final for grade in written if grade.status == "rejected") else [],
        not_graded=[] if any(grade.final for grade in written if grade.status == "rejected") else rejected,
        final=sum(grade.final for grade in exported),
        penalized=sum(grade.final and grade.penalized for grade in exported),
        adjusted=sum(grade.final and grade.adjusted for grade in exported),
        decided=any(grade.decided for grade in matched.grades),
        notes=list(notes),
    )


def _is_exported(grade: ExportedGrade, to: str) -> bool:
    """Return whether a file of this format holds the grade: a platform gets final ones only."""
    return grade.final or to in FORMATS_WITH_REVIEW_STATUS or (to == FEEDBACK and not grade.needs_review)


def _upload_notes(to: str, sheet: Sheet | None, matched: MatchedGrades) -> Iterator[str]:
    """Yield sentences about the upload to Moodle."""
    if to == FEEDBACK:
        yield "upload this zip after the grades: Moodle skips a grade that feedback has changed since"
    if to != "moodle" or not sheet:
        return
    final = [(row, grade) for row, grade in matched.pairs if grade and grade.final and not row.locked]
    if final and all(parse_number(row.cells[sheet.column]) == grade.score for row, grade in final):
        yield "every grade is in the worksheet already; Moodle will answer that it found no modified grades"
    yield "upload the grades before the feedback: Moodle skips a grade that was changed after the worksheet's download"


__all__ = ["ExportError", "ExportRequest", "ExportSummary", "RosterError", "export"]
