"""The command `grader new`: create a small assignment."""

from __future__ import annotations

from pathlib import Path

import click

from grader._util.atomic_files import display_path
from grader.authoring.scaffold import create_assignment, next_commands
from grader.cli.options import PATH, exit_on_error


@click.command("new")
@click.argument("name")
@click.option("--out", type=PATH, default=Path("solutions"), show_default=True, help="Parent folder.")
def command(name: str, out: Path) -> None:
    """Create a small working assignment in solutions/NAME, for you to change. No file is overwritten.

    It has one exercise with hidden cases, known wrong answers with hints, and an alternative right answer.
    """
    with exit_on_error():
        written = create_assignment(name, out)
    for path in written:
        click.echo(display_path(path))
    home = next(path.parent for path in written if path.name == "assignment.toml")
    click.echo("\nNext:\n")
    for line in next_commands(home):
        click.echo(f"    {line}")
