"""Grade a class: what was graded before comes from the gradebook, a `Grader` grades the rest."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import msgspec

from grader._util import logs
from grader._util.interrupts import stop_on_signal
from grader.assignments.settings import read_policy
from grader.errors import Interrupted
from grader.execution.events import Event, EventKind, Listener
from grader.execution.grader import Grader
from grader.execution.output import REPORTS, OutputFolder
from grader.gradebook.counts import RunCounts
from grader.gradebook.fingerprint import RunFingerprint
from grader.models import Assignment, ScoreReport, Submission
from grader.reports.html.page_queue import PageQueue
from grader.submissions.spool import SubmissionSpool

LOG = logging.getLogger("grader.execution")


@dataclass(frozen=True)
class Options:
    """How to grade. What was graded with another `sandbox` or `run_all_cells` is graded again: reports may differ."""

    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    run_all_cells: bool = False
    fresh: bool = False
    pages: bool = True
    cluster: str = ""  # value of --cluster; empty for this machine. No report depends on it
    database: str = ""  # URL of the gradebook; empty for a file in the output folder


class ReportSummary(msgspec.Struct, frozen=True):
    """Summary of a report; the full report is a file in `reports`."""

    student: str
    id: str
    status: str
    score: float
    max_score: float
    needs_review: bool
    late: bool

    @classmethod
    def of(cls, report: ScoreReport) -> ReportSummary:
        shown = (report.final_status, report.final, report.final_max, report.awaits_review, report.late)
        return cls(report.student, report.roster_id, *shown)


class RunSummary(msgspec.Struct, frozen=True):
    """Result of a run, for programs."""

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
        counts = output.counts
        mean = round(counts.points / counts.graded, 2) if counts.graded else None
        numbers = (counts.graded, counts.rejected, counts.review, counts.reused)
        return cls(output.basis.assignment, output.run, *numbers, mean, str(output.reports_folder), students)


class Progress(Protocol):
    """Display of how far a run is."""

    def advance(self, report: ScoreReport) -> None: ...

    def wait_for_pages(self) -> None: ...


class Display(Protocol):
    """Display of a run for a user."""

    def progress(self, counts: RunCounts, total: int, pages: PageQueue | None) -> AbstractContextManager[Progress]: ...

    def finished(self, output: OutputFolder, log: Sequence[str]) -> None: ...

    def notice(self, text: str) -> None: ...


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
    """Grade submissions into the folder `out`. What an earlier run graded is reused.

    Raises Interrupted if a signal stopped the run; the reports up to then are written.

    :param contents: contents of the submissions
    :param students: whether the summary lists the students
    """
    basis, began = RunFingerprint.for_run(assignment, options.sandbox, options.run_all_cells), time.monotonic()
    policy = read_policy(assignment.folder)
    pages = PageQueue(out / REPORTS, contents) if options.pages else None
    with (
        OutputFolder.open(out, basis, submissions, pages, options.database, policy) as output,
        pages or nullcontext(),
        ClassRun(assignment, contents, options, display) as run,
    ):
        waiting = submissions if options.fresh or output.is_new else output.reuse()
        run.start(waiting)
        output.begin()  # after the start: it imports SQLAlchemy while the grading processes start
        if pages and waiting:
            pages.begin()
        log_start(output, options, len(submissions) - len(waiting))
        total = len(submissions)
        with stop_on_signal(lambda: stop(run.grader, pages)) as caught:
            with display.progress(output.counts, total, pages) as progress:
                with closing(run.reports()) as reports:
                    for report, printed in reports:
                        progress.advance(output.add(report, printed))
                progress.wait_for_pages()
            log = [*run.log, *output.problems, *(pages.log if pages else [])]
            output.finish(log, complete=output.counts.done == total)
        log_end(output, time.monotonic() - began)
        if message := _interruption(output.counts.done, total, pages, out, options):
            raise Interrupted(message, caught.exit_code)
        display.finished(output, log)
        return RunSummary.of(output, list(map(ReportSummary.of, output.reports())) if students else [])


class ClassRun:
    """The ungraded submissions of a class, and their Grader. Use it as a context manager: it closes the Grader."""

    def __init__(self, assignment: Assignment, contents: SubmissionSpool, options: Options, display: Display) -> None:
        self.grader: Grader | None = None
        self._assignment = assignment
        self._contents = contents
        self._options = options
        self._display = display
        self._reports: Iterator[ScoreReport] = iter(())
        self._printed: dict[str, str] = {}  # student -> beginning of what the submission printed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def start(self, submissions: Sequence[Submission]) -> None:
        """Start to grade submissions. If there is none, nothing is started."""
        if submissions:
            self.grader = make_grader(self._assignment, self._contents, self._options, self._listen)
            self._reports = self.grader.start_many(submissions)

    def reports(self) -> Generator[tuple[ScoreReport, str], None, None]:
        """Yield each report with the beginning of what the submission printed, until the grader is stopped."""
        try:
            with suppress(Interrupted):
                for report in self._reports:
                    yield report, self._printed.pop(report.student, "")
        finally:
            self._close()

    def _close(self) -> None:
        if self.grader:
            self.grader.close()

    @property
    def log(self) -> Sequence[str]:
        """Errors of the grader."""
        return self.grader.log if self.grader else ()

    def _listen(self, event: Event) -> None:
        if event.kind == EventKind.GRADED and event.printed:
            self._printed[event.student] = event.printed
        elif event.kind == EventKind.NOTICE:
            self._display.notice(event.message)


def make_grader(assignment: Assignment, contents: SubmissionSpool, options: Options, on_event: Listener) -> Grader:
    """Return a Grader as the options say, for submissions whose contents are in a spool.

    If this machine doesn't support the sandbox, the first report raises SandboxUnavailable.
    """
    return Grader(
        assignment,
        sandbox=options.sandbox,
        workers=options.jobs or None,
        run_all_cells=options.run_all_cells,
        cluster=options.cluster,
        contents=contents,
        on_event=on_event,
        check_sandbox=False,
    )


def log_start(output: OutputFolder, options: Options, reused: int) -> None:
    """Log a run that begins, with all that its reports depend on."""
    basis = output.basis
    logs.event(
        LOG,
        logging.INFO,
        "run started",
        run=output.run,
        assignment=basis.assignment,
        assignment_digest=basis.assignment_digest[:8],
        grader=basis.grader_version,
        settings=basis.settings,
        cluster=options.cluster,
        submissions=len(output),
        reused=reused,
        out=str(output.folder),
    )


def log_end(output: OutputFolder, seconds: float) -> None:
    """Log a run that ends, complete or not."""
    counts = output.counts
    numbers = {"submissions": len(output), "done": counts.done, "graded": counts.graded}
    numbers |= {"rejected": counts.rejected, "review": counts.review, "reused": counts.reused}
    logs.event(LOG, logging.INFO, "run ended", run=output.run, seconds=seconds, **numbers)


def stop(grader: Grader | None, pages: PageQueue | None) -> None:
    """End a run soon. A signal handler may call it."""
    if grader:
        grader.stop()
    if pages:
        pages.stop()


def _interruption(done: int, total: int, pages: PageQueue | None, out: Path, options: Options) -> str:
    """Return what a signal left undone, as a message; empty if everything is done."""
    if done < total:
        again = "starts over, as --fresh says" if options.fresh else "goes on from there"
        return f"stopped; {done} of {total} submissions are done and written to {out}; the same command {again}"
    if pages and (left := pages.left):
        missing = f"the pages of {left} student{'s' * (left > 1)}"
        return f"stopped; all is graded and written to {out} but {missing}; the same command makes them"
    return ""
