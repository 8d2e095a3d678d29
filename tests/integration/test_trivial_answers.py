"""Answers that compute nothing: what they give, how many there are, and that cases which give them points are told."""

from __future__ import annotations

import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.assignments.loader import load
from grader.authoring.quality.metrics import Quality
from grader.authoring.quality.solution import Solution
from grader.authoring.quality.trivial_answers import trivial_answers
from grader.authoring.quality.validate import validate
from grader.models import Assignment
from tests.factories import CASES, notebook, tiny_assignment

SOLUTION = '''
import numpy as np

def double(x, y=None):
    """Much in one answer."""
    ### BEGIN SOLUTION
    return [(x @ x, {"n": 3.5, "word": "yes"}), np.arange(3), True]
    ### END SOLUTION

def quadruple(x):
    """Builds on the other."""
    ### BEGIN SOLUTION
    return double(x)[0][0]
    ### END SOLUTION
'''


@pytest.fixture
def solution(tiny_folder: Path) -> Solution:
    (tiny_folder / "tiny.ipynb").write_text(notebook([SOLUTION]))
    return Solution(load(tiny_folder))


def answers(solution: Solution, question: str) -> dict[str, Callable[..., Any]]:
    """The answers to a question, by what they are."""
    found = {}
    for answer in trivial_answers(solution, question):
        module = types.ModuleType("answer")
        exec(answer.code, vars(module))
        found[answer.what] = getattr(module, question)
    return found


def test_the_answers_to_a_question(solution: Solution) -> None:
    """Constants, right shapes, earlier answers, arguments and what other questions answer, each under a name."""
    right_shape = [f"{what} in the right shape" for what in ("zeros", "ones", "halves", "random numbers")]
    constants = ["0", "1", "NaN", "None", "an empty list", "an empty array", "an empty text"]
    of_x = ["the argument x", "zeros in the shape of x", "ones in the shape of x"]
    before = "the right answer to the call before"
    assert list(answers(solution, "quadruple")) == [
        *constants,
        *right_shape,
        before,
        *of_x,
        "the right answer of double",
    ]
    assert [name for name in answers(solution, "double") if "argument" in name] == [
        "the argument x", "the argument y", "all arguments"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "floats", "whole"),
    [("zeros", {0}, {0}), ("ones", {1}, {1}), ("halves", {0.5}, {0})],
)  # fmt: skip
def test_the_right_shape_and_nothing_else(solution: Solution, what: str, floats: set[float], whole: set[int]) -> None:
    """Lists, tuples, keys, shapes and dtypes are the solution's; numbers and texts aren't."""
    answer = answers(solution, "double")[f"{what} in the right shape"]
    (pair, numbers, truth) = answer(np.ones((3, 3)) * 7)
    assert type(pair) is tuple and pair[0].shape == (3, 3) and numbers.dtype == int and type(truth) is bool
    assert set(pair[0].ravel()) == {pair[1]["n"]} == floats
    assert (set(numbers), {int(truth)}, pair[1]["word"]) == (whole, whole, "")


def test_random_numbers_differ_from_call_to_call(solution: Solution) -> None:
    """They have the right shape too, and a second call draws others."""
    answer = answers(solution, "quadruple")["random numbers in the right shape"]
    one, other = answer(np.eye(3)), answer(np.eye(3))
    assert one.shape == other.shape == (3, 3) and not np.isclose(one, other).any()


def test_the_call_before(solution: Solution) -> None:
    """The first call gives zeros, each other one the right answer to an earlier call that has another one."""
    answer = answers(solution, "quadruple")["the right answer to the call before"]
    given = [answer(np.eye(2) * i) for i in (1, 1, 2, 2, 3, 1)]
    for came, wanted in zip(given, (0, 0, 1, 1, 4, 9), strict=True):
        np.testing.assert_array_equal(came, np.eye(2) * wanted)


