"""grader export out --to canvas --roster gradebook.csv"""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from grader.cli.options import PATH, complete_runs, exit_on_error, json_option, print_json
from grader.cli.tables import show_export_summary
from grader.execution.output import GRADEBOOK
from grader.exports import FORMATS
from grader.exports.export import ExportRequest, export
from grader.gradebook.store import Gradebook


@click.command("export")
@click.argument("out", type=PATH)
@click.option("--to", type=click.Choice(FORMATS), required=True, help="The form that the other system takes.")
@click.option("--roster", type=PATH, help="The list of the class, as CSV; canvas and moodle fill in their own.")
@click.option(
    "--run",
    type=click.IntRange(min=1),
    shell_complete=complete_runs,
    help="The reports of this run; see `grader runs`.",
)
@click.option("--output", type=PATH, help="The file or folder to write, instead of one in OUT/exports.")
@click.option("--column", default="", metavar="NAME", help="The roster's column to fill in, when it isn't clear.")
@click.option("--id-column", default="", metavar="NAME", help="The roster's column that says which student it is.")
@json_option
def command(
    out: Path,
    to: str,
    roster: Path | None,
    run: int | None,
    output: Path | None,
    column: str,
    id_column: str,
    as_json: bool,
) -> None:
    """Give the reports in OUT to another system: a gradebook, a grading platform, or a program.

    A student is found in the roster by the id that the name of the submission's file holds: the column ID of Canvas,
    the number in Moodle's Identifier, Gradescope's SID, nbgrader's student_id. The newest report of each student
    counts, or that of --run. Who handed in nothing keeps their row without a grade; whose id is in no row is listed,
    and written to a file of their own. A score that a person must look at is given to no platform.
    """
    request = ExportRequest(to, roster, run or 0, output, column, id_column)
    with exit_on_error(), Gradebook.open_existing(out / GRADEBOOK) as book:
        summary = export(book, out, request)
    if as_json:
        print_json(summary)
    else:
        show_export_summary(summary, Console())
