"""The commands of docs/delivery.md make what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from grader.delivery.bundle import PLATFORM_BUNDLES
from tests.factories import ROOT
from tests.helpers.terminal import grader_in

COMMANDS = re.findall(r"^    grader (bundle .+)$", (ROOT / "docs" / "delivery.md").read_text(), re.MULTILINE)


def test_every_platform_has_its_command() -> None:
    assert {shlex.split(command)[3] for command in COMMANDS} == set(PLATFORM_BUNDLES)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_makes_its_bundle(command: str, tmp_path: Path) -> None:
    """Of the real assignment; each bundle is small enough to upload anywhere."""
    words = shlex.split(command)
    words[-1] = str(tmp_path / words[-1])
    done = grader_in(ROOT, *words)
    assert done.returncode == 0, done.stderr
    made = [Path(line) for line in done.stdout.splitlines()]
    assert (tmp_path / shlex.split(command)[-1] / "README.md") in made
    assert 0 < sum(path.stat().st_size for path in made) < 5_000_000