def test_another_question_is_asked_the_right_way(solution: Solution) -> None:
    """What the other one builds on stays right, though it is the question that is answered wrongly."""
    answer = answers(solution, "double")["the right answer of quadruple"]
    np.testing.assert_array_equal(answer(np.eye(2) * 3), np.eye(2) * 9)


def test_what_is_built_on_gets_as_many_arguments_as_it_takes(tiny_folder: Path) -> None:
    """A question with more arguments is answered by what may be lent for it, with the first of them."""
    text = SOLUTION.replace("def quadruple(x)", "def quadruple(x, y, z)")
    (tiny_folder / "tiny.ipynb").write_text(notebook([text]))
    answer = answers(Solution(load(tiny_folder)), "quadruple")["the right answer of double"]
    assert answer(np.eye(2), 1, 2)[0][1]["n"] == 3.5


def test_there_are_few_enough(digits: Assignment) -> None:
    """At most 40 for each question, all of them different, and none is the solution."""
    solution = Solution(digits)
    for name in digits.question_names:
        found = list(trivial_answers(solution, name))
        assert 15 <= len(found) <= 40
        assert len({answer.code for answer in found}) == len({answer.what for answer in found}) == len(found)


UNFIT = '''
import pytest
from grader.checks import close, shape

@pytest.mark.points(1)
def test_shape(student, rng):
    """As many numbers come back as went in."""
    shape(student.double(rng.normal(size=3)), (3,))

@pytest.mark.points(1, needs="test_numbers")
def test_shape_of_a_matrix(student, rng):
    """A matrix stays one."""
    shape(student.double(rng.normal(size=(3, 2))), (3, 2))

@pytest.mark.points(1)
def test_numbers(student, reference, rng):
    """Twice a number is right."""
    x = rng.normal(size=3)
    close(student.double(x), reference.double(x))
'''


@pytest.fixture(scope="module")
def unfit_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tiny_assignment(tmp_path_factory.mktemp("unfit"))
    (folder / "hidden" / "test_double.py").write_text(UNFIT)
    (folder / "hidden" / "test_quadruple.py").write_text(
        CASES["quadruple"].replace("rng.normal(size=3)", "0 * rng.normal(size=3)")
    )
    lines = ("double: the argument x", "double: NaN", "double: gone")
    (folder / "equivalent.toml").write_text("".join(f'"{line}" = "a try"\n' for line in lines))
    return folder


@pytest.fixture(scope="module")
def unfit(unfit_folder: Path) -> Quality:
    return validate(load(unfit_folder), jobs=1)


def test_a_case_that_gives_points_for_nothing_is_told(unfit: Quality, unfit_folder: Path) -> None:
    """With file and line, the answers and what to do; a case that needs another one gives nothing."""
    place = unfit_folder / "hidden" / "test_double.py"
    told = [problem for problem in unfit.problems if "answers that compute nothing" in problem]
    assert told[0].startswith(
        f"{place}:6: shape gives 1 point to answers that compute nothing: zeros in the right shape"
    )
    assert told[0].endswith('let it count only together with a case that does: points(1, needs="test_...")')
    assert not [problem for problem in told if "shape_of_a_matrix" in problem]
    assert "the argument x" not in told[0]  # which is listed


def test_an_answer_that_earns_everything_is_told(unfit: Quality) -> None:
    """It is right, which a list may say with the reason, or the cases are blind: here for all but 0."""
    (told,) = [
        problem for problem in unfit.problems if problem.startswith('"quadruple: the argument x" earns all points')
    ]
    assert "equivalent.toml" in told


def test_the_list_of_what_is_right_is_checked(unfit: Quality) -> None:
    """A line that excuses what earns nothing, or what isn't there, is a problem; figures leave excused ones out."""
    assert 'equivalent.toml lists "double: NaN", which earns nothing: delete the line' in unfit.problems
    assert len([problem for problem in unfit.problems if 'lists "double: gone"' in problem]) == 1
    double, quadruple = unfit.questions
    assert (double.gained, quadruple.gained) == (1, 2)
    assert unfit.baselines[-1].score == 3
