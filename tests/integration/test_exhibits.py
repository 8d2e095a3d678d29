"""Exhibits in the report of a submission."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.assignments.loader import load
from grader.models import Flow, ScoreReport
from tests.factories import RIGHT


def test_a_case_keeps_what_it_showed_when_it_loses_points(tiny_folder: Path, grade: Callable[..., ScoreReport]) -> None:
    """A right answer keeps nothing; of two cases each has its own; what can't be drawn costs no point."""
    path = tiny_folder / "hidden" / "test_double.py"
    numbers, zero = "    close(student.double(x), reference.double(x))", "    close(student.double(0), 0)"
    text = path.read_text().replace("rng)", "rng, exhibit)").replace("zero(student)", "zero(student, exhibit)")
    text = text.replace(
        numbers,
        "    got, want = student.double(x), reference.double(x)\n"
        "    exhibit.flow('Twice', ['x', 'result'], [x, got], [x, want])\n"
        "    close(got, want)",
    )
    path.write_text(text.replace(zero, f"    exhibit.flow('Never', [], 0, 5)\n{zero}"))
    tiny = load(tiny_folder)
    wrong, right = grade(tiny, RIGHT.replace("2 * x", "[2 * x]")), grade(tiny, RIGHT)
    first, second = wrong.questions[0].cases
    (flow,) = first.exhibits
    assert isinstance(flow, Flow)
    assert [step.wrong for step in flow.steps] == ["", "expected (3,)"]
    assert second.exhibits == ()
    assert right.score == right.max_score
    assert not any(case.exhibits for question in right.questions for case in question.cases)
