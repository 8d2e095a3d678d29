"""The command `grader validate`: check the quality of the hidden cases."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from grader.assignments.loader import load, select_questions
from grader.authoring.quality import report as as_quality
from grader.authoring.quality.validate import validate
from grader.cli.log_options import log_options
from grader.cli.options import (
    PATH,
    exit_on_error,
    jobs_option,
    json_option,
    print_json,
    sandbox_option,
    suggest_weaker_sandbox,
)
from grader.cli.tables import progress_bar, show_quality
from grader.execution.output import check_page_path, write_page
from grader.grading import validation
from grader.models import Assignment


@click.command("validate")
@click.argument("source", type=PATH)
@click.option("--report", type=PATH, help="Write the result as a Markdown page to this file.")
@click.option(
    "--question", "questions", multiple=True, metavar="NAME", help="Check only this question; may be repeated."
)
@jobs_option
@sandbox_option
@log_options
@json_option
def command(
    source: Path, report: Path | None, questions: tuple[str, ...], jobs: int | None, sandbox: str, as_json: bool
) -> None:
    """Check the hidden cases with submissions whose score is known.

    The solutions and alternatives.py must earn all points, and the stubs none. Each answer in misconceptions.py must
    lose points on its question and on no other. Every mutant of the solution must lose points, or be listed in
    equivalent.toml. No answer that computes nothing may earn a point.

    Exit code: 0 if no problem was found, 1 otherwise.
    """
    with exit_on_error(), suggest_weaker_sandbox(sandbox), progress_bar("judging", Console(stderr=True)) as progress:
        assignment: Assignment = load(source)
        validation.check(assignment)
        if questions:
            assignment = select_questions(assignment, questions)
        if report:
            check_page_path(report)
        quality = validate(assignment, jobs or 0, sandbox, progress)
        if report:
            write_page(report, as_quality.render(quality))
    if as_json:
        print_json(quality)
    else:
        show_quality(quality, Console())
    if not quality.valid:
        sys.exit(1)
