"""grader doctor"""

from __future__ import annotations

import sys

import click

from grader.commands.common import WRONG_COMMAND
from grader.doctor import examined, levels


@click.command("doctor")
def command() -> None:
    """Tell which protections this machine gives, and how to get those that it doesn't.

    Ends with 0 when the full sandbox is possible, with 2 when it isn't.
    """
    found = list(levels())
    click.echo("\n".join(examined(found)))
    if not found[0].possible:
        sys.exit(WRONG_COMMAND)
