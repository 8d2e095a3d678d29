"""Which submissions are graded again because their worker died. The local pool and the cluster share this rule."""

from __future__ import annotations

from collections import Counter

from grader.execution.limits import MAX_LOST_WORKERS
from grader.grading import scoring
from grader.models import Assignment, ScoreReport, Submission
from grader.sandbox.host.levels import SANDBOXES


class Retries:
    """Count lost workers for each submission.

    A worker that dies with several submissions proves nothing about any of them. Each is graded again, alone, and only
    a worker that it loses alone counts. A grading process of the local pool has one submission, so it counts, unless
    all of them ended with their template, or the kernel killed it for memory.
    """

    def __init__(self) -> None:
        self._losses: Counter[str] = Counter()

    def lost(self, student: str, *, alone: bool) -> bool:
        """Count a lost worker. Return whether the student's submission is graded again; the caller does so alone."""
        self._losses[student] += alone
        if self._losses[student] < MAX_LOST_WORKERS:
            return True
        self.graded(student)
        return False

    def graded(self, student: str) -> None:
        """Forget what happened: the student's next submission starts afresh."""
        self._losses.pop(student, None)


def given_up(assignment: Assignment, submission: Submission, sandbox: str) -> ScoreReport:
    """Return the report, for review, of a submission that isn't graded again."""
    problem = f"the grading process died {MAX_LOST_WORKERS} times"
    return scoring.internal_error_report(assignment, submission, problem, SANDBOXES[sandbox].protections)
