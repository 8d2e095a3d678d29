"""The command `grader watch`: grade submissions as they arrive."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click
import msgspec
from rich.console import Console

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import format_score
from grader.assignments.loader import load
from grader.cli.log_options import log_options
from grader.cli.options import (
    PATH,
    check_cluster,
    check_positions,
    choose_pages,
    cluster_option,
    database_option,
    exit_on_error,
    jobs_option,
    json_option,
    only_assignment,
    sandbox_option,
    suggest_weaker_sandbox,
)
from grader.execution.run import Options, ReportSummary
from grader.execution.watch import watch
from grader.grading import validation
from grader.models import ScoreReport
from grader.sandbox.host.levels import SANDBOXES


@click.command("watch")
@click.argument("handed_in", type=PATH, metavar="FOLDER")
@click.option("--assignment", "assignment_folder", type=PATH, help="The assignment's folder in solutions/.")
@click.option("--out", type=PATH, default=Path("out"), show_default=True, help="Folder for the reports.")
@jobs_option
@cluster_option
@sandbox_option
@click.option("--whole-notebook", is_flag=True, help="Run every cell, not only those that graded names need.")
@database_option
@log_options
@json_option
def command(
    handed_in: Path,
    assignment_folder: Path | None,
    out: Path,
    jobs: int | None,
    cluster: str,
    sandbox: str,
    whole_notebook: bool,
    database: str,
    as_json: bool,
) -> None:
    """Grade submissions as they arrive in FOLDER, until Ctrl-C or SIGTERM.

    FOLDER holds a file, a zip or a folder for each student. A submission is graded when it is completely written,
    and again when it changes. The gradebook has one run for each start of the command. After a restart, only new
    submissions are graded. With --json, every report is a line of JSON.

    Exit code: 0 if all submissions that had arrived were graded, 130 or 143 if Ctrl-C or SIGTERM stopped the grading
    of some.
    """
    with exit_on_error(), suggest_weaker_sandbox(sandbox):
        options = Options(
            jobs or 0, sandbox, whole_notebook, pages=choose_pages(None), cluster=cluster, database=database
        )
        check_cluster(cluster, jobs)
        if not cluster:
            SANDBOXES[sandbox]().check()  # at once, not when the first submission arrives
        assignment = load(assignment_folder or only_assignment())
        check_positions(sandbox, assignment, out, [handed_in])
        validation.check(assignment)
        console = Console(stderr=as_json)
        show_report = print_report_json if as_json else partial(print_report_line, console)
        watch(assignment, handed_in, out, options, show_report, partial(print_line, console))


def print_report_line(console: Console, report: ScoreReport) -> None:
    """Print a report as a line of text."""
    print_line(console, f"{one_line(report.student)}: {format_score(report)}")


def print_report_json(report: ScoreReport) -> None:
    """Print a report as a line of JSON, and flush it."""
    print(json.dumps(msgspec.to_builtins(ReportSummary.of(report))), flush=True)
