"""grader new my_assignment"""

from __future__ import annotations

from pathlib import Path

import click

from grader._util.atomic_files import display_path
from grader.authoring.scaffold import new, next_commands
from grader.cli.options import PATH, exit_on_error


@click.command("new")
@click.argument("name")
@click.option("--out", type=PATH, default=Path("solutions"), show_default=True, help="The folder below which it goes.")
def command(name: str, out: Path) -> None:
    """Make a small assignment that works, in solutions/NAME, for you to change. Nothing is overwritten.

    It has one exercise, its hidden cases, known wrong answers with their hints, and a right one.
    """
    with exit_on_error():
        written = new(name, out)
    for path in written:
        click.echo(display_path(path))
    home = next(path.parent for path in written if path.name == "assignment.toml")
    click.echo("\nNext:\n")
    for line in next_commands(home):
        click.echo(f"    {line}")
