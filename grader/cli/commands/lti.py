"""The commands `grader lti`: learning platforms, their courses, keys, and scores on their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader._util import extras
from grader.cli.commands.roster import DEFAULT_URL, data_option, portal_url
from grader.cli.options import command_user, database_option, exit_on_error

if TYPE_CHECKING:
    from grader.server.lti.tool import LtiTool

SHOWN_ROWS = 1000

number_argument = click.argument("number", type=click.IntRange(1, 2**53))


@click.group("lti")
def command() -> None:
    """Connect learning platforms by LTI 1.3: Canvas, Moodle and others."""


@command.group("platform")
def platform_group() -> None:
    """Add, list and remove platforms."""


@command.group("course")
def course_group() -> None:
    """List and accept courses of platforms, and load their people."""


@command.command("urls")
@data_option
def urls_command(data: Path) -> None:
    """Print the addresses to paste into a platform."""
    with exit_on_error():
        extras.require("server", "grader lti")
        from grader.gradebook.data_folder import DataFolder
        from grader.server.lti.registration import addresses

        DataFolder.open_existing(data)
        for name, address in addresses(portal_url(data)).items():
            click.echo(f"{name}: {address}")


@command.command("register")
@data_option
@database_option
def register_command(data: Path, database: str) -> None:
    """Print a link for a platform's tool registration. It works once, for a day."""
    from grader.server.lti.limits import REGISTRATION_SECONDS

    with exit_on_error(), open_tool(data, database) as tool:
        code = tool.tickets.issue("registration", command_user(), REGISTRATION_SECONDS)
        click.echo(f"{tool.url}/lti/register/{code}")


@platform_group.command("add")
@click.option("--issuer", required=True, help="Issuer, or platform id: as in its tokens.")
@click.option("--client-id", required=True, help="Client id that the platform gave the tool.")
@click.option("--auth-url", required=True, help="Authentication request URL.")
@click.option("--token-url", required=True, help="Access token URL.")
@click.option("--jwks-url", required=True, help="Public keyset URL of the platform.")
@click.option("--deployment", multiple=True, required=True, metavar="ID", help="Deployment id; may be repeated.")
@click.option("--origin", multiple=True, metavar="URL", help="Whose pages show the tool, if not the issuer's.")
@click.option("--audience", default="", help="Audience for access tokens, if it isn't the token URL.")
@click.option("--name", default="", help="Name for the page of platforms.")
@data_option
@database_option
def add_command(
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    deployment: tuple[str, ...],
    origin: tuple[str, ...],
    audience: str,
    name: str,
    data: Path,
    database: str,
) -> None:
    """Add a platform, or change the one with this issuer and client id."""
    with exit_on_error(), open_tool(data, database, create=True) as tool:
        from grader.gradebook.lti_platforms import PlatformEntry
        from grader.server.lti.platform_client import origin_of

        for url in (auth_url, token_url, jwks_url):
            tool.client.check_url(url)
        known = {origin_of(url) for url in (issuer, auth_url) if url.startswith(("https://", "http://"))}
        origins = tuple(sorted({*known, *(each.rstrip("/") for each in origin)}))
        entry = PlatformEntry(issuer, client_id, auth_url, token_url, jwks_url, name, audience, origins)
        platform = tool.platforms.add(entry, deployment, command_user())
        click.echo(f"platform {platform.number}: {platform.title}")


@platform_group.command("deployment")
@number_argument
@click.argument("deployment")
@data_option
@database_option
def deployment_command(number: int, deployment: str, data: Path, database: str) -> None:
    """Let the platform NUMBER launch by one more DEPLOYMENT."""
    with exit_on_error(), open_tool(data, database) as tool:
        tool.platforms.add_deployment(number, deployment, command_user())


@platform_group.command("list")
@data_option
@database_option
def list_command(data: Path, database: str) -> None:
    """List the platforms with their numbers."""
    with exit_on_error(), open_tool(data, database) as tool:
        for platform in tool.platforms.all():
            deployments = ", ".join(platform.deployments) or "none"
            click.echo(
                f"{platform.number}: {platform.title}\n   issuer {platform.entry.issuer}, client "
                f"{platform.entry.client_id}\n   deployments: {deployments}"
            )


