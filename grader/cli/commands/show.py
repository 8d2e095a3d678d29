"""The command `grader show`: show the report of one student."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from grader._util.escaping import one_line
from grader._util.wording import join_with_and
from grader.cli.options import (
    PATH,
    assignment_name_option,
    choose_assignment,
    complete_students,
    database_option,
    exit_on_error,
    json_option,
    open_gradebook,
    print_json,
)
from grader.cli.report_view import show_report
from grader.cli.timings_view import show_timings
from grader.errors import UserError
from grader.reports.json import as_fields
from grader.submissions.student_names import safe_name

if TYPE_CHECKING:
    from grader.gradebook.store import Gradebook
    from grader.models import ScoreReport

MAX_SUGGESTIONS = 5  # names in an error message


class NoSuchStudent(UserError):
    """No student matches a name, or several do."""


@click.command("show")
@click.argument("out", type=PATH)
@click.argument("student", shell_complete=complete_students)
@click.option("--timings", is_flag=True, help="Show the seconds of each case, and the peak memory.")
@click.option("--run", type=int, metavar="N", help="Show the report of an earlier run; `grader runs` lists them.")
@assignment_name_option
@database_option
@json_option
def command(
    out: Path, student: str, timings: bool, run: int | None, assignment: str, database: str, as_json: bool
) -> None:
    """Show the report and grade of one student in OUT. The first letters of the name suffice if they are unique.

    With --run, show the report as that run made it, without a grade: grades are those of now.

    With --json, print the complete report, timings included.
    """
    with exit_on_error(), open_gradebook(out, database) as book:
        from grader.gradebook.graded_reports import student_report

        view = choose_assignment(book, assignment)
        found = find_student(student, view.students())
        report = view.latest_report(found) if run is None else _report_of_run(view, found, run)
        if report and run is None:
            report = student_report(view, view.assignment or report.assignment, report.student) or report
    if report and as_json:
        print_json(as_fields(report))
    elif report and timings:
        show_timings(report, Console())
    elif report:
        show_report(report, Console())


def _report_of_run(book: Gradebook, student: str, run: int) -> ScoreReport | None:
    """Return the report of a student in a run. Raises UserError if there is none."""
    number = book.result_numbers(run).get(student)
    if number is None:
        raise UserError(f"run {run} has no report of {one_line(student, 100)}; `grader runs` lists the runs")
    return book.report(number)


def find_student(wanted: str, students: list[str]) -> str:
    """Return the student with a name, or whose name begins with it. Raises NoSuchStudent if there isn't exactly one."""
    if wanted in students:
        return wanted
    begin = [name for name in students if name.casefold().startswith(wanted.casefold())]
    begin = begin or [name for name in students if name.casefold().startswith(safe_name(wanted).casefold())]
    if len(begin) == 1:
        return begin[0]
    if begin:
        raise NoSuchStudent(f"{one_line(wanted, 100)!r} may be {_join_names(begin)}; write more of the name")
    folded = {name.casefold(): name for name in students}
    near = [folded[name] for name in difflib.get_close_matches(wanted.casefold(), folded, MAX_SUGGESTIONS, 0.5)]
    near = near or [name for name in students if wanted.casefold() in name.casefold()]
    hint = (
        f"did you mean {_join_names(near)}?"
        if near
        else f"there are {len(students)}, such as {_join_names(students[:3])}"
    )
    raise NoSuchStudent(
        f"there is no student {one_line(wanted, 100)!r}; {hint if students else 'the gradebook is empty'}"
    )


def _join_names(names: list[str]) -> str:
    shown = [one_line(name, 100) for name in names[:MAX_SUGGESTIONS]]
    return join_with_and([*shown, f"{len(names) - MAX_SUGGESTIONS} more"] if len(names) > MAX_SUGGESTIONS else shown)
