"""The command `grader bundle`: pack an assignment for a platform that runs graders itself."""

from __future__ import annotations

from pathlib import Path

import click

from grader.assignments.loader import load
from grader.cli.options import PATH, complete_assignments, exit_on_error
from grader.delivery.bundle import PLATFORM_BUNDLES
from grader.delivery.files import write_bundle
from grader.delivery.options import DEFAULT_MINUTES, BundleOptions
from grader.grading import validation


@click.command("bundle")
@click.argument("assignment_folder", type=PATH, metavar="ASSIGNMENT", shell_complete=complete_assignments)
@click.option("--to", type=click.Choice(list(PLATFORM_BUNDLES)), required=True, help="The platform.")
@click.option("--out", type=PATH, required=True, help="New folder for the bundle.")
@click.option(
    "--minutes",
    type=click.IntRange(min=1, max=60),
    default=DEFAULT_MINUTES,
    show_default=True,
    help="Time that the platform gives a submission: Gradescope, PrairieLearn.",
)
@click.option("--leaderboard", is_flag=True, help="Show the scores of the class on Gradescope's leaderboard.")
@click.option("--image", default="", metavar="NAME", help="Name of the grader's image, for PrairieLearn.")
@click.option(
    "--requirements",
    type=PATH,
    help="Further packages, pinned with hashes, if the assignment needs some that the grader doesn't know.",
)
def command(
    assignment_folder: Path, to: str, out: Path, minutes: int, leaderboard: bool, image: str, requirements: Path | None
) -> None:
    """Pack an assignment with its grader for a platform that runs graders itself.

    OUT holds the bundle and a README that says how to use it. Unless the README says otherwise, the bundle holds the
    hidden cases, the solutions and the secret: don't publish it.
    """
    with exit_on_error():
        assignment = load(assignment_folder)
        validation.check(assignment)
        validation.check_cases(assignment)
        options = BundleOptions(minutes, leaderboard, requirements, image)
        for path in write_bundle(PLATFORM_BUNDLES[to](assignment, options), out):
            click.echo(path)
