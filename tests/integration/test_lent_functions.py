"""A function that is given to a submission can be called while its question is asked, and never again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader.models import Limits, ScoreReport, Status
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.host.launcher import Launcher
from tests.factories import submission

KEEPS = """
kept = []
def double(x, g=None):
    kept.append(g)
    return g(x)
def quadruple(x):
    return kept[0](x)
def give():
    return kept[0]
"""


def triple(x: float) -> float:
    return 3 * x


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    with Launcher() as server:
        yield server


@pytest.fixture
def student(launcher: Launcher) -> Iterator[StudentProxy]:
    names = ("double", "quadruple", "give")
    with closing(StudentProxy(submission(KEEPS), names, launcher, Limits(call_seconds=5))) as handle:
        yield handle


def ends(call: Callable[[], object]) -> tuple[Status, str]:
    with pytest.raises(StudentError) as found:
        call()
    return found.value.status, found.value.message


def test_a_function_is_good_for_its_question(student: StudentProxy) -> None:
    """Within the question it was given for it answers as often as it is called."""
    student.substitute("double", {})
    assert student.double(2.0, triple) == 6
    assert student.quadruple(3.0) == 9
    student.substitute("double", {})  # the question goes on
    assert student.quadruple(3.0) == 9


@pytest.mark.parametrize("functions", [{}, {"lent": triple}], ids=["nothing lent", "lent"])
def test_it_is_good_for_nothing_in_the_next_one(
    student: StudentProxy, functions: dict[str, Callable[..., object]]
) -> None:
    """Whether it came as an argument or was lent, and whatever is lent next: a call raises in the student's code."""
    student.substitute("double", {})
    student.double(2.0, triple)
    student.substitute("quadruple", functions)
    status, message = ends(lambda: student.quadruple(3.0))
    assert status is Status.ERROR
    assert "was given for another question" in message
    assert student.double(1.0, triple) == 3  # and the worker lives on, and takes new ones


def test_what_is_lent_again_is_a_new_loan(student: StudentProxy) -> None:
    """The same function lent for two questions: the handle that was kept of the first one stays void."""
    keeps = "kept = []\ndef double(x):\n    kept.append(lent)\n    return kept[0](x)\n"
    with closing(StudentProxy(submission(keeps), ("double",), student._launcher, Limits())) as other:
        other.substitute("one", {"lent": triple})
        assert other.double(2.0) == 6
        other.substitute("two", {"lent": triple})
        assert ends(lambda: other.double(2.0))[0] is Status.ERROR


def test_it_does_not_come_back_as_an_answer(student: StudentProxy) -> None:
    """A function of ours from an earlier question, handed back, is no value."""
    student.substitute("double", {})
    student.double(2.0, triple)
    student.substitute("give", {})
    assert ends(student.give)[0] in (Status.CRASHED, Status.BAD_VALUE)


def test_a_given_function_that_never_ends_costs_its_call(launcher: Launcher) -> None:
    """Our own function works without an end: the call times out, is not made again, and others go on."""

    def endless(x: float) -> float:
        while True:
            x += 1

    with closing(
        StudentProxy(submission(KEEPS), ("double", "quadruple"), launcher, Limits(call_seconds=0.5))
    ) as handle:
        status, message = ends(lambda: handle.double(1.0, endless))
        assert (status, message) == (
            Status.TIMEOUT,
            "`double` used more than 0.5 s of processor time in the functions it was given, and was stopped",
        )
        assert "was not called again" in ends(lambda: handle.double(1.0, triple))[1]
        assert ends(lambda: handle.quadruple(1.0)) == (
            Status.ERROR,
            "`quadruple` raised IndexError: “list index out of range” (tiny.py, line 7: “return kept[0](x)”)",
        )


def test_lending_to_a_submission_without_time_rejects_nothing(launcher: Launcher) -> None:
    """When the time of the whole submission is used up, its questions time out; what it earned stays earned."""
    with closing(StudentProxy(submission(KEEPS), ("double",), launcher, Limits(total_seconds=1e-3))) as handle:
        handle.substitute("double", {"lent": triple})
        assert ends(lambda: handle.double(1.0))[0] is Status.TIMEOUT
        handle.substitute("quadruple", {})
        assert ends(lambda: handle.double(1.0))[0] is Status.TIMEOUT


def test_the_work_of_a_case_is_limited(tiny_folder: Path, grade: Callable[..., ScoreReport]) -> None:
    """A case that computes for ever with what it got is stopped, costs its own points, and needs no review."""
    from grader.assignments.loader import load

    path = tiny_folder / "hidden" / "test_double.py"
    right = "close(student.double(0), 0)"
    path.write_text(path.read_text().replace(right, f"while student.double(0) == 13: pass\n    {right}"))
    settings = tiny_folder / "assignment.toml"
    settings.write_text(settings.read_text().replace("[limits]", "[limits]\ncase_seconds = 0.5"))
    code = "def double(x): return 2 * x if type(x) is not int else 13\ndef quadruple(x): return double(double(x))\n"
    report = grade(load(tiny_folder), code)
    assert not report.needs_review
    (double, quadruple) = report.questions
    assert [(case.status, case.points) for case in double.cases] == [("passed", 2), ("timeout", 0)]
    assert double.cases[1].message == "checking your answer took more than 0.5 s of processor time, and was stopped"
    assert quadruple.score == 2
