"""A template whose forks, or the processes that these start, find no room while the file in NO_FORK names them."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from grader.execution import template_process

FILE = "NO_FORK"
FORKS, HELPERS = "forks", "helpers"  # what the file names


def main(descriptor: int, parent: int) -> None:
    """Run the program of the template."""
    file = Path(os.environ[FILE])

    def if_possible(kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if file.exists() and file.read_text() == kind:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            return function(*arguments, **options)

        return call

    fork = if_possible(FORKS, os.fork)
    start = if_possible(HELPERS, subprocess.Popen.__init__)
    with mock.patch("os.fork", fork), mock.patch.object(subprocess.Popen, "__init__", start):
        template_process.main(descriptor, parent)
