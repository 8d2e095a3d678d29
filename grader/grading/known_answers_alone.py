"""Ask the known answers of an assignment without grading anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.diagnosis.known_answers import KnownAnswerRunner
from grader.grading.session import GradingSession
from grader.models import Assignment, Submission
from grader.sandbox.client.student_proxy import WorkerLauncher


def prepare_known_answers(assignment: Assignment, launcher: WorkerLauncher) -> KnownAnswerRunner:
    """Return a known-answer runner with the probes of all questions, to use `diagnose` without grading.

    Close it after use.
    """

    def nobody() -> Iterator[Submission]:
        for question in assignment.questions:
            grading.known_answers.probes(question)
        yield from ()

    grading = GradingSession(assignment, launcher, nobody(), lambda _: None)
    grading.run()
    return grading.known_answers


def fill_answer_cache(assignment: Assignment, launcher: WorkerLauncher, scratch: Path) -> None:
    """Store the results of all known answers, which grading processes then need not compute.

    Raises AssignmentError if the cases can't run.

    :param scratch: an empty folder in which the solution and the cases run
    """

    def nobody() -> Iterator[Submission]:
        grading.known_answers.answer_all()
        yield from ()

    grading = GradingSession(assignment, launcher, nobody(), lambda _: None, scratch=scratch)
    grading.run()
