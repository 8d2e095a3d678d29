"""The command `grader import`: make an assignment from a notebook of another tool."""

from __future__ import annotations

from pathlib import Path

import click

from grader._util.atomic_files import display_path
from grader._util.wording import format_points, join_with_and
from grader.authoring.importers.import_assignment import TOOLS, import_assignment
from grader.authoring.scaffold import next_commands
from grader.cli.options import PATH, exit_on_error, sandbox_option, suggest_weaker_sandbox
from grader.sandbox.host.levels import SANDBOXES


@click.command("import")
@click.argument("notebook", type=PATH)
@click.option(
    "--from", "tool", type=click.Choice(list(TOOLS)), required=True, help="Tool that the notebook was made for."
)
@click.option("--out", type=PATH, required=True, help="New folder of the assignment, such as solutions/lab.")
@sandbox_option
def command(notebook: Path, tool: str, out: Path, sandbox: str) -> None:
    """Make an assignment from a source notebook of nbgrader or a master notebook of otter assign.

    Tests become hidden cases, which are checked with the solution and the stubs. Cells that can't be imported are
    printed with the reason, and listed in the folder's IMPORTED.md. No file is overwritten.
    """
    with exit_on_error(), suggest_weaker_sandbox(sandbox):
        SANDBOXES[sandbox]().check()  # before anything is written
        files = import_assignment(tool, notebook, out.resolve(), sandbox)
    worth = format_points(sum(case.test.points for case in files.cases))
    questions = join_with_and(list(dict.fromkeys(f"`{case.question}`" for case in files.cases)))
    click.echo(f"{display_path(out.resolve())}: cases for {questions}, worth {worth} in all")
    if files.skipped:
        click.echo("\nNot imported, or changed (see IMPORTED.md):\n")
    for each in sorted(files.skipped, key=lambda each: each.cell):
        place = f"cell {each.cell}, " if each.cell else ""
        click.echo(f"    {place}{each.what}: {each.why}")
    click.echo("\nNext:\n")
    for line in next_commands(out.resolve()):
        click.echo(f"    {line}")
