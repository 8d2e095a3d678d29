"""Grades submissions as they arrive in a folder, until it is stopped. The gradebook has one run for all this time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from rich.console import Console

from grader.arrivals import Arrivals
from grader.contents import Contents
from grader.errors import Stopped
from grader.grade import Grading, Options, chosen, stop
from grader.identity import Basis
from grader.intake import IntakeError
from grader.model import Assignment, ScoreReport, Submission
from grader.pages.making import Pages
from grader.signals import stopping
from grader.write import REPORTS, Output, OutputUnfit

EACH = 0.5  # seconds between two looks at the folder
SHARE = 10  # a look takes at most this part of the time
WRITE = 60.0  # seconds after which the files of the class are written, though there is more to grade


def watch(
    assignment: Assignment,
    folder: Path,
    out: Path,
    options: Options,
    console: Console,
    tell: Callable[[ScoreReport], None],
) -> None:
    """Grades what arrives in `folder`, and what changes there, into `out`. A signal ends it.

    `tell` takes every report when it is written.

    Raises Stopped when something was left undone: the next watch does it.
    """
    if not folder.is_dir():
        raise IntakeError(f"{folder}: there is no such folder")
    if out.resolve().is_relative_to(folder.resolve()):
        raise OutputUnfit(f"{out} lies in {folder}, where it would be taken for a submission; choose another --out")
    basis = Basis.of(assignment, options.sandbox, options.whole)
    with Contents() as contents, Pages(out / REPORTS, contents) as pages, Output.open(out, basis, (), pages) as output:
        watcher = Watcher(Arrivals(folder, assignment, contents), output, console)
        batch = watcher.batch = chosen(assignment, (), contents, options, console, watcher.more)
        with stopping(lambda: stop(batch, pages)) as caught:
            watcher.say(f"watching {folder} for submissions; Ctrl-C ends it")
            with closing(iter(batch)) as reports:
                for report in reports:
                    watcher.add(report)
                    tell(report)
            output.finish(batch.log + output.problems, complete=not watcher.flying)
        words = f"{len(output)} submissions are graded and written to {out}"
        if watcher.flying:
            raise Stopped(f"stopped; {len(watcher.flying)} more were begun; {words}", caught.exit_code)
        watcher.say(f"stopped; {words}")


class Watcher:
    """Between the folder and the gradebook: what is to be graded, and what is being graded."""

    def __init__(self, arrivals: Arrivals, output: Output, console: Console) -> None:
        self.batch: Grading
        self.flying: set[str] = set()  # students whose submissions are being graded
        self._arrivals = arrivals
        self._output = output
        self._console = console
        self._known: dict[str, Submission] = {}  # student -> what was last offered
        self._next = 0.0  # when to look again
        self._written = time.monotonic()
        self._dirty = False  # the files of the class aren't up to date

    def more(self) -> Iterator[Submission]:
        """What has to be graded now. A later version waits until the earlier one is done."""
        now = time.monotonic()
        if now < self._next:
            return
        complete = self._arrivals.look()
        self._next = now + max(EACH, SHARE * (time.monotonic() - now))
        for submission in complete:
            if submission.student not in self.flying and self._known.get(submission.student) != submission:
                self._known[submission.student] = submission
                self._dirty = True
                if not self._output.offer(submission):
                    self.flying.add(submission.student)
                    yield submission
        if self._dirty and (not self.flying or now > self._written + WRITE):
            self._output.finish(self.batch.log + self._output.problems, complete=False)
            self._written, self._dirty = now, False

    def add(self, report: ScoreReport) -> None:
        self._output.add(report, printed=self.batch.printed.pop(report.student, ""))
        self.flying.discard(report.student)
        self._dirty = True

    def say(self, what: str) -> None:
        self._console.print(what, markup=False, highlight=False, soft_wrap=True)
