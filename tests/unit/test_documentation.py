"""The documents for developers name files and functions that exist, and the figure shows the packages as they are."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "developers.md"
ROWS = PAGE.read_text().partition("| to change | go to |\n|---|---|\n")[2].partition("\n\n")[0].splitlines()
NAMED = re.compile(r"\[[\w. /]+\]\((\.\./grader/[^)]+)\)(?:: ((?:`[\w.]+`(?:, )?)+))?")


def test_twenty_changes_and_more_have_a_place() -> None:
    """The table answers the questions that a new developer has."""
    assert len(ROWS) >= 20


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_what_a_change_needs_exists(row: str) -> None:
    """Each row of the table names a file, and what it names in it is there."""
    found = NAMED.findall(row)
    assert found
    for path, names in found:
        text = (PAGE.parent / path).read_text()
        for name in re.findall(r"`([\w.]+)`", names):
            assert re.search(rf"\b{name.rpartition('.')[2]}\b", text), f"{name} isn't in {path}"


def test_the_figure_shows_the_layers() -> None:
    """It is drawn again when the import contract or a package's docstring changes: python docs/pipeline.py."""
    made = runpy.run_path(str(ROOT / "docs" / "pipeline.py"))
    assert made["FIGURE"].read_text() == made["figure"]()
