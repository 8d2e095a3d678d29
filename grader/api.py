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

    Raises AssignmentError, which names the file and line, when the folder can't be graded by.
    """
    assignment = load(Path(path))
    validation.check(assignment)
    return assignment


def collect_submissions(paths: Iterable[str | os.PathLike[str]], assignment: Assignment) -> Iterator[Submission]:
    """Yield the submissions that lie at these paths, as `grader grade` takes them: files, folders, zips, downloads.

    What can't be graded comes too, with the reason in `rejected`. Raises IntakeError when a path can't be read.
    """
    with SubmissionSpool() as contents:
        for submission in collect_all([Path(path) for path in paths], assignment, contents):
            there = not submission.rejection
            yield msgspec.structs.replace(submission, content=contents.get(submission.digest)) if there else submission
