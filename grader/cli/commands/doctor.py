"""grader doctor"""

from __future__ import annotations

import sys

import click

from grader.cli.options import WRONG_COMMAND, json_option, print_json
from grader.sandbox.host.diagnostics import described, examined, levels


@click.command("doctor")
@json_option
def command(as_json: bool) -> None:
    """Tell which protections this machine gives, and how to get those that it doesn't.

    Ends with 0 when the full sandbox is possible, with 2 when it isn't.
    """
    found = list(levels())
    if as_json:
        print_json([described(level) for level in found])
    else:
        click.echo("\n".join(examined(found)))
    if not found[0].possible:
        sys.exit(WRONG_COMMAND)
