"""The hidden cases judged by answers whose worth is known: misconceptions.py and alternatives.py in solutions/NAME/."""

from __future__ import annotations

import pytest
from conftest import ROOT, submission

from grader.assignment import load
from grader.batch import Batch
from grader.known import KnownAnswer, alternatives, misconceptions
from grader.model import ScoreReport
from grader.validate import solution_as_module

FEWEST = {"digits": (80, 40), "practice_lab": (45, 25)}  # wrong and right answers that must be there


@pytest.fixture(scope="module", params=FEWEST)
def assignment(request: pytest.FixtureRequest) -> str:
    """The name of an assignment."""
    return str(request.param)


@pytest.fixture(scope="module")
def reports(assignment: str) -> dict[str, ScoreReport]:
    """The reports of all known answers, graded as one class."""
    loaded = load(ROOT / "solutions" / assignment)
    solution = solution_as_module(loaded).decode()

    def handed_in(kind: str, answer: KnownAnswer) -> str:
        return f"{kind}-{answer.question}-{answer.name}"

    known = [("wrong", answer) for answer in misconceptions(loaded)]
    known += [("right", answer) for answer in alternatives(loaded)]
    submissions = [
        submission(answer.in_place_of(solution), handed_in(kind, answer), f"{assignment}.py") for kind, answer in known
    ]
    batch = Batch(loaded, submissions)
    found = {report.student: report for report in batch}
    assert batch.log == []
    assert len(found) == len(submissions)
    return found


def test_every_misconception_loses_its_question_and_no_other(assignment: str, reports: dict[str, ScoreReport]) -> None:
    """A wrong answer costs points where it is wrong, and nothing elsewhere."""
    wrong = {name: report for name, report in reports.items() if name.startswith("wrong-")}
    assert len(wrong) >= FEWEST[assignment][0]
    for name, report in wrong.items():
        lost = [question.name for question in report.questions if question.score < question.max_score]
        assert lost == [name.split("-")[1]], name
        assert not report.needs_review, name


def test_every_right_way_earns_everything(assignment: str, reports: dict[str, ScoreReport]) -> None:
    """Loops, matmul, einsum, TensorFlow, lists, float32, other Keras styles: right is right."""
    right = {name: report for name, report in reports.items() if name.startswith("right-")}
    assert len(right) >= FEWEST[assignment][1]
    assert [name for name, report in right.items() if report.score < report.max_score] == []
