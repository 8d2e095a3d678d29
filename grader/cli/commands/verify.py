"""The command `grader verify`: check a receipt."""

from __future__ import annotations

from pathlib import Path

import click

from grader._util import extras
from grader._util.escaping import one_line
from grader.cli.options import PATH, exit_on_error
from grader.errors import UserError


@click.command("verify")
@click.argument("receipt", type=PATH)
@click.argument("file", type=PATH)
@click.option(
    "--data",
    type=PATH,
    help="Data folder of the server that must have signed the receipt. Without it, compare the key.",
)
def command(receipt: Path, file: Path, data: Path | None) -> None:
    """Check that RECEIPT was signed and is for FILE. Needs neither network nor database.

    The receipt holds the public key that it was signed with. With --data, it must be the key of that server.
    """
    with exit_on_error():
        extras.require("server", "grader verify")
        from grader.gradebook.data_folder import RECEIPTS_KEY
        from grader.server.receipts import Signer, verify

        signed = verify(receipt, file)
        if data is not None:
            try:
                key = Signer((data / "keys" / RECEIPTS_KEY).read_bytes()).public_key
            except OSError as problem:
                raise UserError(f"{problem.filename} can't be read: {problem.strerror}") from None
            if key != signed.key:
                raise UserError("the receipt was signed with another key than the server's in --data")
        held = signed.receipt
        click.echo(f"valid: {one_line(held.student)} handed in {one_line(file.name)} for {one_line(held.assignment)}")
        click.echo(f"received {one_line(held.received_at)}, submission {one_line(held.id)}")
        click.echo(f"signed with {'the key of this server' if data else 'the key ' + one_line(signed.key)}")
