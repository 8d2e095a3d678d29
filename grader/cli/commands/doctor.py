"""The command `grader doctor`: check the sandbox of this machine, or trace the grading of one submission."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from grader.cli.log_options import log_options
from grader.cli.options import (
    EXIT_USAGE,
    PATH,
    exit_on_error,
    json_option,
    only_assignment,
    print_json,
    sandbox_option,
    suggest_weaker_sandbox,
)
from grader.sandbox.host.diagnostics import check_levels, doctor_lines, level_as_dict


@click.command("doctor")
@click.option("--trace", "traced", type=PATH, metavar="FILE", help="Grade this submission and show what took time.")
@click.option("--assignment", "assignment_folder", type=PATH, help="With --trace: the assignment's folder.")
@sandbox_option
@log_options
@json_option
def command(traced: Path | None, assignment_folder: Path | None, sandbox: str, as_json: bool) -> None:
    """Show which sandbox protections this machine supports, and how to enable the others.

    Exit code: 0 if the full sandbox is available, 2 if it isn't.

    With --trace, show how many seconds each step of grading one submission takes. No file is written.
    """
    if traced:
        with exit_on_error(), suggest_weaker_sandbox(sandbox):
            run_trace(traced, assignment_folder or only_assignment(), sandbox, as_json)
        return
    if assignment_folder or sandbox != "full":
        raise click.UsageError("--assignment and --sandbox need --trace FILE; without it, all levels are checked")
    found = list(check_levels())
    if as_json:
        print_json([level_as_dict(level) for level in found])
    else:
        click.echo("\n".join(doctor_lines(found)))
    if not found[0].possible:
        sys.exit(EXIT_USAGE)


def run_trace(file: Path, assignment: Path, sandbox: str, as_json: bool) -> None:
    """Trace the grading of a submission and print the result. Raises UserError."""
    from grader.cli.trace import trace  # late: nothing else in this command grades
    from grader.cli.trace_view import show_trace

    found = trace(file, assignment, sandbox)
    if as_json:
        print_json(found)
    else:
        show_trace(found, Console())
