"""The zoo once more, as an ordinary user, and with every cell run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import ROOT
from tests.helpers.processes import ORDINARY


@pytest.mark.long
@pytest.mark.timeout(3600)  # it takes minutes alone, and on a busy machine many
def test_the_zoo_gets_its_verdicts_from_an_ordinary_user_too() -> None:
    """Root runs the zoo again as a user without any privilege. On the way every cell is run (--whole-notebook): what
    the graded names don't need changes no verdict."""
    ordinary = ORDINARY if os.getuid() == 0 else []
    if not ordinary:
        assert "CapEff:\t0000000000000000" in Path("/proc/self/status").read_text()
    tests = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/adversarial/test_corpus.py",
        "-k",
        "every_sample",
    ]
    environment = {**os.environ, "ZOO_WHOLE": "yes"}
    done = subprocess.run([*ordinary, *tests], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
