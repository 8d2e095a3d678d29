"""Grade a class in a test, as programs do: by a Grader."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from grader import Assignment, Event, EventKind, Grader, ScoreReport, Submission


class GradedClass:
    """Reports of a class. Iterating yields them in the order in which they were ready.

    :param workers: one, where the number makes no difference: each takes a second to start, and five with TensorFlow
    """

    def __init__(
        self, assignment: Assignment, submissions: Sequence[Submission], *, workers: int = 1, **options: Any
    ) -> None:
        self.printed: dict[str, str] = {}  # student -> beginning of what the submission printed
        with Grader(assignment, workers=workers, on_event=self._listen, **options) as grader:
            self.reports = list(grader.grade_many(submissions))
            self.log = list(grader.log)  # errors of the grader

    def _listen(self, event: Event) -> None:
        if event.kind == EventKind.GRADED and event.printed:
            self.printed[event.student] = event.printed

    def __iter__(self) -> Generator[ScoreReport, None, None]:
        yield from self.reports
