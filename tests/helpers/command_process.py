"""A process in which commands run one after another: a process for each would import the grader for each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]  # not from tests.factories, whose imports would be this process's too
PLAIN = {"COLUMNS": "100", "NO_COLOR": "1"}


class CommandProcess:
    """The process. Its program ends with `run_each`. Use it as a context manager."""

    def __init__(self, program: Sequence[str]) -> None:
        pipe, environment = subprocess.PIPE, {**os.environ, **PLAIN}
        self._process = subprocess.Popen(program, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, env=environment)

    def grader(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Return the result of a command. What the command doesn't handle ends the process."""
        words = list(map(str, arguments))
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{json.dumps(words)}\n")
        self._process.stdin.flush()
        code, output, errors = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(words, code, output, errors)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate(timeout=120)
        assert self._process.returncode == 0


def run_each() -> None:
    """Run the commands of the standard input in this process.

    Each line of the input is a command as a list in JSON, and each line of the output its exit code, output and errors.
    """
    from tests.helpers.terminal import grader_in

    for line in sys.stdin:
        done = grader_in(Path.cwd(), *json.loads(line))
        print(json.dumps([done.returncode, done.stdout, done.stderr]), flush=True)
