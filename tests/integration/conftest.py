"""What takes long to make, and is made once for all integration tests."""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from tests.factories import ROOT


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The output of `make grade`, and where the results are. All processes of pytest-xdist share one run."""
    room = tmp_path_factory.getbasetemp()
    room = room.parent if "PYTEST_XDIST_WORKER" in os.environ else room
    out, printed = room / "make_grade", room / "make_grade.txt"
    with (room / "make_grade.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            command = ["make", "--no-print-directory", "grade", f"OUT={out}"]
            environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
            assert done.returncode == 0, done.stdout + done.stderr
            printed.write_text(done.stdout.replace(str(out), "out"))
    return printed.read_text(), out
