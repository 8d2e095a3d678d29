"""The command `grader verify`: check a receipt."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader._util import extras
from grader._util.escaping import one_line
from grader.cli.options import PATH, exit_on_error

EXIT_INVALID = 1


@click.command("verify")
@click.argument("receipt", type=PATH)
@click.argument("file", type=PATH)
@click.option("--key", metavar="KEY", help="Public key of the course's server. The receipt must be signed with it.")
def command(receipt: Path, file: Path, key: str | None) -> None:
    """Check that RECEIPT is signed and is for FILE. Needs neither network nor database.

    The receipt holds the public key that it is signed with. Anybody can sign a receipt with a key of their own: compare
    the key, or give the course's with --key. Exits with 1 if the receipt is not valid.
    """
    with exit_on_error():
        if "cryptography" in extras.missing("server"):
            extras.require("server", "grader verify")
        from grader.server.receipts import InvalidReceipt, verify

        try:
            signed = verify(receipt, file, key)
        except InvalidReceipt as problem:
            click.echo(f"not valid: {one_line(str(problem))}")
            sys.exit(EXIT_INVALID)
        held = signed.receipt
        click.echo(f"valid: {one_line(held.student)} handed in this file for {one_line(held.assignment)}")
        click.echo(f"received {one_line(held.received_at)}, submission {one_line(held.id)}")
        click.echo(f"signed with the key {signed.key}" + ("" if key else ", which was not compared with any (--key)"))
