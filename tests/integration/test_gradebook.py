"""A gradebook whose writer is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

from grader.gradebook.store import Gradebook
from tests.factories import BASIS, scored_report


def _grade_and_die(path: Path) -> None:
    book = Gradebook.open(path)
    run = book.new_run(BASIS, 1)
    for score in range(5):
        book.add(run, scored_report(score=float(score)), "k")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_loses_nothing_that_was_added(tmp_path: Path) -> None:
    """After SIGKILL every result of the run is there, and the gradebook opens without repair."""
    path = tmp_path / "gradebook.sqlite"
    process = multiprocessing.get_context("spawn").Process(target=_grade_and_die, args=(path,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with Gradebook.open(path) as book:
        assert [one.score for one in book.history("ada")] == [0, 1, 2, 3, 4]
