"""The command `grader similar`: find similar submissions."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from grader._util import extras
from grader.assignments.loader import load
from grader.cli.options import PATH, exit_on_error, json_option, only_assignment, print_json
from grader.cli.platform_option import platform_option, print_hint
from grader.execution.output import write_page
from grader.similarity.compare import compare
from grader.similarity.page import render
from grader.similarity.table import print_pairs
from grader.submissions.collect import collect_all
from grader.submissions.spool import SubmissionSpool

PAGE = "similar.html"


@click.command("similar")
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option("--assignment", "assignment_folder", type=PATH, help="The assignment's folder in solutions/.")
@click.option("--out", type=PATH, default=Path("out"), show_default=True, help="Folder for the page.")
@platform_option
@json_option
def command(
    paths: tuple[Path, ...], assignment_folder: Path | None, out: Path, platform: str | None, as_json: bool
) -> None:
    """Show pairs of submissions that are more similar than stubs, known answers and the class explain.

    Writes OUT/similar.html, which shows each pair side by side, for a person to judge. No score changes, and no code
    of a submission is run.
    """
    with exit_on_error(), SubmissionSpool() as contents:
        extras.require("similarity", "`grader similar`")
        assignment = load(assignment_folder or only_assignment())
        submissions = collect_all(paths, assignment, contents, platform=platform or "", notify=print_hint)
        found, sides = compare(assignment, submissions, contents)
        write_page(out / PAGE, render(found, sides))
    if as_json:
        print_json(found)
    else:
        print_pairs(found, out / PAGE, Console())
