"""The Tab key in real shells: what it puts on the command line is a word, whatever the names of students are."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.cli.commands.completion import quote_for_bash
from grader.gradebook.store import Gradebook
from tests.factories import BASIS, ROOT, scored_report

# As an earlier version let them be called. Each would make the file `owned`, were it run.
NAMES = [
    "mallory$(touch owned)",
    "bob;touch owned",
    "cy`touch owned`",
    "dan&touch owned",
    "gus|touch owned",
    "hal>owned",
    "ida\\$(touch owned)",
    "jo'$(touch owned)'",
    'kim"$(touch owned)"',
    "leo{a,b} *",
]
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source script"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -u; source script"),
    "fish": (["fish", "--no-config"], "source script"),
}
PROGRAM = """#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word"; done > given.$$
mv given.$$ given
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with a gradebook, files of the same names, and a `grader` that writes down what it is called with."""
    with Gradebook.open(tmp_path / "out" / "gradebook.sqlite") as book:
        run = book.new_run(BASIS, len(NAMES))
        for name in NAMES:
            book.add(run, scored_report(name), name)
            (tmp_path / name).touch()
        book.finish_run(run)
    program = tmp_path / "bin" / "grader"
    program.parent.mkdir()
    complete = f'[ -n "$_GRADER_COMPLETE" ] && exec {sys.executable} -m grader\n'
    first, rest = PROGRAM.split("\n", 1)
    program.write_text(f"{first}\n{complete}{rest}")
    program.chmod(0o755)
    return tmp_path


def typed(room: Path, shell: str, words: str, done: Sequence[str] = ("given", "owned")) -> list[str]:
    """What `grader` was called with after these words, Tab and Enter, in a terminal with this shell."""
    command, first = SHELLS[shell]
    script = os.popen(f"cd {ROOT} && {sys.executable} -m grader completion {shell}").read()
    (room / "script").write_text(script)
    environment = {**os.environ, "PATH": f"{room / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    environment |= {"HOME": str(room), "TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(room)
        os.execvpe(command[0], command, environment)
    try:
        echoed(terminal, f'{first}; echo REA"D"Y\n', "READY")
        echoed(terminal, f"grader {words}\t", "", quiet=2.0)
        os.write(terminal, b"\n")
        end = time.monotonic() + 60
        while not any((room / name).exists() for name in done) and time.monotonic() < end:
            echoed(terminal, "", "", quiet=0.2)
        echoed(terminal, "", "", quiet=0.5)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)
    return (room / "given").read_text().splitlines()


def echoed(terminal: int, keys: str, wanted: str, quiet: float = 60.0) -> None:
    """Type, and read what the shell prints, until that holds what is wanted, or it was quiet for some seconds."""
    os.write(terminal, keys.encode())
    printed = ""
    while select.select([terminal], [], [], quiet)[0]:
        printed += os.read(terminal, 65536).decode(errors="replace")
        if "\x1b[c" in printed or "\x1b[0c" in printed:  # fish asks what kind of terminal this is
            os.write(terminal, b"\x1b[?62;c")
            printed = printed.replace("\x1b[c", "").replace("\x1b[0c", "")
        if wanted and wanted in printed:
            return


@pytest.mark.parametrize("name", NAMES)
def test_bash_gets_a_word(room: Path, name: str) -> None:
    """A student's name is one word, which `grader` gets as it is; nothing of it is run."""
    assert typed(room, "bash", f"show out {name[:2]}") == ["show", "out", name]
    assert not (room / "owned").exists()


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shutil.which(shell)])
@pytest.mark.parametrize("words", ["show out ma", "grade ma"])
def test_every_shell_gets_a_word(room: Path, shell: str, words: str) -> None:
    """Students and files alike, in those of the shells that are here."""
    assert typed(room, shell, words) == [*words.split()[:-1], NAMES[0]]
    assert not (room / "owned").exists()


def test_a_word_for_bash_is_quoted() -> None:
    """Letters of any script and harmless signs stay, so that the beginning of a name is completed."""
    assert quote_for_bash("Łukasz_数-1.5") == "Łukasz_数-1.5"
    assert quote_for_bash("a $(b)`c`;'\"!*~\\") == "a\\ \\$\\(b\\)\\`c\\`\\;\\'\\\"\\!\\*\\~\\\\"
