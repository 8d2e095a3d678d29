"""Which submissions are graded again: those whose worker died, and those that timed out on a busy machine.

The local pool and the cluster share the rule for lost workers. Timeouts are confirmed by the pool of each machine.
"""

from __future__ import annotations

from collections import Counter

from grader._util.wording import was_busy
from grader.execution.limits import MAX_LOST_WORKERS
from grader.grading import scoring
from grader.models import Assignment, ScoreReport, Submission
from grader.sandbox.host.levels import SANDBOXES


class Retries:
    """Count lost workers for each submission, and know whose timeout is being confirmed.

    A worker that dies with several submissions proves nothing about any of them. Each is graded again, alone, and only
    a worker that it loses alone counts. A grading process of the local pool has one submission, so it always counts.

    On a busy machine the same work takes more processor time, because processes share caches and the halves of a core.
    So a timeout there is confirmed before it costs points: the submission is graded once more, alone, and the second
    report counts.
    """

    def __init__(self) -> None:
        self._losses: Counter[str] = Counter()
        self._confirming: set[str] = set()  # students whose submission timed out once

    @property
    def alone(self) -> bool:
        """Whether only one submission may be graded at a time, because a timeout is being confirmed."""
        return bool(self._confirming)

    def confirm(self, report: ScoreReport) -> bool:
        """Return whether the submission of a report is graded once more, because it timed out on a busy machine."""
        if report.student in self._confirming:
            return False
        uses = (case.time_use for question in report.questions for case in question.cases)
        if not any(use and was_busy(use) for use in uses):
            return False
        self._confirming.add(report.student)
        return True

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
        self._confirming.discard(student)


def given_up(assignment: Assignment, submission: Submission, sandbox: str) -> ScoreReport:
    """Return the report, for review, of a submission that isn't graded again."""
    problem = f"the grading process died {MAX_LOST_WORKERS} times"
    return scoring.internal_error_report(assignment, submission, problem, SANDBOXES[sandbox].protections)
