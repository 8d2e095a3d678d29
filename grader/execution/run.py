"""Grade a class: what was graded before comes from the gradebook, a `Grader` grades the rest."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from grader._util.interrupts import stop_on_signal
from grader.errors import Interrupted
from grader.execution.events import Event, EventKind, Listener
from grader.execution.grader import Grader
from grader.execution.output import REPORTS, OutputFolder
from grader.gradebook.counts import RunCounts
from grader.gradebook.fingerprint import RunFingerprint
from grader.models import Assignment, ScoreReport, Submission
from grader.reports.html.page_queue import PageQueue
from grader.submissions.spool import SubmissionSpool


@dataclass(frozen=True)
class Options:
    """How to grade. What was graded with another `sandbox` or `run_all_cells` is graded again: reports may differ."""

    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    run_all_cells: bool = False
    fresh: bool = False
    pages: bool = True
    cluster: str = ""  # where to grade, when it isn't this machine: no report depends on it


class ReportSummary(msgspec.Struct, frozen=True):
    """A report in one line; the whole of it is a file in `reports`."""

    student: str
    id: str
    status: str
    score: float
    max_score: float
    needs_review: bool
    late: bool

    @classmethod
    def of(cls, report: ScoreReport) -> ReportSummary:
        shown = (report.status, report.score, report.max_score, report.needs_review, report.late)
        return cls(report.student, report.roster_id, *shown)


class RunSummary(msgspec.Struct, frozen=True):
    """What a run came to, for a program."""

    assignment: str
    run: int
    graded: int
    rejected: int
    review: int
    reused: int
    mean: float | None
    reports: str  # the folder
    students: list[ReportSummary]  # empty where a table was shown instead

    @classmethod
    def of(cls, output: OutputFolder, students: list[ReportSummary]) -> RunSummary:
        tally = output.tally
        mean = round(tally.points / tally.graded, 2) if tally.graded else None
        counts = (tally.graded, tally.rejected, tally.review, tally.reused)
        return cls(output.basis.assignment, output.run, *counts, mean, str(output.reports_folder), students)


class Progress(Protocol):
    """What shows how far a run is."""

    def advance(self, report: ScoreReport) -> None: ...

    def wait_for_pages(self) -> None: ...


class Display(Protocol):
    """What shows a run to a user."""

    def progress(self, counts: RunCounts, total: int, pages: PageQueue | None) -> AbstractContextManager[Progress]: ...

    def finished(self, output: OutputFolder, log: Sequence[str]) -> None: ...

    def tell(self, what: str) -> None: ...


def grade_class(
    assignment: Assignment,
    submissions: Sequence[Submission],
    contents: SubmissionSpool,
    out: Path,
    options: Options,
    display: Display,
    *,
    students: bool = False,
) -> RunSummary:
    """Grade the submissions, whose contents were put aside, into the folder `out`.

    The result holds a line for each of the students if that is asked for. Raises Interrupted when a signal came; the
    reports up to then are written.
    """
    basis = RunFingerprint.for_run(assignment, options.sandbox, options.run_all_cells)
    pages = PageQueue(out / REPORTS, contents) if options.pages else None
    with OutputFolder.open(out, basis, submissions, pages) as output, pages or nullcontext():
        waiting = submissions if options.fresh else output.reuse()
        if pages and waiting:
            pages.begin()
        run = ClassRun(assignment, waiting, contents, options, display)
        total = len(submissions)
        with stop_on_signal(lambda: stop(run.grader, pages)) as caught:
            with display.progress(output.tally, total, pages) as progress:
                with closing(run.reports()) as reports:
                    for report, printed in reports:
                        progress.advance(output.add(report, printed))
                progress.wait_for_pages()
            log = [*run.log, *output.problems, *(pages.log if pages else [])]
            output.finish(log, complete=output.tally.done == total)
        if words := _undone(output.tally.done, total, pages, out, options):
            raise Interrupted(words, caught.exit_code)
        display.finished(output, log)
        return RunSummary.of(output, list(map(ReportSummary.of, output.reports())) if students else [])


class ClassRun:
    """The submissions of a class that are still to be graded, and what grades them."""

    def __init__(
        self,
        assignment: Assignment,
        submissions: Sequence[Submission],
        contents: SubmissionSpool,
        options: Options,
        display: Display,
    ) -> None:
        self.grader = make_grader(assignment, contents, options, self._listen) if submissions else None
        self._submissions = submissions
        self._display = display
        self._printed: dict[str, str] = {}  # student -> the first of what the submission printed

    def reports(self) -> Generator[tuple[ScoreReport, str], None, None]:
        """Yield the reports as they come, each with the first of what the submission printed, until it is stopped."""
        if self.grader is None:
            return
        with self.grader, suppress(Interrupted):
            for report in self.grader.grade_many(self._submissions):
                yield report, self._printed.pop(report.student, "")

    @property
    def log(self) -> Sequence[str]:
        """What went wrong on the grader's side."""
        return self.grader.log if self.grader else ()

    def _listen(self, event: Event) -> None:
        if event.kind == EventKind.GRADED and event.printed:
            self._printed[event.student] = event.printed
        elif event.kind == EventKind.NOTICE:
            self._display.tell(event.message)


def make_grader(assignment: Assignment, contents: SubmissionSpool, options: Options, on_event: Listener) -> Grader:
    """Return a Grader as the options say, for submissions whose contents are in a spool."""
    return Grader(
        assignment,
        sandbox=options.sandbox,
        workers=options.jobs or None,
        run_all_cells=options.run_all_cells,
        cluster=options.cluster,
        contents=contents,
        on_event=on_event,
    )


def stop(grader: Grader | None, pages: PageQueue | None) -> None:
    """End a run soon. A signal handler may call it."""
    if grader:
        grader.stop()
    if pages:
        pages.stop()


def _undone(done: int, total: int, pages: PageQueue | None, out: Path, options: Options) -> str:
    """What a signal left undone, for the user; empty when it came too late to leave anything."""
    if done < total:
        again = "starts over, as --fresh says" if options.fresh else "goes on from there"
        return f"stopped; {done} of {total} submissions are done and written to {out}; the same command {again}"
    if pages and (left := pages.left):
        missing = f"the pages of {left} student{'s' * (left > 1)}"
        return f"stopped; all is graded and written to {out} but {missing}; the same command makes them"
    return ""
