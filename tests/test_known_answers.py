"""The hidden cases judged by answers whose worth is known: solutions/digits/misconceptions.py and alternatives.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import submission

from grader.batch import Batch
from grader.model import Assignment, ScoreReport, Submission
from grader.validate import solution_as_module


def functions(source: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def text(source: str, node: ast.FunctionDef) -> str:
    """The function without its decorators."""
    return "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])


def question_of(node: ast.FunctionDef) -> str:
    """The first argument of the decorator that registers an answer; nothing for a helper."""
    calls = [decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    return str(ast.literal_eval(calls[0].args[0])) if calls else ""


def submissions(path: Path, solution: str, file: str) -> Iterator[Submission]:
    """For each registered answer the solution with that answer in the place of its own."""
    source = path.read_text()
    known = functions(source)
    for name, node in known.items():
        question = question_of(node)
        if not question:
            continue
        own = functions(solution)[question]
        needed, todo = {name}, [name]
        while todo:
            for part in ast.walk(known[todo.pop()]):
                if (
                    isinstance(part, ast.Name)
                    and part.id.startswith("_")
                    and part.id in known
                    and part.id not in needed
                ):
                    needed.add(part.id)
                    todo.append(part.id)
        answer = "\n\n\n".join(text(source, known[each]) for each in known if each in needed)
        code = solution.replace(text(solution, own), "import math") + re.sub(
            rf"\b{name}\b", question, f"\n\n{answer}\n"
        )
        yield submission(code, f"{path.stem}-{question}-{name}", file)


@pytest.fixture(scope="module")
def reports(digits: Assignment) -> dict[str, ScoreReport]:
    """The reports of all known answers, graded as one class."""
    solution, file = solution_as_module(digits).decode(), f"{digits.name}.py"
    paths = [digits.folder / "misconceptions.py", digits.folder / "alternatives.py"]
    handed_in = [one for path in paths for one in submissions(path, solution, file)]
    batch = Batch(digits, handed_in)
    found = {report.student: report for report in batch}
    assert batch.log == []
    assert len(found) == len(handed_in)
    return found


def test_every_misconception_loses_its_question_and_no_other(reports: dict[str, ScoreReport]) -> None:
    """A wrong answer costs points where it is wrong, and nothing elsewhere."""
    wrong = {name: report for name, report in reports.items() if name.startswith("misconceptions-")}
    assert len(wrong) >= 80
    for name, report in wrong.items():
        lost = [question.name for question in report.questions if question.score < question.max_score]
        assert lost == [name.split("-")[1]], name
        assert not report.needs_review, name


def test_every_right_way_earns_everything(reports: dict[str, ScoreReport]) -> None:
    """Loops, matmul, einsum, TensorFlow, lists, float32, other Keras styles: right is right."""
    right = {name: report for name, report in reports.items() if name.startswith("alternatives-")}
    assert len(right) >= 40
    assert [name for name, report in right.items() if report.score < report.max_score] == []
