"""Grades a class: what was graded before comes from the gradebook, the rest goes through a batch."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rich.console import Console

from grader.batch import Batch
from grader.contents import Contents
from grader.errors import Stopped
from grader.identity import Basis
from grader.model import Assignment, ScoreReport, Submission
from grader.progress import Progress
from grader.signals import stopping
from grader.terminal import show, summary
from grader.text import one_line
from grader.write import Output


@dataclass(frozen=True)
class Options:
    """How to grade. A change of `sandbox` or `whole` may change a report, so what was graded is graded again."""

    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    whole: bool = False
    fresh: bool = False
    cluster: str = ""  # where to grade, when it isn't this machine: no report depends on it


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
) -> bool:
    """Grades the submissions, whose contents were put aside, into the folder `out`, and shows it.

    Tells whether nothing needs a person to look. Raises Stopped when a signal came; the results up to then are written.
    """
    basis = Basis.of(assignment, options.sandbox, options.whole)
    with Output.open(out, basis, submissions) as output:
        waiting = submissions if options.fresh else output.reuse()
        batch = chosen(assignment, waiting, contents, options, console)
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
        show(output.reports(), console)
        summary(output, console, batch.log)
        return not output.tally.review


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
