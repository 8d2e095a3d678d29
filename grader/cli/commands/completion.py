"""grader completion bash"""

from __future__ import annotations

import re
from typing import Any

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, get_completion_class

PROGRAM = "grader"
SETUP = {
    "bash": 'eval "$(grader completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(grader completion zsh)" in ~/.zshrc',
    "fish": "grader completion fish > ~/.config/fish/completions/grader.fish",
}

# As click's own, but for the quotation marks: nothing that comes back is split into words or matched with files.
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


@add_completion_class
class Bash(BashComplete):
    """Completion for bash, which puts a word on the command line just as it gets it.

    zsh and fish quote what they insert; here it has to be done before. A gradebook may hold names of students that
    an earlier version made, with `$(...)` in them.
    """

    source_template = BASH_SCRIPT

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return f"{item.type},{quote_for_bash(item.value)}"


def quote_for_bash(word: str) -> str:
    """Return a word for bash in which every sign stands for itself: what isn't surely harmless gets a backslash."""
    return re.sub(r"([^\w.,:/@%+=-])", r"\\\1", word)


@click.command("completion", epilog="\b\n" + "\n".join(f"{shell}: {how}" for shell, how in SETUP.items()))
@click.argument("shell", type=click.Choice(list(SETUP)))
def command(shell: str) -> None:
    """Print what makes the Tab key complete commands, options, students and runs in a shell."""
    cli = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    assert kind is not None  # click has all three
    click.echo(kind(cli, {}, PROGRAM, f"_{PROGRAM.upper()}_COMPLETE").source())
