"""Grades a class: what was graded before comes from the gradebook, the rest goes through a batch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console

from grader.batch import Batch
from grader.contents import Contents
from grader.errors import Stopped
from grader.identity import Basis
from grader.model import Assignment, ScoreReport, Submission
from grader.progress import Progress
from grader.signals import stopping
from grader.terminal import show, summary
from grader.write import Output


@dataclass(frozen=True)
class Options:
    """How to grade. A change of `sandbox` or `whole` may change a report, so what was graded is graded again."""

    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    whole: bool = False
    fresh: bool = False


class Line(msgspec.Struct, frozen=True):
    """A report in one line; the whole of it is a file in `reports`."""

    student: str
    id: str
    status: str
    score: float
    max_score: float
    needs_review: bool
    late: bool


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


def _line(report: ScoreReport) -> Line:
    facts = (report.score, report.max_score, report.needs_review, report.late)
    return Line(report.student, report.known_as, report.status, *facts)


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
    with Output.open(out, basis, submissions) as output:
        waiting = submissions if options.fresh else output.reuse()
        batch = Batch(assignment, waiting, options.jobs, options.sandbox, options.whole, contents)
        with stopping(batch.stop) as caught:
            with Progress(output.tally, len(submissions), console) as progress, closing(iter(batch)) as reports:
                for report in reports:
                    output.add(report, printed=batch.printed.pop(report.student, ""))
                    progress.advance(report)
            done, total = output.tally.done, len(submissions)
            output.finish(batch.log, complete=done == total)
        if done < total:
            again = "starts over, as --fresh says" if options.fresh else "goes on from there"
            words = f"stopped; {done} of {total} submissions are done and written to {out}; the same command {again}"
            raise Stopped(words, caught.exit_code)
        if table:
            show(output.reports(), console)
            summary(output, console, batch.log)
            return Result.of(output, [])
        return Result.of(output, list(map(_line, output.reports())))
