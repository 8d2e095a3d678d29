"""What `grader serve` and `grader worker` share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from grader.assignments.loader import load
from grader.cli.options import check_positions
from grader.errors import UserError
from grader.grading import validation
from grader.models import Assignment

server_jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=0),
    help="Grading processes of each assignment. Default: one for each core. 0: only `grader worker` grades.",
)


def load_checked(folders: Iterable[Path], data: Path) -> list[Assignment]:
    """Return assignments that a portal with this data folder can grade. Raises UserError."""
    loaded = [load(folder) for folder in folders]
    if len({assignment.name for assignment in loaded}) < len(loaded):
        raise UserError("two assignments have the same name; rename the folder of one")
    for assignment in loaded:
        check_positions("full", assignment, data, ())
        validation.check(assignment)
    return loaded
