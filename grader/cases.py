"""What a hidden case says of itself, and what its ending says of the student."""

from __future__ import annotations

import pytest

from grader.assignment import AssignmentError
from grader.model import Question, Status
from grader.student import StudentError


def judge(ending: BaseException | None, reveal: bool = False) -> tuple[Status, str]:
    """The status of a case from the exception it ended with. What isn't the student's is INTERNAL."""
    if ending is None:
        return Status.PASSED, ""
    if isinstance(ending, StudentError):
        return ending.status, ending.message
    if isinstance(ending, AssertionError):
        wanted = getattr(ending, "wanted", "") if reveal else ""
        return Status.FAILED, f"{ending} {wanted} was wanted there." if wanted else str(ending)
    if isinstance(ending, pytest.skip.Exception):
        return Status.SKIPPED, str(ending)
    return Status.INTERNAL, f"the case itself failed ({type(ending).__name__}); a person will look at it"


def cases_of(question: Question, items: list[pytest.Item]) -> list[pytest.Item]:
    """The cases of a question, in their order. Raises AssignmentError when they are unfit."""
    cases = [item for item in items if item.path.stem == f"test_{question.name}"]
    for item in cases:
        if points(item) <= 0 or not title(item):
            raise AssignmentError(f"{item.nodeid} needs a mark points(n) with n > 0 and a docstring for the student")
    total = sum(map(points, cases))
    if round(total - question.points, 6):
        raise AssignmentError(
            f"the cases of {question.name} are worth {total:g} points together, "
            f"assignment.toml says {question.points:g}"
        )
    return cases


def points(item: pytest.Item) -> float:
    mark = item.get_closest_marker("points")
    return float(mark.args[0]) if mark and mark.args else 0.0


def beyond(item: pytest.Item) -> bool:
    """Whether the case asks for more than the checks that students have."""
    mark = item.get_closest_marker("points")
    return bool(mark and mark.kwargs.get("beyond"))


def title(item: pytest.Item) -> str:
    lines = (getattr(item, "obj", None).__doc__ or "").strip().splitlines()
    return lines[0] if lines else ""
