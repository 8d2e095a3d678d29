"""The command `grader completion`: print a shell's completion script."""

from __future__ import annotations

import re
from typing import Any

import click
from click.shell_completion import BashComplete, CompletionItem, get_completion_class

PROGRAM = "grader"
SETUP = {
    "bash": 'eval "$(grader completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(grader completion zsh)" in ~/.zshrc',
    "fish": "grader completion fish > ~/.config/fish/completions/grader.fish",
}

# Like click's own script, but with quotation marks: bash neither splits an answer into words nor expands it to files.
BASH_SCRIPT = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=',' read -r type value; do
        case "$type" in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(
        IFS=$'\\n'
        env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" %(complete_var)s=bash_complete "$1"
    )
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """Completion for bash, which inserts a word without quoting it, unlike zsh and fish.

    A gradebook of an earlier version may hold names of students with `$(...)` in them.
    """

    source_template = BASH_SCRIPT

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return a line for the script: the type and the quoted word."""
        return f"{item.type},{quote_for_bash(item.value)}"


def quote_for_bash(word: str) -> str:
    """Return a word with a backslash before every character that may have a meaning in bash."""
    return re.sub(r"([^\w.,:/@%+=-])", r"\\\1", word)


@click.command("completion", epilog="\b\n" + "\n".join(f"{shell}: {how}" for shell, how in SETUP.items()))
@click.argument("shell", type=click.Choice(list(SETUP)))
def command(shell: str) -> None:
    """Print the script that lets the Tab key complete commands, options, students and runs in a shell."""
    cli = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    assert kind is not None  # click has all three
    click.echo(kind(cli, {}, PROGRAM, f"_{PROGRAM.upper()}_COMPLETE").source())
