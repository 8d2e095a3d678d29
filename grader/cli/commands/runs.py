"""The command `grader runs`: list the runs of a folder."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from grader.cli.options import PATH, exit_on_error, json_option, print_json
from grader.cli.tables import show_runs
from grader.execution.output import GRADEBOOK
from grader.gradebook.store import Gradebook


@click.command("runs")
@click.argument("out", type=PATH)
@json_option
def command(out: Path, as_json: bool) -> None:
    """List the runs in OUT, a folder that `grader grade` wrote."""
    with exit_on_error(), Gradebook.open_existing(out / GRADEBOOK) as book:
        runs = book.runs()
    if as_json:
        print_json(runs)
    else:
        show_runs(runs, Console())
