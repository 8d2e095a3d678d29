"""Answers written from an assignment's text alone: they are read, graded, and told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignments.loader import load
from grader.models import Assignment
from tests.factories import SETTINGS
from tests.helpers import answer_sets

ENTRIES = """# A few answers.

# --- wrong: squares
# why: right for 0 and 2
def double(x):
    return x * x

# --- wrong: adds
# why: plus 2
import math

TWO = 2
def double(x):
    return x + TWO

# --- right: sums
# why: a sum of two
def double(x):
    return sum([x, x])
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    folder = tmp_path / "written"
    folder.mkdir()
    (folder / "double.py").write_text(ENTRIES)
    return folder


def test_entries_are_read(written: Path) -> None:
    """Each with its name, what it is, why, and its code alone."""
    entries = answer_sets.read(written, ["double", "quadruple"])
    assert [(e.name, e.right, e.why) for e in entries] == [
        ("double/squares", False, "right for 0 and 2"),
        ("double/adds", False, "plus 2"),
        ("double/sums", True, "a sum of two"),
    ]
    assert "TWO" in entries[1].code and "TWO" not in entries[2].code


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def double(x): return x\n", "stands before the first entry"),
        ("# nothing\n", "holds no entry"),
        ("# --- wrong: one\ndef double(x): return x\n", "doesn't say why"),
        ("# --- wrong: one\n# why: x\n# --- rihgt: two\n# why: x\n", "looks like the beginning"),
        (f"{ENTRIES}\n# --- wrong: adds\n# why: again\n", "twice the same name"),
    ],
)
def test_no_entry_gets_lost(written: Path, text: str, why: str) -> None:
    """What can't be read is an error."""
    (written / "double.py").write_text(text)
    with pytest.raises(AssertionError, match=why):
        answer_sets.read(written, ["double"])


def test_entries_are_graded_in_the_place_of_the_solution(tiny: Assignment, written: Path) -> None:
    """A wrong one that has full marks, a right one that loses points, and a loss elsewhere are told."""
    results = answer_sets.graded(tiny, answer_sets.read(written, ["double"]), jobs=1)
    assert [(r.own.score, r.full, r.elsewhere) for r in results] == [(1, False, []), (0, False, []), (3, True, [])]
    assert "zero (failed)" in answer_sets.line(results[1])
    assert next(iter(answer_sets.summary(results))).endswith("0 of 2 wrong answers have full marks (0.0%): none")


def test_what_slips_through_is_told(tiny_folder: Path, written: Path) -> None:
    """Cases that look at nothing but 0 and 2 let the square pass, and what doesn't fit is told."""
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("rng.normal(size=3)", "2"))
    settings = tiny_folder / "assignment.toml"
    settings.write_text(SETTINGS.replace('uses = ["double"]\n', ""))
    results = answer_sets.graded(load(tiny_folder), answer_sets.read(written, ["double"]), jobs=1)
    assert [r.full for r in results] == [True, False, True]
    assert results[0].elsewhere == ["quadruple"]
    told = list(answer_sets.summary(results))
    assert "1 of 2 wrong answers have full marks (50.0%): double/squares" in told[0]
    assert "double/squares" in told[2]
    assert "<-- full marks\n    why: right for 0 and 2\n" in answer_sets.line(results[0])
