"""Grades a class: what was graded before comes from the gradebook, the rest goes through a batch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from grader._util import logs
from grader._util.interrupts import stopping
from grader.errors import Interrupted
from grader.execution.output import REPORTS, OutputFolder
from grader.execution.pool import GradingPool
from grader.gradebook.counts import RunCounts
from grader.gradebook.fingerprint import RunFingerprint
from grader.models import Assignment, ScoreReport, Submission
from grader.reports.html.page_queue import PageQueue
from grader.submissions.spool import SubmissionSpool

LOG = logging.getLogger("grader.execution")


@dataclass(frozen=True)
class Options:
    """How to grade. A change of `sandbox` or `whole` may change a report, so what was graded is graded again."""

    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    whole: bool = False
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
        return cls(report.student, report.known_as, *shown)


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


class Pool(Protocol):
    """What grades: a Batch on this machine, or one on a cluster."""

    log: list[str]
    printed: dict[str, str]

    def stop(self) -> None: ...

    def __iter__(self) -> Generator[ScoreReport, None, None]: ...


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
    basis, began = RunFingerprint.of(assignment, options.sandbox, options.whole), time.monotonic()
    pages = PageQueue(out / REPORTS, contents) if options.pages else None
    with OutputFolder.open(out, basis, submissions, pages) as output, pages or nullcontext():
        waiting = submissions if options.fresh else output.reuse()
        if pages and waiting:
            pages.begin()
        tell_start(output, options, len(submissions) - len(waiting))
        batch = chosen(assignment, waiting, contents, options, display.tell)
        total = len(submissions)
        with stopping(lambda: stop(batch, pages)) as caught:
            with display.progress(output.tally, total, pages) as progress:
                with closing(iter(batch)) as reports:
                    for report in reports:
                        progress.advance(output.add(report, printed=batch.printed.pop(report.student, "")))
                progress.wait_for_pages()
            log = batch.log + output.problems + (pages.log if pages else [])
            output.finish(log, complete=output.tally.done == total)
        tell_end(output, time.monotonic() - began)
        if words := _undone(output.tally.done, total, pages, out, options):
            raise Interrupted(words, caught.exit_code)
        display.finished(output, log)
        return RunSummary.of(output, list(map(ReportSummary.of, output.reports())) if students else [])


def tell_start(output: OutputFolder, options: Options, reused: int) -> None:
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


def tell_end(output: OutputFolder, seconds: float) -> None:
    """Log a run that ends, complete or not."""
    tally, numbers = output.tally, {"submissions": len(output), "done": output.tally.done}
    counts = {"graded": tally.graded, "rejected": tally.rejected, "review": tally.review, "reused": tally.reused}
    logs.event(LOG, logging.INFO, "run ended", run=output.run, seconds=seconds, **numbers, **counts)


def stop(batch: Pool, pages: PageQueue | None) -> None:
    batch.stop()
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


def chosen(
    assignment: Assignment,
    submissions: Iterable[Submission],
    contents: SubmissionSpool,
    options: Options,
    tell: Callable[[str], None],
    more: Callable[[], Iterable[Submission]] | None = None,
) -> Pool:
    """Return the batch that grades as the options say. `tell` takes what a user should know meanwhile.

    `more` is asked for further submissions, until the batch is stopped.
    """
    if not options.cluster:
        return GradingPool(assignment, submissions, options.jobs, options.sandbox, options.whole, contents, more)
    from grader.execution.dask.address import parse  # here, because on one machine nobody needs Dask

    target = parse(options.cluster)
    from grader.execution.dask.pool import DaskPool

    return DaskPool(assignment, submissions, target, options.sandbox, options.whole, contents, more, tell)
