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
    """Write the gradebook in OUT to a new FILE, also while a run or a server writes to it.

    FILE is a SQLite gradebook, also if the gradebook is a PostgreSQL database. If OUT is the data folder of
    `grader serve`, FILE is a tar file with all that is in it: gradebook, keys, what was handed in and printed, and
    regrades. `grader restore` reads both.
    """
    from grader.gradebook.backup import back_up
    from grader.gradebook.data_backup import back_up_folder, is_data_folder

    with exit_on_error():
        location = gradebook_location(out, database)
        if is_data_folder(out):
            back_up_folder(out, location, file)
        else:
            back_up(location, file)
