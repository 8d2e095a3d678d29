"""The commands `grader roster`: who takes part in a course, and their personal links."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.commands.serve import DEFAULT_PORT, URL_FILE
from grader.cli.options import PATH, database_option, exit_on_error

if TYPE_CHECKING:
    from grader.gradebook.roster import Roster

data_option = click.option("--data", type=PATH, required=True, help="The data folder of `grader serve`.")


@click.group("roster")
def command() -> None:
    """Load the people of a course, and print their personal links."""


@command.command("load")
@click.argument("file", type=PATH)
@data_option
@database_option
def load_command(file: Path, data: Path, database: str) -> None:
    """Add the people in FILE, a CSV with the columns name, email, id, role, and change those whose id is known.

    Nobody is removed. Prints the personal links as CSV: name, id, role, url, token. Whoever has a link is that person:
    send each to its owner alone. ROLE is student, assistant or instructor.
    """
    with exit_on_error():
        from grader.server.roster_file import links_table, read_rows

        rows = read_rows(file)
        with open_roster(data, database) as roster:
            links = roster.load(rows, _who())
        click.echo(links_table(links, _url(data)), nl=False)


@command.command("links")
@data_option
@database_option
def links_command(data: Path, database: str) -> None:
    """Print everybody's personal link as CSV: name, id, role, url, token."""
    with exit_on_error():
        from grader.server.roster_file import links_table

        with open_roster(data, database) as roster:
            click.echo(links_table(roster.links(), _url(data)), nl=False)


@command.command("revoke")
@click.argument("id")
@data_option
@database_option
def revoke_command(id: str, data: Path, database: str) -> None:
    """Take the access of the person ID: the link and all sessions end at once."""
    with exit_on_error(), open_roster(data, database) as roster:
        roster.revoke(id, _who())


@command.command("renew")
@click.argument("id")
@data_option
@database_option
def renew_command(id: str, data: Path, database: str) -> None:
    """Give the person ID a new link, and print it. The old link and all sessions end."""
    with exit_on_error():
        from grader.server.roster_file import personal_link

        with open_roster(data, database) as roster:
            click.echo(personal_link(_url(data), roster.renew(id, _who())))


@contextmanager
def open_roster(data: Path, database: str) -> Iterator[Roster]:
    """Open the roster in a data folder. Raises UserError."""
    from grader.gradebook.data_folder import DataFolder
    from grader.gradebook.roster import Roster
    from grader.gradebook.store import Gradebook

    folder = DataFolder.open(data)
    with Gradebook.open(database or folder.gradebook) as book:
        yield Roster(book, folder.links_key())


def _url(data: Path) -> str:
    """Return the address that `grader serve` was last started with."""
    try:
        return (data / URL_FILE).read_text().strip()
    except OSError:
        return f"http://127.0.0.1:{DEFAULT_PORT}"


def _who() -> str:
    """Return who uses the command, for the audit log."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a container without an entry for the user
        return "command line"
