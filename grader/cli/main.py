"""`grader`: which commands there are. Each stands in grader/cli/commands/, and is imported when it is asked for.

grader grade submissions/ --assignment solutions/digits --out out
"""

from __future__ import annotations

import importlib

import click

from grader import __version__
from grader.cli.commands import completion  # noqa: F401 - what it does for bash must be known before a shell asks
from grader.cli.log_options import log_options

COMMANDS = (
    "grade",
    "watch",
    "show",
    "runs",
    "diff",
    "similar",
    "export",
    "new",
    "import",
    "validate",
    "release",
    "doctor",
    "completion",
)

MODULE_NAMES = {"import": "import_"}  # no module can be named by a word of Python's own


class Commands(click.Group):
    """Grading imports nothing that only another command needs."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"grader.cli.commands.{MODULE_NAMES.get(name, name)}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
@log_options
def cli() -> None:
    """Grades notebooks and modules: student code in a sandbox, hidden pytest cases outside of it."""
