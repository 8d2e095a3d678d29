"""grader completion bash"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

PROGRAM = "grader"
WHERE = {
    "bash": 'eval "$(grader completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(grader completion zsh)" in ~/.zshrc',
    "fish": "grader completion fish > ~/.config/fish/completions/grader.fish",
}


@click.command("completion", epilog="\b\n" + "\n".join(f"{shell}: {how}" for shell, how in WHERE.items()))
@click.argument("shell", type=click.Choice(list(WHERE)))
def command(shell: str) -> None:
    """Print what makes the Tab key complete commands, options, students and runs in a shell."""
    cli = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    assert kind is not None  # click has all three
    click.echo(kind(cli, {}, PROGRAM, f"_{PROGRAM.upper()}_COMPLETE").source())
