"""Whose fault is a case that broke? It runs once more, with the same inputs and the solution in the student's place.

Where it passes then, it was the student's answer that it broke on, and the answer counts as wrong. Otherwise a student
could have any report set aside for a person to look at, by a value that a case isn't prepared for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.grading import cases
from grader.models import CaseResult, Status
from grader.sandbox.client.student_proxy import StudentProxy

if TYPE_CHECKING:
    from grader.grading.session import GradingSession

BROKEN_CASE_PREFIX = "This requirement couldn't be checked with your answer"


def solution_passes(grading: GradingSession, item: pytest.Function) -> bool:
    """Whether a case that broke on the current student passes with the solution."""
    if not isinstance(grading.current.student, StudentProxy):  # it is the solution's turn already
        return False
    cases.tear_down_module(item)
    with grading.with_student(grading.current.submission, grading.known_answers.solution()):
        seconds = grading.assignment.limits.case_seconds
        ending = cases.run(item, True, grading.current.allowance, seconds)
    grading.exhibits.clear()  # the solution's are not for students
    return ending is None


def broken_case_message(ending: BaseException) -> str:
    """Return the message for the student on whose answer a case broke."""
    return (
        f"{BROKEN_CASE_PREFIX}: the check raised {type(ending).__name__}, which it doesn't for the solution's answer."
    )


def is_broken(result: CaseResult) -> bool:
    """Whether a case broke instead of judging."""
    return result.status is Status.INTERNAL or result.message.startswith(BROKEN_CASE_PREFIX)
