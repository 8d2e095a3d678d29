"""Grades a class: what was graded before comes from the gradebook, the rest goes through a batch."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
from rich.console import Console

from grader.batch import Batch
from grader.contents import Contents
from grader.errors import Stopped
from grader.identity import Basis
from grader.model import Assignment, ScoreReport, Submission
from grader.pages.making import Pages
from grader.progress import Progress
from grader.signals import stopping
from grader.terminal import show, summary
from grader.text import one_line
from grader.write import REPORTS, Output


@dataclass(frozen=True)
class Options:
    """How to grade. A change of `sandbox` or `whole` may change a report, so what was graded is graded again."""

    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    whole: bool = False
    fresh: bool = False
    pages: bool = True
    cluster: str = ""  # where to grade, when it isn't this machine: no report depends on it


class Line(msgspec.Struct, frozen=True):
    """A report in one line; the whole of it is a file in `reports`."""

    student: str
    id: str
    status: str
    score: float
    max_score: float
    needs_review: bool
    late: bool

    @classmethod
    def of(cls, report: ScoreReport) -> Line:
        shown = (report.status, report.score, report.max_score, report.needs_review, report.late)
        return cls(report.student, report.known_as, *shown)


class Result(msgspec.Struct, frozen=True):
    """What a run came to, for a program."""

    assignment: str
    run: int
    graded: int
    rejected: int
    review: int
    reused: int
    mean: float | None
    reports: str  # the folder
    students: list[Line]  # empty where a table was shown instead

    @classmethod
    def of(cls, output: Output, students: list[Line]) -> Result:
        tally = output.tally
        mean = round(tally.points / tally.graded, 2) if tally.graded else None
        counts = (tally.graded, tally.rejected, tally.review, tally.reused)
        return cls(output.basis.assignment, output.run, *counts, mean, str(output.reports_folder), students)


class Grading(Protocol):
    """What grades: a Batch on this machine, or one on a cluster."""

    log: list[str]
    printed: dict[str, str]

    def stop(self) -> None: ...

    def __iter__(self) -> Generator[ScoreReport, None, None]: ...


def grade_class(
    assignment: Assignment,
    submissions: Sequence[Submission],
    contents: Contents,
    out: Path,
    options: Options,
    console: Console,
    *,
    table: bool = True,
) -> Result:
    """Grades the submissions, whose contents were put aside, into the folder `out`, and shows it as a table.

    Raises Stopped when a signal came; the results up to then are written.
    """
    basis = Basis.of(assignment, options.sandbox, options.whole)
    pages = Pages(out / REPORTS, contents) if options.pages else None
    with Output.open(out, basis, submissions, pages) as output, pages or nullcontext():
        waiting = submissions if options.fresh else output.reuse()
        if pages and waiting:
            pages.begin()
        batch = chosen(assignment, waiting, contents, options, console)
        total = len(submissions)
        with stopping(lambda: stop(batch, pages)) as caught:
            with Progress(output.tally, total, console, pages) as progress:
                with closing(iter(batch)) as reports:
                    for report in reports:
                        progress.advance(output.add(report, printed=batch.printed.pop(report.student, "")))
                progress.wait_for_pages()
            log = batch.log + output.problems + (pages.log if pages else [])
            output.finish(log, complete=output.tally.done == total)
        if words := _undone(output.tally.done, total, pages, out, options):
            raise Stopped(words, caught.exit_code)
        if table:
            show(output.reports(), console)
            summary(output, console, log)
            return Result.of(output, [])
        return Result.of(output, list(map(Line.of, output.reports())))


def stop(batch: Grading, pages: Pages | None) -> None:
    batch.stop()
    if pages:
        pages.stop()


def _undone(done: int, total: int, pages: Pages | None, out: Path, options: Options) -> str:
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
    contents: Contents,
    options: Options,
    console: Console,
    more: Callable[[], Iterable[Submission]] | None = None,
) -> Grading:
    """The batch that grades as the options say. `more` is asked for further submissions, until the batch is stopped."""
    if not options.cluster:
        return Batch(assignment, submissions, options.jobs, options.sandbox, options.whole, contents, more)
    from grader.cluster.target import parse  # here, because on one machine nobody needs Dask

    target = parse(options.cluster)
    from grader.cluster.batch import ClusterBatch

    def tell(what: str) -> None:
        console.print(one_line(what, 500), markup=False, highlight=False, soft_wrap=True)

    return ClusterBatch(assignment, submissions, target, options.sandbox, options.whole, contents, more, tell)
