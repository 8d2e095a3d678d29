"""The command `grader adjust`: correct the points of a student by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from rich.console import Console

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import format_number
from grader.cli.course_options import course_argument, exact_student, reason_option, show_rows, the_assignment
from grader.cli.options import (
    assignment_name_option,
    command_user,
    database_option,
    exit_on_error,
    json_option,
    open_gradebook,
)

if TYPE_CHECKING:
    from grader.gradebook.report_places import Change
    from grader.gradebook.store import Gradebook
    from grader.policies import Adjustment

MAX_SHOWN = 300  # characters of a text in a list
MAX_NAME = 100  # characters


@click.command("adjust")
@course_argument
@click.argument("student", required=False)
@click.option("--question", default="", metavar="Q", help="Without it, the whole is adjusted.")
@click.option("--case", "case", default="", metavar="C", help="Without it, the whole question is adjusted.")
@click.option("--points", type=float, metavar="P", help="The new points.")
@click.option("--by", type=float, metavar="P", help="Points to add; -P takes them off.")
@click.option(
    "--verdict",
    type=click.Choice(["passed", "failed"]),
    help="All points or none, for what the grader couldn't decide.",
)
@click.option("--comment", default="", help="For the student, in the report.")
@reason_option
@click.option("--name", default="", help="Your name, as students read it. Default: the user of this machine.")
@click.option("--list", "listed", is_flag=True, help="List the adjustments, of STUDENT or of everybody.")
@click.option("--withdraw", type=int, metavar="N", help="Withdraw the adjustment with this number.")
@assignment_name_option
@database_option
@json_option
def command(
    course: Path,
    student: str | None,
    question: str,
    case: str,
    points: float | None,
    by: float | None,
    verdict: Literal["passed", "failed"] | None,
    comment: str,
    reason: str,
    name: str,
    listed: bool,
    withdraw: int | None,
    assignment: str,
    database: str,
    as_json: bool,
) -> None:
    """Adjust the points of STUDENT for a case, a question or the whole.

    DIR is a folder of `grader grade` or the data folder of `grader serve`. An adjustment survives every regrade. It is
    never changed, but can be withdrawn.
    """
    from grader.gradebook.report_places import Change

    if not (listed or withdraw is not None or student):
        raise click.UsageError("name a student, or give --list or --withdraw N")
    with exit_on_error(), open_gradebook(course, database) as book:
        found = the_assignment(book, assignment)
        if listed:
            _list(book, found, student or "", as_json)
        elif withdraw is not None:
            _withdraw(book, found, withdraw, reason)
        else:
            who, change = one_line(name, MAX_NAME) or command_user(), Change(points, by, verdict)
            _adjust(book, found, student or "", who, change, comment, reason, question, case)


def _adjust(
    book: Gradebook,
    assignment: str,
    wanted: str,
    who: str,
    change: Change,
    comment: str,
    reason: str,
    question: str,
    case: str,
) -> None:
    from grader.gradebook.adjustments import Adjustments
    from grader.gradebook.graded_reports import counting_report
    from grader.gradebook.grades import grade_of, student_names
    from grader.gradebook.report_places import new_adjustment

    student = exact_student(wanted, student_names(book, assignment))
    report = counting_report(book, assignment, student)
    before = grade_of(book, assignment, student)
    made = new_adjustment(report, who, change, comment, reason, question, case)
    stored = Adjustments(book).add(assignment, student, made)
    after = grade_of(book, assignment, student)
    final = f"{format_number(before.final)} -> {format_number(after.final)} of {format_number(after.max)}"
    print_line(Console(), f"adjustment {stored.number}: {one_line(student, 100)}, {final}")


def _withdraw(book: Gradebook, assignment: str, number: int, reason: str) -> None:
    from grader.gradebook.adjustments import Adjustments

    Adjustments(book).withdraw(assignment, number, command_user(), reason)
    print_line(Console(), f"adjustment {number} is withdrawn")


def _list(book: Gradebook, assignment: str, wanted: str, as_json: bool) -> None:
    from grader.gradebook.adjustments import Adjustments
    from grader.gradebook.grades import student_names

    kept = Adjustments(book)
    if wanted:
        student = exact_student(wanted, student_names(book, assignment))
        found = {student: kept.of_student(assignment, student)}
    else:
        found = kept.of_assignment(assignment)
    show_rows(found, _described, as_json)


def _described(adjustment: Adjustment) -> str:
    place = "/".join(each for each in (adjustment.question, adjustment.case) if each) or "the whole"
    points = format_number(abs(adjustment.points or 0.0))
    sign = "-" if (adjustment.points or 0.0) < 0 else "+"
    what = adjustment.verdict or (f"set to {points}" if adjustment.absolute else f"{sign}{points}")
    texts = f"{one_line(adjustment.comment, MAX_SHOWN)} (reason: {one_line(adjustment.reason, MAX_SHOWN)})"
    return f"{place}: {what} by {adjustment.who}, {adjustment.at:%Y-%m-%d}: {texts}"
