"""The zoo once more, as an ordinary user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import ORDINARY, ROOT


def test_the_zoo_gets_its_verdicts_from_an_ordinary_user_too() -> None:
    """Root runs the zoo again as a user without any privilege; an ordinary user has just run it so."""
    if os.getuid() != 0:
        assert "CapEff:\t0000000000000000" in Path("/proc/self/status").read_text()
        return
    command = [*ORDINARY, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_zoo.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
