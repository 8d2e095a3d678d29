"""Public API for grading from a program: `from grader import Grader, Submission, load_assignment`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader._util.load import cores
from grader.assignments.loader import load
from grader.errors import UserError
from grader.execution.service import Graded, GradingService
from grader.grading import validation
from grader.models import Assignment, Limits, ScoreReport, Submission
from grader.sandbox.host.levels import SANDBOXES
from grader.submissions.collect import collect_all
from grader.submissions.spool import SubmissionSpool

QUEUED_PER_WORKER = 4  # submissions in the queue: enough that no worker waits, and few contents in memory


def load_assignment(path: str | os.PathLike[str]) -> Assignment:
    """Return the assignment in a folder, such as solutions/digits.

    Raises AssignmentError, which names file and line, if the folder can't be used for grading.
    """
    assignment = load(Path(path))
    validation.check(assignment)
    return assignment


def collect_submissions(paths: Iterable[str | os.PathLike[str]], assignment: Assignment) -> Iterator[Submission]:
    """Yield the submissions at paths to files, folders, zips or downloads, as `grader grade` does.

    A submission that can't be graded has the reason in `rejection`. Raises IntakeError if a path can't be read.
    """
    with SubmissionSpool() as contents:
        for submission in collect_all([Path(path) for path in paths], assignment, contents):
            there = not submission.rejection
            yield msgspec.structs.replace(submission, content=contents.get(submission.digest)) if there else submission


class Grader:
    """Grader of one assignment with worker processes that stay alive between submissions. Thread-safe.

    Use it as a context manager, or close it, to end the workers.

    :param sandbox: the level of protection: `full`, `process` or `off`
    :param workers: number of grading processes; one for each core if not given
    :param limits: limits of a submission, in place of the assignment's
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        sandbox: str = "full",
        workers: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Prepare the workers, which start with the first submissions.

        Raises UserError for an unknown sandbox, and SandboxUnavailable for one that this machine doesn't support.
        """
        if sandbox not in SANDBOXES:
            raise UserError(f"there is no sandbox {sandbox!r}: choose one of {', '.join(SANDBOXES)}")
        if workers is not None and workers < 1:
            raise UserError(f"{workers} workers can't grade: give 1 or more, or none for one on each core")
        SANDBOXES[sandbox]().check()
        if limits is not None:
            assignment = msgspec.structs.replace(assignment, limits=limits)
        self.assignment = assignment
        self._ahead = QUEUED_PER_WORKER * (workers or len(cores()))
        self._service = GradingService(assignment, sandbox=sandbox, workers=workers or 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers. Calls that still wait for a report raise InternalError."""
        self._service.close()

    def grade(self, submission: Submission, timeout: float | None = None) -> ScoreReport:
        """Wait for the report of a submission and return it.

        Raises TimeoutError after `timeout` seconds; a submission that is still in the queue then isn't graded. Raises
        UserError for something that is no submission of this assignment, AssignmentError if the hidden cases can't be
        run, and InternalError if the grader was closed.
        """
        future = self._service.submit(submission)
        try:
            return future.result(timeout).report
        except BaseException:  # Ctrl-C, too
            future.cancel()
            raise

    def grade_many(self, submissions: Iterable[Submission]) -> Iterator[ScoreReport]:
        """Yield reports as they become ready. Raises UserError, AssignmentError and InternalError like `grade`.

        Submissions are taken from the iterable as workers become free, so that few of them are in memory. An exception
        of the iterable is raised after the reports of the submissions before it.
        """
        waiting: set[Future[Graded]] = set()
        try:
            problem: Exception | None = None
            source = iter(submissions)
            while problem is None:
                try:
                    waiting.add(self._service.submit(next(source)))
                except Exception as raised:  # StopIteration as well
                    problem = raised
                if len(waiting) >= self._ahead:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from _reports(done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from _reports(done)
            if not isinstance(problem, StopIteration):
                raise problem
        finally:
            for future in waiting:
                future.cancel()

    @property
    def log(self) -> Sequence[str]:
        """Return the errors of the grader, for instructors only: they may show hidden cases."""
        return tuple(self._service.log)


def _reports(done: Iterable[Future[Graded]]) -> Iterator[ScoreReport]:
    for future in done:
        yield future.result().report
