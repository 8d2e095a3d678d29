"""What the commands have in common that take what was handed in."""

from __future__ import annotations

import click

from grader.submissions.collect import PLATFORM_CHOICES

platform_option = click.option(
    "--as-platform",
    "platform",
    type=click.Choice(PLATFORM_CHOICES),
    help="What each PATH is: a class as a platform hands it out, a class with an entry for each student, or one "
    "student's. If not given, a folder is a class, and a file or zip is one student's, whatever is in it.",
)


def print_hint(hint: str) -> None:
    """A hint for people, beside the result."""
    click.echo(f"grader: {hint}", err=True)
