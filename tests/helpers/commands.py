"""`grader grade` as a command that tests may stop, and what it prints."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from grader.gradebook.store import Gradebook
from tests.helpers.terminal import grader_in

PLAIN = {"COLUMNS": "100", "NO_COLOR": "1"}
ENVIRONMENT = {**os.environ, **PLAIN}
LINE = re.compile(r"\d+/\d+ ")  # of the progress: one for each submission


class Command:
    """`grader grade` on one class and assignment, from one folder."""

    def __init__(self, handed_in: Path, assignment: Path) -> None:
        self.folder = handed_in.parent
        self._arguments = ["grade", str(handed_in), "--assignment", str(assignment)]

    def start(self, *options: str, out: str = "out", limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        """The running command, in a process group of its own, and open to Ctrl-C also where we were started without."""

        def prepare() -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            if limit:
                limit()

        return subprocess.Popen(
            [sys.executable, "-m", "grader", *self._arguments, "--out", out, *options],
            cwd=self.folder,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=prepare,
        )

    def __call__(self, *options: str, out: str = "out") -> str:
        """Return what it prints when it goes well. It runs in this process, and with one job unless told otherwise."""
        jobs = () if {"--jobs", "--cluster"} & set(options) else ("--jobs", "1")
        done = grader_in(self.folder, *self._arguments, "--out", out, *jobs, *options, **PLAIN)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def book(self, out: str = "out") -> Gradebook:
        return Gradebook.open_existing(self.folder / out / "gradebook.sqlite")


def graded(printed: str) -> list[str]:
    """The students that were graded, and not taken over, in this run."""
    return sorted(re.findall(r"^\d+/\d+ (\S+):", printed, re.MULTILINE))


def wait_for_lines(process: subprocess.Popen[str], count: int) -> None:
    """Returns when the run has printed that many lines of progress."""
    assert process.stdout
    while count and (line := process.stdout.readline()):
        count -= bool(LINE.match(line))
