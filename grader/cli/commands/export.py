"""The command `grader export`: write the grades for another system."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from grader.cli.options import (
    PATH,
    assignment_name_option,
    choose_assignment,
    complete_runs,
    database_option,
    exit_on_error,
    json_option,
    open_gradebook,
    print_json,
)
from grader.cli.tables import show_export_summary
from grader.exports import FORMATS
from grader.exports.export import ExportRequest, export


@click.command("export")
@click.argument("out", type=PATH)
@click.option("--to", type=click.Choice(FORMATS), required=True, help="Format of the other system.")
@click.option(
    "--roster", type=PATH, help="List of the class, as CSV; for canvas and moodle, the file that they export."
)
@click.option(
    "--run",
    type=click.IntRange(min=1),
    shell_complete=complete_runs,
    help="Export the reports of this run; see `grader runs`.",
)
@click.option("--output", type=PATH, help="File or folder to write, instead of one in OUT/exports.")
@click.option("--column", default="", metavar="NAME", help="Column of the roster to fill in, if several are possible.")
@click.option("--id-column", default="", metavar="NAME", help="Column of the roster that identifies the student.")
@click.option("--keep-existing", is_flag=True, help="Keep grades that the platform's file has already.")
@click.option(
    "--rejected-as-zero", is_flag=True, help="Give a submission that couldn't be graded 0 points instead of no grade."
)
@click.option("--submitted", type=PATH, help="For nbgrader-feedback: nbgrader's folder of what was collected.")
@click.option("--unreleased", is_flag=True, help="Export grades that aren't released to students yet.")
@assignment_name_option
@database_option
@json_option
def command(
    out: Path,
    to: str,
    roster: Path | None,
    run: int | None,
    output: Path | None,
    column: str,
    id_column: str,
    keep_existing: bool,
    rejected_as_zero: bool,
    submitted: Path | None,
    unreleased: bool,
    assignment: str,
    database: str,
    as_json: bool,
) -> None:
    """Export the grades in OUT to another system: a gradebook, a grading platform, or a program.

    A grade is the automatic score with the penalty of the policy and with what people adjusted. Grades that aren't
    released to students stay here, unless --unreleased asks for them.

    The id in the name of a submission's file identifies the student in the roster: the column ID of Canvas, the
    number in Moodle's Identifier, Gradescope's SID, nbgrader's student_id. The newest report of each student counts,
    or the report of --run. A student without a submission keeps their row without a grade. A student whose id is in
    no row is listed, and written to a separate file. No platform gets a score that needs manual review, or one of a
    submission that couldn't be graded.

    Moodle takes two files, in this order: the grades (moodle) and the pages of the students (moodle-feedback).
    """
    request = ExportRequest(
        to, roster, run or 0, output, column, id_column, keep_existing, rejected_as_zero, submitted, unreleased
    )
    with exit_on_error(), open_gradebook(out, database) as book:
        summary = export(book if run else choose_assignment(book, assignment), out, request)
    if as_json:
        print_json(summary)
    else:
        show_export_summary(summary, Console())
