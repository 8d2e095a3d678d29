"""How far a batch is, on a terminal and elsewhere."""

from __future__ import annotations

import io

import msgspec
from rich.console import Console

from grader.cli.progress import ProgressBar
from grader.gradebook.counts import RunCounts
from tests.factories import REJECTED, SHAPE, VALUE, compared_report

ADA = compared_report("ada", SHAPE, VALUE, seconds=0.4)
EVE = compared_report("e\x1b[2Jve", SHAPE, seconds=4.26)
BOB = msgspec.structs.replace(compared_report("bob"), **REJECTED)


def watched(console: Console, reused: int = 0) -> str:
    """All that is shown while three of five submissions are graded."""
    tally = RunCounts()
    for _ in range(reused):
        tally.add(ADA, reused=True)
    with ProgressBar(tally, 5, console) as progress:
        for one in (ADA, EVE, BOB):
            tally.add(one)
            progress.advance(one)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_elsewhere_each_submission_is_a_line() -> None:
    """The number, the student, the score; nothing that a student named moves the cursor."""
    shown = watched(Console(file=io.StringIO(), width=20))
    assert shown.splitlines() == ["1/5 ada: 5 / 5", r"2/5 e\x1b[2Jve: 3 / 5", "3/5 bob: rejected"]


def test_what_was_taken_over_is_one_line() -> None:
    """And counts as done."""
    shown = watched(Console(file=io.StringIO(), width=80), reused=2)
    assert shown.splitlines()[:2] == ["2 of 5 were graded before and are unchanged", "3/5 ada: 5 / 5"]


def test_a_terminal_shows_a_bar_a_tally_and_the_slowest() -> None:
    """How many of how many, the rate, the time left, the statuses so far; then the bar goes away."""
    shown = watched(Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None))
    assert "grading" in shown
    assert "3/5" in shown
    assert r"2 graded, 1 rejected, 0 for review, slowest 4.3 s: e\x1b[2Jve" in shown
    assert "5 / 5" not in shown  # no line a submission


def test_the_rate_is_told_by_the_minute() -> None:
    """And the time that is left."""
    shown = watched(Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None))
    assert " a minute" in shown
    assert "0:00:0" in shown
