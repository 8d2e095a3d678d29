"""Decides whether a case that broke counts as the student's wrong answer or as a grader error.

The case runs once more with the same inputs on the solution. If it passes there, the student's answer broke it, and
the answer counts as wrong. Otherwise a student could send any report to manual review by returning a value that a
case isn't prepared for.
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
    """Return whether a case that broke on the current student passes on the solution."""
    if not isinstance(grading.current.student, StudentProxy):  # the case already runs on the solution
        return False
    cases.tear_down_module(item)
    with grading.with_student(grading.current.submission, grading.known_answers.solution()):
        seconds = grading.assignment.limits.case_seconds
        ending = cases.run(item, True, grading.current.allowance, seconds)
    grading.exhibits.clear()  # students must not see the solution's exhibits
    return ending is None


def broken_case_message(ending: BaseException) -> str:
    """Return the message for a student whose answer broke a case with the exception `ending`."""
    return (
        f"{BROKEN_CASE_PREFIX}: the check raised {type(ending).__name__}, which it doesn't for the solution's answer."
    )


def is_broken(result: CaseResult) -> bool:
    """Return whether a case broke, on our side or on the student's answer, instead of judging."""
    return result.status is Status.INTERNAL or result.message.startswith(BROKEN_CASE_PREFIX)