@platform_group.command("remove")
@number_argument
@data_option
@database_option
def remove_command(number: int, data: Path, database: str) -> None:
    """Refuse launches from the platform NUMBER. Its people and their work stay."""
    with exit_on_error(), open_tool(data, database) as tool:
        tool.platforms.remove(number, command_user())


@course_group.command("list")
@data_option
@database_option
def courses_command(data: Path, database: str) -> None:
    """List the courses from which somebody has launched."""
    with exit_on_error(), open_tool(data, database) as tool:
        for context in tool.courses.contexts():
            state = "accepted" if context.accepted else "waits: grader lti course accept"
            click.echo(f"{context.number}: {context.entry.title} (platform {context.platform}), {state}")


@course_group.command("accept")
@number_argument
@data_option
@database_option
def accept_command(number: int, data: Path, database: str) -> None:
    """Let the people of the course NUMBER in. Its instructors become instructors here."""
    with exit_on_error(), open_tool(data, database) as tool:
        tool.courses.accept(number, command_user())


@course_group.command("refuse")
@number_argument
@data_option
@database_option
def refuse_command(number: int, data: Path, database: str) -> None:
    """Let the people of the course NUMBER in no longer."""
    with exit_on_error(), open_tool(data, database) as tool:
        tool.courses.accept(number, command_user(), accepted=False)


@course_group.command("roster")
@number_argument
@data_option
@database_option
def roster_command(number: int, data: Path, database: str) -> None:
    """Load the people of the course NUMBER from its platform. Nobody is deleted."""
    with exit_on_error(), open_tool(data, database) as tool:
        from grader.errors import UserError

        context = tool.courses.context(number)
        if context is None:
            raise UserError(f"there is no course {number}; `grader lti course list` shows their numbers")
        click.echo(f"{tool.load_roster(context, command_user())} people")


@command.command("rotate-key")
@data_option
@database_option
def rotate_command(data: Path, database: str) -> None:
    """Sign with a new key from now on. Platforms read the old one's public part for 30 more days."""
    with exit_on_error(), open_tool(data, database) as tool:
        click.echo(f"new key {tool.keys.rotate()}")


@command.command("outbox")
@click.option("--retry", type=click.IntRange(1, 2**53), help="Send the parked score with this number again.")
@data_option
@database_option
def outbox_command(retry: int | None, data: Path, database: str) -> None:
    """List the scores that wait or are parked, and why."""
    with exit_on_error(), open_tool(data, database) as tool:
        from grader._util.escaping import one_line
        from grader._util.wording import format_number
        from grader.errors import UserError

        if retry is not None and not tool.outbox.retry(retry, command_user()):
            raise UserError(f"there is no parked score {retry}; `grader lti outbox` shows their numbers")
        for row in tool.outbox.rows(SHOWN_ROWS):
            score = "for review" if row.score is None else f"{format_number(row.score)} of {row.max_score:g}"
            why = one_line(row.problem) or "not tried yet"
            click.echo(f"{row.number}: {row.state}, {row.student}, {row.assignment}, {score}, {row.tries} tries: {why}")
        counts = tool.outbox.counts()
        numbers = (f"{counts.get(state, 0)} {state}" for state in ("sent", "waiting", "parked"))
        click.echo(", ".join(numbers))


@contextmanager
def open_tool(data: Path, database: str, *, create: bool = False) -> Iterator[LtiTool]:
    """Open what a data folder holds of LTI. Raises UserError.

    :param create: whether the folder may be a new one
    """
    extras.require("server", "grader lti")
    from grader.gradebook.data_folder import DataFolder
    from grader.gradebook.roster import Roster
    from grader.gradebook.store import Gradebook
    from grader.server.lti.tool import LtiTool

    folder = DataFolder.open(data) if create else DataFolder.open_existing(data)
    with Gradebook.open(database or folder.gradebook) as book:
        tool = LtiTool(book, Roster(book, folder.links_key()), folder, {}, portal_url(data) or DEFAULT_URL)
        try:
            yield tool
        finally:
            tool.close()
