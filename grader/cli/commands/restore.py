"""The command `grader restore`: create a gradebook from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import PATH, database_option, exit_on_error, gradebook_location


@click.command("restore")
@click.argument("file", type=PATH)
@click.argument("out", type=PATH)
@database_option
def command(file: Path, out: Path, database: str) -> None:
    """Create the gradebook in OUT, or in an empty database, from FILE, a backup or another SQLite gradebook.

    The same `grader grade` command as before then writes the reports again, without grading.
    """
    from grader.gradebook.backup import restore

    with exit_on_error():
        restore(file, gradebook_location(out, database))
