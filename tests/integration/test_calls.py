"""Several calls in one exchange: what a later call does to the answer of an earlier one shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.assignments.loader import AssignmentError, load
from grader.diagnosis.probes import Recorder
from grader.models import Assignment, ScoreReport
from grader.sandbox.client.student_proxy import AnsweredCall
from tests.factories import RIGHT

Grade = Callable[[Assignment, str], ScoreReport]

TOGETHER = '''
import numpy as np
import pytest
from grader.checks import close, unchanged

@pytest.mark.points(3)
def test_calls(student, rng):
    """Each of three calls has its own answer."""
    given = [(rng.normal(size=size),) for size in (2, 3, 3)]
    for (x,), call in zip(given, student.calls("double", *given), strict=True):
        close(call.value, 2 * x)
        unchanged(call, (x,))
'''
BUFFER = """
import numpy as np
kept = np.zeros(3)
def double(x):
    kept[: len(x)] = 2 * x
    return kept[: len(x)]
def quadruple(x): return 4 * x
"""
ARGUMENT = "def double(x):\n    x *= 2\n    return x\ndef quadruple(x): return 4 * x\n"
ONCE = "seen = []\ndef double(x):\n    seen.append(2 * x)\n    return seen[0]\ndef quadruple(x): return 4 * x\n"
THIRD = ONCE.replace("seen[0]", "seen[-1] if len(seen) < 3 else 1 / 0")


@pytest.fixture
def together(tiny_folder: Path) -> Assignment:
    (tiny_folder / "hidden" / "test_double.py").write_text(TOGETHER)
    return load(tiny_folder)


@pytest.mark.parametrize(
    ("code", "told", "called"),
    [
        (BUFFER, "The result is wrong", "x (2,)"),  # the later calls have overwritten it
        (ARGUMENT, "argument number 1", "x (2,)"),
        (ONCE, "The result has shape (2,)", "x (3,)"),
        (THIRD, "`double` raised ZeroDivisionError", "x (2,)"),  # whichever call it was
        ("def double(*x):\n    return x[0] * (2 if len(x) == 1 else 3)\ndef quadruple(x): return 4 * x\n", "", ""),
        (RIGHT, "", ""),
    ],
    ids=["a buffer", "the argument", "the first answer", "the third raises", "one by one", "right"],
)
def test_what_several_calls_tell(together: Assignment, grade: Grade, code: str, told: str, called: str) -> None:
    """Results and arguments are read after the last call; the report tells the call that was wrong."""
    (case,) = grade(together, code).questions[0].cases
    assert str(case.status) == ("passed" if not told else "error" if "raised" in told else "failed")
    assert told in case.message
    assert case.called == called


def test_a_given_function_can_be_called_in_each(tiny_folder: Path, grade: Grade) -> None:
    """Functions among the arguments run on the case's side, as in a single call."""
    text = TOGETHER.replace("(rng.normal(size=size),)", "(np.full(size, 1.5), len)").replace(
        "(x,), call", "(x, _), call"
    )
    text = text.replace("2 * x)", "len(x) * x)").replace("(x,))", "(x, len))")
    (tiny_folder / "hidden" / "test_double.py").write_text(text)
    code = "def double(x, f): return f(x) * x\ndef quadruple(x): return 4 * x\n"
    assert grade(load(tiny_folder), code).questions[0].score == 3


LIES = """
import sys
def lied():
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "do_calls"):
        frame = frame.f_back
    frame.f_locals["self"].do_calls = lambda **request: {"status": "ok", "value": VALUE}
    return True
truth = lied()
def double(x): return 2 * x if truth else x
def quadruple(x): return 4 * x
"""


@pytest.mark.parametrize(
    "value", ["None", "[]", "[(1, (), 0)]", "[1, 2, 3]", "[(1, 2)] * 3", "'abc'", "[(1, 2, 3)] * 4"]
)
def test_a_worker_that_answers_something_else_is_stopped(together: Assignment, grade: Grade, value: str) -> None:
    """It can't be taken for answers, and the question alone is lost."""
    double, quadruple = grade(together, LIES.replace("VALUE", value)).questions
    assert (str(double.status), double.score, quadruple.score) == ("crashed", 0, 2)
    assert "was stopped: the sandbox sent an invalid list of results" in double.cases[0].message


def test_each_call_is_a_probe() -> None:
    """A diagnosis asks for each of them."""

    class Asked:
        def call(self, name: str, *args: object, **kwargs: object) -> AnsweredCall:
            return AnsweredCall(args, args)

    recorder = Recorder(Asked(), "double")  # type: ignore[arg-type]  # all that it needs of a student
    assert [call.value for call in recorder.calls("double", (1,), (2,), (1,))] == [(1,), (2,), (1,)]
    assert [probe.args for probe in recorder.probes] == [(1,), (2,)]


def test_the_name_is_taken(tiny_folder: Path) -> None:
    """No question can be called so, for a case couldn't call it."""
    path = tiny_folder / "assignment.toml"
    path.write_text(path.read_text().replace('"quadruple"', '"calls"'))
    with pytest.raises(AssignmentError, match=r"`student\.calls` is taken"):
        load(tiny_folder)


def test_what_is_returned_in_the_memory_of_an_argument_is_told(tiny_folder: Path, grade: Grade) -> None:
    """A view or the argument itself, also inside of lists; a copy isn't, and only a worker's True counts."""
    text = TOGETHER.replace("unchanged(call, (x,))", "assert not call.shared, 'shared'").replace("2 * x)", "x)")
    (tiny_folder / "hidden" / "test_double.py").write_text(text)
    assignment = load(tiny_folder)
    for code, shared in (("x", True), ("x[:]", True), ("x + 0", False), ("x.copy()", False)):
        (case,) = grade(assignment, f"def double(x): return {code}\n").questions[0].cases
        assert (case.message == "shared") is shared, code


IDENTITY = '''
import numpy as np
import pytest
from grader.checks import equal

@pytest.mark.points(3)
def test_identity(student):
    """The same array twice is one object, in one call and in the next; so is a tuple of it."""
    x, y = np.ones(2), np.zeros(2)
    calls = student.calls("double", ([x, x], [(x, y), (x, y)]), ([x, np.ones(2)], [(x, y), (y, x)]))
    for call, want in zip(calls, ([1, 1, 0], [1, 0, 1]), strict=True):
        equal(call.value, want)
    assert student.double(np.asarray, x) == 1
'''


def test_equal_arrays_are_one_object(tiny_folder: Path, grade: Grade) -> None:
    """What goes by identity behaves as where a student runs it; np.asarray is the identity on both sides."""
    (tiny_folder / "hidden" / "test_double.py").write_text(IDENTITY)
    code = """
seen = []
def double(xs, pairs):
    if callable(xs):
        return int(xs(pairs) is pairs)
    seen.append(xs[0])
    return [int(xs[0] is xs[1]), int(pairs[0] is pairs[1]), int(len(seen) > 1 and seen[0] is xs[0])]
"""
    (case,) = grade(load(tiny_folder), code).questions[0].cases
    assert (str(case.status), case.message) == ("passed", "")
