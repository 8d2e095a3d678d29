"""Fragments of the changelog: `make changelog` shows them, and one with a wrong name is an error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def draft(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run what `make changelog` and `make lint` run."""
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next", "--dir", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_fragments_of_the_repository_are_well_named() -> None:
    """Each is shown in the draft."""
    done = draft(ROOT)
    assert done.returncode == 0, done.stderr
    for path in (ROOT / "changelog.d").glob("*.md"):
        if path.name != "README.md":
            assert path.read_text().split("\n")[0] in done.stdout, path.name


@pytest.mark.parametrize("name", ["+faster.speed.md", "faster.md", "faster.txt"])
def test_a_wrong_name_is_an_error(name: str, tmp_path: Path) -> None:
    """A type that doesn't exist, or none, is named; with a right name it is a line below its heading."""
    (tmp_path / "changelog.d").mkdir()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n")
    path = tmp_path / "changelog.d" / name
    path.write_text("It is faster.")
    done = draft(tmp_path)
    assert done.returncode != 0
    assert name in done.stderr
    path.rename(path.with_name("+faster.students.md"))
    assert "### For students\n\n- It is faster.\n" in draft(tmp_path).stdout
