"""Grade from a program."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from grader.assignments.loader import load
from grader.execution.grader import Grader
from grader.grading import validation
from grader.models import Assignment, Submission
from grader.submissions.collect import collect_all
from grader.submissions.spool import SubmissionSpool

__all__ = ["Grader", "collect_submissions", "load_assignment"]


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
