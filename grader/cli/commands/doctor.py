"""grader doctor"""

from __future__ import annotations

import sys

import click

from grader.cli.options import WRONG_COMMAND, json_option, print_json
from grader.sandbox.host.diagnostics import check_levels, doctor_lines, level_as_dict


@click.command("doctor")
@json_option
def command(as_json: bool) -> None:
    """Tell which protections this machine gives, and how to get those that it doesn't.

    Ends with 0 when the full sandbox is possible, with 2 when it isn't.
    """
    found = list(check_levels())
    if as_json:
        print_json([level_as_dict(level) for level in found])
    else:
        click.echo("\n".join(doctor_lines(found)))
    if not found[0].possible:
        sys.exit(WRONG_COMMAND)
