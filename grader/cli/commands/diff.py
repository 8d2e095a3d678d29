"""The command `grader diff`: compare two runs."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from grader._util import extras
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
from grader.cli.tables import show_comparison
from grader.execution.output import REPORTS, write_page
from grader.gradebook.run_diff import choose_runs, diff_runs


@click.command("diff")
@click.argument("out", type=PATH)
@click.argument("runs", type=int, nargs=-1, metavar="[RUN RUN]", shell_complete=complete_runs)
@click.option(
    "--html", "page", type=PATH, metavar="FILE", help="Also write the comparison as an HTML page to this file."
)
@assignment_name_option
@database_option
@json_option
def command(out: Path, runs: tuple[int, ...], page: Path | None, assignment: str, database: str, as_json: bool) -> None:
    """Show the students whose score differs between two runs in OUT, with the questions and cases that differ.

    `grader runs` lists the numbers of the runs. Without numbers, the last two finished runs are compared.
    """
    if len(runs) not in (0, 2):
        raise click.UsageError(f"give the numbers of two runs, or none for the last two runs; found {len(runs)}")
    with exit_on_error():
        if page:
            extras.require("html", "--html")
        with open_gradebook(out, database) as book:
            view = book if runs else choose_assignment(book, assignment)
            comparison = diff_runs(view, *choose_runs(view, runs))
        if page:
            from grader.reports.html import run_diff_page
            from grader.reports.html.report_links import report_addresses

            write_page(page, run_diff_page.render(comparison, report_addresses(out / REPORTS, page.parent)))
    if as_json:
        print_json(comparison)
    else:
        show_comparison(comparison, Console())
