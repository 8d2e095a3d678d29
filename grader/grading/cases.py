"""A hidden case: its points, how it runs, and the status that its exception stands for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader._util import budget
from grader._util.atomic_files import display_path
from grader._util.escaping import plain
from grader.assignments.settings import AssignmentError, question_location
from grader.gradebook.report_size import MAX_MESSAGE
from grader.grading import fixtures, pytest_internals
from grader.models import Question, Status
from grader.sandbox.client.errors import SandboxLost, StudentError

# Cases run without pytest's own protocol, which would silently ignore these marks.
FORBIDDEN_MARKS = ("skip", "skipif", "xfail")


def question_cases(question: Question, items: list[pytest.Function], hidden: Path) -> list[pytest.Function]:
    """Return the cases of a question, in their order in the file.

    Raises AssignmentError if there is none, if one is invalid, or if their points don't add up to the question's.
    """
    cases = [item for item in items if item.path.stem == f"test_{question.name}"]
    for item in cases:
        _check_case(item)
    _check_needs(cases)
    if not cases:
        file = display_path(hidden / f"test_{question.name}.py", 1)
        raise AssignmentError(f"{file}: there is no case in the file; add a function whose name begins with test_")
    total = sum(map(points, cases))
    if round(total - question.points, 6):
        raise AssignmentError(
            f"{question_location(hidden.parent, question.name, 'points')}: {question.name} has "
            f"{question.points:g} points, "
            f"but its cases in hidden/test_{question.name}.py add up to {total:g}; make them equal"
        )
    return cases


def _check_case(item: pytest.Item) -> None:
    """Raise AssignmentError if an item lacks points or a docstring, or has a forbidden mark."""
    here = f"{case_location(item)}: {item.name}"
    if points(item) <= 0:
        raise AssignmentError(f"{here} has no mark @pytest.mark.points(n) with n > 0; add one")
    if not title(item):
        raise AssignmentError(f"{here} has no docstring; add one, whose first line tells the student what is checked")
    for name in FORBIDDEN_MARKS:
        if item.get_closest_marker(name):
            raise AssignmentError(
                f"{here} has the mark {name}, which hidden cases can't have; remove the mark or the case"
            )


def _check_needs(cases: list[pytest.Function]) -> None:
    """Raise AssignmentError if a case needs itself, or a case that its question doesn't have."""
    names = {item.name for item in cases}
    for item in cases:
        for name in needs(item):
            if name not in names - {item.name}:
                here = f"{case_location(item)}: {item.name}"
                raise AssignmentError(f"{here} needs {name!r}, but its question has no other case of that name")


def case_location(item: pytest.Item) -> str:
    """Return "file:line" of a case, for messages."""
    return display_path(item.path, (item.location[1] or 0) + 1)


def collection_error(path: Path, story: str) -> AssignmentError:
    """Return the error for a file that pytest can't collect. `story` is pytest's own text."""
    lines = re.findall(rf'{re.escape(path.name)}(?:", line |:)(\d+)', story)
    why = story.strip().splitlines()[-1].removeprefix("E ").strip()
    return AssignmentError(
        f"{display_path(path, int(lines[-1]) if lines else 1)}: pytest can't collect the file: {why}"
    )


def points(item: pytest.Item) -> float:
    """Return the points of a case; 0 if it has no mark."""
    mark = item.get_closest_marker("points")
    return float(mark.args[0]) if mark and mark.args else 0.0


def not_in_public_checks(item: pytest.Item) -> bool:
    """Return whether the case checks more than the public checks that students have."""
    mark = item.get_closest_marker("points")
    return bool(mark and mark.kwargs.get("beyond"))


def needs(item: pytest.Item) -> tuple[str, ...]:
    """Return the cases of the question that must pass for this case to earn points: `points(1, needs="test_a")`."""
    mark = item.get_closest_marker("points")
    named = mark.kwargs.get("needs", ()) if mark else ()
    return (named,) if isinstance(named, str) else tuple(named)


