"""A template of grading processes that can't fork while the file in NO_FORK is there."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from unittest import mock

from grader.execution import template_process

FILE = "NO_FORK"


def main(descriptor: int, parent: int) -> None:
    """Run the program of the template."""
    fork, file = os.fork, Path(os.environ[FILE])

    def fork_if_possible() -> int:
        if file.exists():
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return fork()

    with mock.patch("os.fork", fork_if_possible):
        template_process.main(descriptor, parent)
