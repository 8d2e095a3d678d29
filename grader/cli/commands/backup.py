"""The command `grader backup`: write the gradebook to one file."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import PATH, database_option, exit_on_error, gradebook_location


@click.command("backup")
@click.argument("out", type=PATH)
@click.argument("file", type=PATH)
@database_option
def command(out: Path, file: Path, database: str) -> None:
    """Write the gradebook in OUT to a new FILE, also while a run writes to it.

    FILE is a SQLite gradebook, also if the gradebook is a PostgreSQL database. `grader restore` reads it.
    """
    from grader.gradebook.backup import back_up

    with exit_on_error():
        back_up(gradebook_location(out, database), file)
