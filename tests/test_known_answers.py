"""The hidden cases judged by answers whose worth is known: solutions/digits/misconceptions.py and alternatives.py."""

from __future__ import annotations

import math
import runpy

import pytest
from conftest import submission

from grader.batch import Batch
from grader.known import KnownAnswer, alternatives, misconceptions
from grader.model import Assignment, ScoreReport
from grader.reporters import as_markdown
from grader.validate import solution_as_module
from grader.words import words


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


def test_an_answer_takes_the_place_of_the_solution_under_its_name() -> None:
    """Its own calls of itself follow; what only sounds the same, a method or a keyword, stays."""
    answer = KnownAnswer("f", "argmax", "", ("def argmax(x):\n    return np.argmax(x, argmax=argmax(x))",))
    text = answer.in_place_of("def f(x):\n    return 1\n\n\ny = f(2)\n")
    assert "def f(x):\n    return np.argmax(x, argmax=f(x))" in text
    assert "return 1" not in text


def test_every_misconception_loses_its_question_and_no_other(reports: dict[str, ScoreReport]) -> None:
    """A wrong answer costs points where it is wrong, and nothing elsewhere."""
    wrong = {name: report for name, report in reports.items() if name.startswith("wrong-")}
    assert len(wrong) >= 80
    for name, report in wrong.items():
        lost = [question.name for question in report.questions if question.score < question.max_score]
        assert lost == [name.split("-")[1]], name
        assert not report.needs_review, name


def test_a_report_names_the_mistake_in_few_words(digits: Assignment, reports: dict[str, ScoreReport]) -> None:
    """At most 160 plain words a question, among them the hint of that mistake, or none."""
    named = 0
    for each in misconceptions(digits):
        report = reports[f"wrong-{each.question}-{each.name}"]
        (question,) = (question for question in report.questions if question.name == each.question)
        if question.diagnosis:
            named += 1
            assert each.hint in question.diagnosis.hint, each.name
        page = as_markdown.render(report).decode()
        part = page.partition("\n## ")[2].partition("\n## Notes")[0].partition("\n---\n")[0]
        assert 5 < words(part) <= 160, each.name
    assert named >= 0.9 * len(misconceptions(digits))


def test_what_the_public_checks_leave_out_is_marked(digits: Assignment, reports: dict[str, ScoreReport]) -> None:
    """A known mistake passes the checks that students have exactly when it loses marked cases only; a report tells."""
    names: dict[str, object] = {"math": math}
    exec(solution_as_module(digits), names)
    examine = runpy.run_path(str(digits.support / "check.py"))["examine"]
    passing = 0
    for each in misconceptions(digits):
        own = dict(names)
        exec(each.code, own)
        passes = examine(each.question, own[each.name])[0] == "passed"
        report = reports[f"wrong-{each.question}-{each.name}"]
        lost = [case for question in report.questions for case in question.cases if case.status != "passed"]
        assert all(case.beyond for case in lost) is passes, each.name
        assert (as_markdown.BEYOND in as_markdown.render(report).decode()) is passes
        passing += passes
    assert passing


def test_every_right_way_earns_everything(reports: dict[str, ScoreReport]) -> None:
    """Loops, matmul, einsum, TensorFlow, lists, float32, other Keras styles: right is right."""
    right = {name: report for name, report in reports.items() if name.startswith("right-")}
    assert len(right) >= 40
    assert [name for name, report in right.items() if report.score < report.max_score] == []
