"""Checks the solution, the known answers and the hidden cases of an assignment before anything is graded."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, cast

from grader._util.atomic_files import display_path
from grader.assignments import known_answers
from grader.assignments.settings import AssignmentError, question_location
from grader.models import Assignment, Submission
from grader.notebooks.cells import NotebookUnreadable
from grader.notebooks.statements import read


def check(assignment: Assignment) -> None:
    """Check that the solution and the known answers fit the questions. Runs no notebook.

    Raises AssignmentError if the solution can't be read or doesn't define a question's name.
    """
    try:
        solution = read(assignment.notebook.read_bytes(), assignment.notebook.name)
    except (OSError, NotebookUnreadable) as problem:
        raise AssignmentError(f"{display_path(assignment.notebook)} can't be read: {problem}") from None
    bound = frozenset().union(*(statement.names.binds for statement in solution.statements))
    for name in assignment.question_names:
        if name in solution.broken:
            raise AssignmentError(f"{display_path(assignment.notebook)}, {solution.broken[name]}")
        if name not in bound:
            here, file = question_location(assignment.folder, name), assignment.notebook.name
            raise AssignmentError(f"{here}: {file} defines no {name}{_suggestion(name, bound)}")
    known_answers.check_known_answers(assignment)


def check_cases(assignment: Assignment) -> None:
    """Collect the hidden cases without running one. Raises AssignmentError if they are invalid."""
    from grader.grading.session import (
        GradingSession,  # late: who grades has no use for it, a job collects the cases by itself
    )

    def nobody() -> Iterator[Submission]:
        yield from ()

    GradingSession(assignment, cast(Any, None), nobody(), lambda _: None).run()


def _suggestion(name: str, names: frozenset[str]) -> str:
    near = difflib.get_close_matches(name, names, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
