"""The command `grader runs`: list the runs of a folder."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from grader.cli.options import PATH, database_option, exit_on_error, json_option, open_gradebook, print_json
from grader.cli.tables import show_runs


@click.command("runs")
@click.argument("out", type=PATH)
@database_option
@json_option
def command(out: Path, database: str, as_json: bool) -> None:
    """List the runs in OUT, a folder that `grader grade` wrote."""
    with exit_on_error(), open_gradebook(out, database) as book:
        runs = book.runs()
    if as_json:
        print_json(runs)
    else:
        show_runs(runs, Console())
