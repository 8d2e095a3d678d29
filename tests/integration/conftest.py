"""What takes long to make, and is made once for all integration tests."""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from tests.factories import ROOT


@pytest.fixture(scope="session")
def graded(shared_folder: Path) -> tuple[str, Path]:
    """The output of `make grade`, and where the results are. All processes of pytest-xdist share one run."""
    out, printed = shared_folder / "make_grade", shared_folder / "make_grade.txt"
    with (shared_folder / "make_grade.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            command = ["make", "--no-print-directory", "grade", f"OUT={out}"]
            environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
            # One core has one grading process: TensorFlow is imported once, and known mistakes are asked once.
            core = {max(os.sched_getaffinity(0))}
            done = subprocess.run(
                command,
                cwd=ROOT,
                capture_output=True,
                text=True,
                env=environment,
                preexec_fn=lambda: os.sched_setaffinity(0, core),
            )
            assert done.returncode == 0, done.stdout + done.stderr
            printed.write_text(done.stdout.replace(str(out), "out"))
    return printed.read_text(), out
