"""One hidden case: what it is worth, how it is run, and what its ending says of the submission."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader._util import budget
from grader._util.atomic_files import shown
from grader._util.escaping import plain
from grader.assignments.settings import AssignmentError, place_of
from grader.gradebook.report_size import MAX_MESSAGE
from grader.grading import fixtures, pytest_internals
from grader.models import Question, Status
from grader.sandbox.client.student_proxy import StudentError

# They would be silently ignored: a case that isn't to be run is to be deleted.
FORBIDDEN_MARKS = ("skip", "skipif", "xfail")


def question_cases(question: Question, items: list[pytest.Function], hidden: Path) -> list[pytest.Function]:
    """The cases of a question, in their order. Raises AssignmentError when they are unfit."""
    cases = [item for item in items if item.path.stem == f"test_{question.name}"]
    for item in cases:
        _check_case(item)
    _check_needs(cases)
    if not cases:
        file = shown(hidden / f"test_{question.name}.py", 1)
        raise AssignmentError(f"{file}: there is no case in the file; add a function whose name begins with test_")
    total = sum(map(points, cases))
    if round(total - question.points, 6):
        raise AssignmentError(
            f"{place_of(hidden.parent, question.name, 'points')}: {question.name} has {question.points:g} points, "
            f"but its cases in hidden/test_{question.name}.py add up to {total:g}; make them equal"
        )
    return cases


def _check_case(item: pytest.Item) -> None:
    """Raises AssignmentError for what can't be a case."""
    here = f"{location(item)}: {item.name}"
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
    """Raises AssignmentError when a case counts only together with one that isn't there, or with itself."""
    names = {item.name for item in cases}
    for item in cases:
        for name in needs(item):
            if name not in names - {item.name}:
                here = f"{location(item)}: {item.name}"
                raise AssignmentError(f"{here} needs {name!r}, but its question has no other case of that name")


def location(item: pytest.Item) -> str:
    """The file and line of a case, for people."""
    return shown(item.path, (item.location[1] or 0) + 1)


def collection_error(path: Path, story: str) -> AssignmentError:
    """A file whose cases can't be collected, from what pytest tells."""
    lines = re.findall(rf'{re.escape(path.name)}(?:", line |:)(\d+)', story)
    why = story.strip().splitlines()[-1].removeprefix("E ").strip()
    return AssignmentError(f"{shown(path, int(lines[-1]) if lines else 1)}: pytest can't collect the file: {why}")


def points(item: pytest.Item) -> float:
    mark = item.get_closest_marker("points")
    return float(mark.args[0]) if mark and mark.args else 0.0


def not_in_public_checks(item: pytest.Item) -> bool:
    """Whether the case asks for more than the checks that students have."""
    mark = item.get_closest_marker("points")
    return bool(mark and mark.kwargs.get("beyond"))


def needs(item: pytest.Item) -> tuple[str, ...]:
    """The cases of the same question together with which alone the case counts: `points(1, needs="test_values")`."""
    mark = item.get_closest_marker("points")
    named = mark.kwargs.get("needs", ()) if mark else ()
    return (named,) if isinstance(named, str) else tuple(named)


def needs_by_case(items: list[pytest.Function]) -> dict[str, list[str]]:
    """What each case needs, by their names in reports."""
    return {report_name(item.name): [report_name(name) for name in needs(item)] for item in items}


def report_name(name: str) -> str:
    """The name of a case in reports."""
    return name.removeprefix("test_")


def title(item: pytest.Item) -> str:
    """The first line of the docstring, which the student reads."""
    lines = (getattr(item, "obj", None).__doc__ or "").strip().splitlines()
    return lines[0] if lines else ""


def run(item: pytest.Function, last: bool, allowance: budget.limit, seconds: float) -> BaseException | None:
    """Sets a case up, runs it, and takes it down again; the `last` one of a question with all that they shared.

    Gives the exception that it ended with: that of a fixture is wrapped, because its assertions aren't verdicts.
    What the case computes here may take `seconds` of processor time, and what is left of the submission's allowance.
    """
    pytest_internals.init_request(item)
    fixtures.prefill(item)
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
        of_student = step == "call" or isinstance(problem, StudentError | budget.Exceeded)
        ending = problem if of_student else _fixture_error(step, problem)
    try:
        pytest_internals.tear_down(item, module=last)
    except Exception as problem:
        ending = ending or _fixture_error("teardown", problem)
    item.funcargs = {}  # what a case was given isn't kept until it runs again
    return ending


def tear_down_module(item: pytest.Function) -> None:
    """Take down what the cases of a question share, so that the next one to run has it made anew."""
    pytest_internals.tear_down(item, module=True)


def _fixture_error(step: str, problem: BaseException) -> RuntimeError:
    wrapped = RuntimeError(f"{step}: {problem!r}")
    wrapped.__cause__ = problem
    return wrapped


def judge(ending: BaseException | None, reveal: bool = False) -> tuple[Status, str]:
    """The status of a case from the exception it ended with. What isn't the student's is INTERNAL.

    A message may hold text of the student's: what is invisible in it is made visible, and it is cut.
    """
    status, message = _status_and_message(ending, reveal)
    return status, plain(message, MAX_MESSAGE)


def _status_and_message(ending: BaseException | None, reveal: bool) -> tuple[Status, str]:
    if ending is None:
        return Status.PASSED, ""
    if isinstance(ending, StudentError):
        return ending.status, ending.message
    if isinstance(ending, budget.Exceeded):
        return Status.TIMEOUT, f"checking your answer took {ending}, and was stopped"
    if isinstance(ending, AssertionError):
        wanted = getattr(ending, "wanted", "") if reveal else ""
        return Status.FAILED, f"{ending} Expected there: {wanted}." if wanted else str(ending)
    if isinstance(ending, pytest.fail.Exception):
        nothing_raised = str(ending).startswith("DID NOT RAISE")  # what pytest.raises says
        return Status.FAILED, "Your code raised no exception; expected one." if nothing_raised else str(ending)
    if isinstance(ending, pytest.skip.Exception):
        return Status.SKIPPED, str(ending)
    return Status.INTERNAL, f"grader error in this check ({type(ending).__name__}); needs manual review"
