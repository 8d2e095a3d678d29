"""How points add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.grading import scoring
from grader.models import Assignment, Limits, Question, ScoreReport, Status
from tests.factories import case, submission

POINTS = st.one_of(
    st.integers(1, 100).map(float), st.integers(1, 12).map(lambda parts: 1 / parts), st.floats(0.001, 100)
)
QUESTIONS = st.lists(st.tuples(POINTS, st.lists(st.booleans(), min_size=1, max_size=9)), min_size=1, max_size=9)


def graded(questions: list[tuple[float, list[bool]]]) -> ScoreReport:
    """Return the report of questions, each with its points, and for each of its cases whether it passed."""
    asked = [Question(f"q{number}", points) for number, (points, _) in enumerate(questions)]
    assignment = Assignment("sums", "Sums", Path("sums"), tuple(asked), Limits(), (), "secret", "digest")
    results = []
    for question, (points, passed) in zip(asked, questions, strict=True):
        worth = points / len(passed)
        cases = [
            case(f"c{number}", Status.PASSED if right else Status.FAILED, worth=worth)
            for number, right in enumerate(passed)
        ]
        results.append(scoring.question_result(question, cases))
    return scoring.report(assignment, submission("x = 1"), results, protections=())


@given(QUESTIONS)
def test_a_score_lies_between_nothing_and_all_points(questions: list[tuple[float, list[bool]]]) -> None:
    """Of each question, and of the whole. Whoever passes everything has all points."""
    report = graded(questions)
    for result, (points, passed) in zip(report.questions, questions, strict=True):
        assert 0 <= result.score <= points
        assert result.score == points or not all(passed)
    assert 0 <= report.score <= report.max_score
    assert report.score == report.max_score or not all(all(passed) for _, passed in questions)


def test_thirds_and_sixths_add_up() -> None:
    """Three questions worth 1/6 beside one worth 2 are 2.5 points, and not 2.51."""
    report = graded([(1 / 6, [True]), (1 / 6, [True]), (1 / 6, [True, True]), (2.0, [True])])
    assert report.score == pytest.approx(2.5) and report.score <= report.max_score
