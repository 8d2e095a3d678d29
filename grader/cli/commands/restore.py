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

    The same `grader grade` command as before then writes the reports again, without grading. The backup of a data
    folder brings back the files that were handed in and the keys, too.
    """
    from grader.gradebook.backup import restore
    from grader.gradebook.data_backup import is_data_backup, restore_folder

    with exit_on_error():
        location = gradebook_location(out, database)
        if is_data_backup(file):
            restore_folder(file, out, location)
        else:
            restore(file, location)
