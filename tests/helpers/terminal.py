"""What the command and its tables print."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from click.testing import CliRunner, Result
from rich.console import Console

from grader.cli.main import cli

T = TypeVar("T")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38;[\d;]+)m")


def grader(*arguments: object, **environment: str) -> Result:
    """Return the result of the command, run in this process."""
    return CliRunner(env=environment).invoke(cli, list(map(str, arguments)))


def grader_in(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return the result of the command, run in this process with `folder` as the current one.

    A process of its own takes a second more, for imports. What the command doesn't handle is raised.
    """
    words = list(map(str, arguments))
    with contextlib.chdir(folder):
        done = CliRunner(env=environment).invoke(cli, words, prog_name="grader", catch_exceptions=False)
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def printed(show: Callable[[T, Console], object], what: T, width: int, **options: Any) -> str:
    """Return what `show(what, console)` prints on a console of that width."""
    screen = io.StringIO()
    show(what, Console(file=screen, width=width, **options))
    return screen.getvalue()