def needs_by_case(items: list[pytest.Function]) -> dict[str, list[str]]:
    """Return what each case needs, by the names that reports use."""
    return {report_name(item.name): [report_name(name) for name in needs(item)] for item in items}


def report_name(name: str) -> str:
    """Return the name of a case in reports."""
    return name.removeprefix("test_")


def title(item: pytest.Item) -> str:
    """Return the first line of a case's docstring, which the student reads; "" if there is none."""
    lines = (getattr(item, "obj", None).__doc__ or "").strip().splitlines()
    return lines[0] if lines else ""


def run(item: pytest.Function, last: bool, allowance: budget.limit, seconds: float) -> BaseException | None:
    """Set up a case, run it and tear it down. Return the exception that it ended with, or None.

    An exception of a fixture is wrapped in RuntimeError, because assertions of a fixture don't judge the student.
    Raises SandboxLost.

    :param last: the case is the last of its question: tear down the module's fixtures too
    :param allowance: what is left of the submission's processor time
    :param seconds: processor time that this case may take in this process
    """
    pytest_internals.init_request(item)
    fixtures.prepare_fixtures(item)
    ending: BaseException | None = None
    step = "setup"
    try:
        with allowance, budget.limit(seconds):
            pytest_internals.set_up(item)
            step = "call"
            item.runtest()
    except KeyboardInterrupt:
        raise
    except BaseException as problem:  # SystemExit and pytest's own outcomes too
        of_student = step == "call" or isinstance(problem, StudentError | budget.BudgetExceeded | SandboxLost)
        ending = problem if of_student else _fixture_error(step, problem)
    try:
        pytest_internals.tear_down(item, module=last)
    except Exception as problem:
        ending = ending or _fixture_error("teardown", problem)
    item.funcargs = {}  # free the values of fixtures before the case runs again
    if isinstance(ending, SandboxLost):  # no other case can be run on this worker
        tear_down_module(item)
        raise ending
    return ending


def tear_down_module(item: pytest.Function) -> None:
    """Tear down the fixtures that the cases of a question share, so that the next case creates them anew."""
    pytest_internals.tear_down(item, module=True)


def _fixture_error(step: str, problem: BaseException) -> RuntimeError:
    wrapped = RuntimeError(f"{step}: {problem!r}")
    wrapped.__cause__ = problem
    return wrapped


def judge(ending: BaseException | None, reveal: bool = False) -> tuple[Status, str]:
    """Return the status of a case and the message for the student, from the exception that it ended with.

    What isn't the student's fault is INTERNAL. A message may hold text of the student's: invisible characters are made
    visible, and it is cut at MAX_MESSAGE characters.

    :param reveal: append the expected value, where the exception carries one
    """
    status, message = _status_and_message(ending, reveal)
    return status, plain(message, MAX_MESSAGE)


def _status_and_message(ending: BaseException | None, reveal: bool) -> tuple[Status, str]:
    if ending is None:
        return Status.PASSED, ""
    if isinstance(ending, StudentError):
        return ending.status, ending.message
    if isinstance(ending, budget.BudgetExceeded):
        return Status.TIMEOUT, f"checking your answer took {ending}, and was stopped"
    if isinstance(ending, AssertionError):
        expected = getattr(ending, "expected", "") if reveal else ""
        return Status.FAILED, f"{ending} Expected: {expected}." if expected else str(ending)
    if isinstance(ending, pytest.fail.Exception):
        nothing_raised = str(ending).startswith("DID NOT RAISE")  # the text of pytest.raises
        return Status.FAILED, "Your code raised no exception; expected one." if nothing_raised else str(ending)
    if isinstance(ending, pytest.skip.Exception):
        return Status.SKIPPED, str(ending)
    return Status.INTERNAL, f"grader error in this check ({type(ending).__name__}); needs manual review"
