"""The option --as-platform of the commands that read submissions, and the hints about it."""

from __future__ import annotations

import click

from grader.submissions.collect import PLATFORM_CHOICES

platform_option = click.option(
    "--as-platform",
    "platform",
    type=click.Choice(PLATFORM_CHOICES),
    help="Layout of each PATH: the download of a platform, a class with an entry for each student, or one student's "
    "submission. Default: a folder is a class, and a file or zip is one submission.",
)


def print_hint(hint: str) -> None:
    """Print a hint on stderr."""
    click.echo(f"grader: {hint}", err=True)
