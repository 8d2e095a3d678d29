"""The commands `grader roster`: who takes part in a course, and their personal links."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import PATH, command_user, database_option, exit_on_error

if TYPE_CHECKING:
    from grader.gradebook.roster import Roster

DEFAULT_URL = "http://127.0.0.1:8000"  # of `grader serve` without options
URL_FILE = "url"  # in the data folder: the address that `grader serve` was last started with

data_option = click.option("--data", type=PATH, required=True, help="The data folder of `grader serve`.")
base_url_option = click.option(
    "--base-url",
    default="",
    metavar="URL",
    help="Address of the portal for the links. Default: the address that `grader serve` was last started with.",
)


@click.group("roster")
def command() -> None:
    """Load the people of a course, and print their personal links."""


@command.command("load")
@click.argument("file", type=PATH)
@data_option
@database_option
@base_url_option
def load_command(file: Path, data: Path, database: str, base_url: str) -> None:
    """Add the people in FILE, a CSV with the columns name, email, id, role, and change those whose id is known.

    Nobody is removed. Prints the personal links as CSV: name, id, role, url, token. Whoever has a link is that person:
    send each to its owner alone. A role is student, assistant or instructor.
    """
    with exit_on_error():
        from grader.server.roster_file import links_table, read_rows

        rows = read_rows(file)
        with open_roster(data, database, create=True) as roster:
            links = roster.load(rows, command_user())
        click.echo(links_table(links, base_url or portal_url(data)), nl=False)


@command.command("links")
@data_option
@database_option
@base_url_option
def links_command(data: Path, database: str, base_url: str) -> None:
    """Print everybody's personal link as CSV: name, id, role, url, token."""
    with exit_on_error():
        from grader.server.roster_file import links_table

        with open_roster(data, database) as roster:
            click.echo(links_table(roster.links(), base_url or portal_url(data)), nl=False)


@command.command("revoke")
@click.argument("id")
@data_option
@database_option
def revoke_command(id: str, data: Path, database: str) -> None:
    """Take the access of the person ID: the link and all sessions end at once."""
    with exit_on_error(), open_roster(data, database) as roster:
        roster.revoke(id, command_user())


@command.command("renew")
@click.argument("id")
@data_option
@database_option
@base_url_option
def renew_command(id: str, data: Path, database: str, base_url: str) -> None:
    """Give the person ID a new link, and print it. The old link and all sessions end."""
    with exit_on_error():
        from grader.server.roster_file import personal_link

        with open_roster(data, database) as roster:
            click.echo(personal_link(base_url or portal_url(data), roster.renew(id, command_user())))


@contextmanager
def open_roster(data: Path, database: str, *, create: bool = False) -> Iterator[Roster]:
    """Open the roster in a data folder. Raises UserError.

    :param create: whether the folder may be a new one
    """
    from grader.gradebook.data_folder import DataFolder
    from grader.gradebook.roster import Roster
    from grader.gradebook.store import Gradebook

    folder = DataFolder.open(data) if create else DataFolder.open_existing(data)
    with Gradebook.open(database or folder.gradebook) as book:
        yield Roster(book, folder.links_key())


def portal_url(data: Path) -> str:
    """Return the address that `grader serve` was last started with."""
    try:
        return (data / URL_FILE).read_text().strip()
    except OSError:
        return DEFAULT_URL
