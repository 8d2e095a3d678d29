"""Entry point of the command `grader`. A subcommand is imported from grader/cli/commands/ when it is called."""

from __future__ import annotations

import importlib
from typing import Any, NoReturn

import click
from click.shell_completion import add_completion_class

from grader import __version__
from grader._util.fast_imports import fast_imports
from grader.cli.commands import completion
from grader.cli.log_options import log_options

add_completion_class(completion.Bash)

COMMANDS = (
    "grade",
    "watch",
    "show",
    "runs",
    "diff",
    "similar",
    "export",
    "policy",
    "adjust",
    "extend",
    "regrade",
    "publish",
    "serve",
    "worker",
    "roster",
    "lti",
    "verify",
    "backup",
    "restore",
    "new",
    "import",
    "validate",
    "release",
    "bundle",
    "doctor",
    "completion",
)

MODULE_NAMES = {"import": "import_"}  # `import` is a keyword, so no module can have this name


class Commands(click.Group):
    """Group that imports only the command that is called, so that it starts quickly."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return a command; None if there is no command of this name."""
        if name not in COMMANDS:
            return None
        with fast_imports():
            module = importlib.import_module(f"grader.cli.commands.{MODULE_NAMES.get(name, name)}")
        command: click.Command = module.command
        return command

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Parse the options before the command. Ctrl-C ends it as it does later: click itself would exit with 1."""
        try:
            return super().make_context(*arguments, **options)
        except KeyboardInterrupt:
            exit_stopped()

    def invoke(self, context: click.Context) -> Any:
        """Run a command. Ctrl-C while it is imported ends it as it does later: click itself would exit with 1."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            exit_stopped()


def exit_stopped() -> NoReturn:
    """End the command after Ctrl-C, with one sentence."""
    click.echo("grader: stopped", err=True)
    raise click.exceptions.Exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
@log_options
def cli() -> None:
    """Grade notebooks and modules: student code runs in a sandbox, hidden pytest cases run outside."""
