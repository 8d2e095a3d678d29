"""Grade a preview of a regrade in this process: for instructors who want to know what a changed case would change.

A running portal and its workers aren't involved. They may grade by another version of the assignment, and go on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import NamedTuple

from grader._util.load import cores
from grader.errors import Interrupted, UserError
from grader.execution.grader import Grader
from grader.execution.service import Graded
from grader.gradebook.attempts import Attempt, Ending
from grader.gradebook.data_folder import DataFolder
from grader.gradebook.errors import ReportUnstorable
from grader.gradebook.files import FileStoreError
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.regraded import Regrade
from grader.gradebook.regrades import Regrades
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.grading import scoring
from grader.models import Assignment, ScoreReport, Submission
from grader.server.dispatcher import SANDBOX
from grader.server.intake import read_attempt
from grader.server.limits import MAX_FAULTS, NICENESS
from grader.server.printed import PrintedTexts
from grader.submissions.collect import selection_rules

NO_KEY = b""  # of links, which aren't made here
AHEAD = 2  # submissions that wait for each worker, so that few are in memory


class _Try(NamedTuple):
    """An attempt on its way."""

    attempt: Attempt
    submission: Submission
    problem: str = ""  # why it can't be graded
    faults: int = 0  # grader errors that it has had


class PreviewRun:
    """Grade the attempts of a preview that isn't queued, and keep each result as soon as it is there."""

    def __init__(self, book: Gradebook, data: DataFolder, assignment: Assignment, regrade: Regrade) -> None:
        self._regrades = Regrades(book)
        self._files = data.files
        self._printed = PrintedTexts(data.printed)
        self._roster = Roster(book, NO_KEY)
        self._assignment = assignment
        self._regrade = regrade
        self._rules = selection_rules(assignment)
        self._basis = RunFingerprint.for_run(assignment, SANDBOX)
        self._running: dict[Future[Graded], _Try] = {}

    def grade(self, attempts: Sequence[Attempt], jobs: int | None, graded: Callable[[int, int], None]) -> None:
        """Grade attempts. A grader error is tried once more, and is then left to a person.

        :param jobs: grading processes; None for one on each core
        :param graded: called with the number of attempts that are graded, and of all
        Raises GraderError if nothing more can be graded; what is graded is kept.
        """
        people = self._roster.numbered(attempt.person for attempt in attempts)
        waiting, done = deque(attempts), 0
        with Grader(self._assignment, sandbox=SANDBOX, workers=jobs, niceness=NICENESS) as grader:
            ahead = AHEAD * (jobs or len(cores()))
            while waiting or self._running:
                while waiting and len(self._running) < ahead:
                    attempt = waiting.popleft()
                    self._start(grader, self._read(attempt, people[attempt.person].id))
                ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in ended:
                    done += self._end(grader, self._running.pop(future), future)
                graded(done, len(attempts))

    def _read(self, attempt: Attempt, student: str) -> _Try:
        """Return an attempt to be graded; one whose file can't be read can't be, and has a problem."""
        try:
            return _Try(attempt, read_attempt(attempt, student, self._files, self._rules))
        except FileStoreError as problem:
            return _Try(attempt, Submission.from_bytes(student, attempt.filename, b""), str(problem))

    def _start(self, grader: Grader, one: _Try) -> None:
        if one.problem:
            future: Future[Graded] = Future()
            future.set_exception(UserError(one.problem))
        else:
            future = grader.submit(one.submission)
        self._running[future] = one

    def _end(self, grader: Grader, one: _Try, future: Future[Graded]) -> int:
        """Keep a result, or grade once more. Return how many attempts have ended: 1 or 0."""
        try:
            report, printed = future.result()
        except Exception as problem:
            if grader.failure or isinstance(problem, Interrupted):  # nothing more can be graded
                raise
            report = scoring.internal_error_report(self._assignment, one.submission, str(problem), ())
            printed = ""
        if report.needs_review and not one.problem and one.faults + 1 < MAX_FAULTS:
            self._start(grader, one._replace(faults=one.faults + 1))
            return 0
        self._keep(one, report, printed)
        return 1

    def _keep(self, one: _Try, report: ScoreReport, printed: str) -> None:
        key = self._basis.report_key(one.submission)
        try:
            kept = self._regrades.keep(self._regrade, one.attempt, self._basis, report, key, _ending(report))
        except ReportUnstorable as problem:
            report = scoring.unstorable_report(report, str(problem))
            kept = self._regrades.keep(self._regrade, one.attempt, self._basis, report, key, "review")
        if kept:
            self._printed.keep_preview(self._regrade.public_id, one.attempt.public_id, printed)


def _ending(report: ScoreReport) -> Ending:
    return "review" if report.needs_review else "rejected" if report.status == "rejected" else "graded"
