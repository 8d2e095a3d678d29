"""The hidden cases judged by answers whose worth is known: solutions/digits/misconceptions.py and alternatives.py."""

from __future__ import annotations

import pytest
from conftest import submission

from grader.batch import Batch
from grader.known import KnownAnswer, alternatives, misconceptions
from grader.model import Assignment, ScoreReport
from grader.validate import solution_as_module


@pytest.fixture(scope="module")
def reports(digits: Assignment) -> dict[str, ScoreReport]:
    """The reports of all known answers, graded as one class."""
    solution = solution_as_module(digits).decode()

    def handed_in(kind: str, answer: KnownAnswer) -> str:
        return f"{kind}-{answer.question}-{answer.name}"

    known = [("wrong", answer) for answer in misconceptions(digits)]
    known += [("right", answer) for answer in alternatives(digits)]
    submissions = [
        submission(answer.in_place_of(solution), handed_in(kind, answer), f"{digits.name}.py") for kind, answer in known
    ]
    batch = Batch(digits, submissions)
    found = {report.student: report for report in batch}
    assert batch.log == []
    assert len(found) == len(submissions)
    return found


def test_every_misconception_loses_its_question_and_no_other(reports: dict[str, ScoreReport]) -> None:
    """A wrong answer costs points where it is wrong, and nothing elsewhere."""
    wrong = {name: report for name, report in reports.items() if name.startswith("wrong-")}
    assert len(wrong) >= 80
    for name, report in wrong.items():
        lost = [question.name for question in report.questions if question.score < question.max_score]
        assert lost == [name.split("-")[1]], name
        assert not report.needs_review, name


def test_every_right_way_earns_everything(reports: dict[str, ScoreReport]) -> None:
    """Loops, matmul, einsum, TensorFlow, lists, float32, other Keras styles: right is right."""
    right = {name: report for name, report in reports.items() if name.startswith("right-")}
    assert len(right) >= 40
    assert [name for name, report in right.items() if report.score < report.max_score] == []
