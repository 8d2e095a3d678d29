"""Submissions whose worth is known: the solution, the stubs, known answers, mutants, and the solution a bit off."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from grader.assignment import AssignmentError
from grader.known import alternatives, definition, misconceptions
from grader.model import Assignment, ScoreReport, Submission
from grader.mutants import Mutant, mutants
from grader.perturb import FAR_OFF, OFF, REORDERED, ROUNDED, perturbed
from grader.release import MARK, build

SOLUTION, STUBS = "solutions", "stubs"
RIGHT, WRONG, MUTANT = "alternative", "misconception", "mutant"


@dataclass(frozen=True)
class Trial:
    """One submission: of which kind it is, what it is called, and the question that it is about, if only one."""

    kind: str
    name: str
    question: str
    submission: Submission
    diff: str = ""  # of a mutant: the lines that differ
    hint: str = ""  # of a misconception: what its report should say


@dataclass(frozen=True)
class Judged:
    """A trial, and what the hidden cases said of it."""

    trial: Trial
    report: ScoreReport

    @property
    def lost(self) -> list[str]:
        """The questions that lost points."""
        return [question.name for question in self.report.questions if question.score < question.max_score]

    @property
    def told(self) -> str:
        """The hint of the mistake that its report names; nothing when it names none."""
        named = (q.diagnosis.hint for q in self.report.questions if q.name == self.trial.question and q.diagnosis)
        return next(named, "")

    @property
    def killers(self) -> set[str]:
        """The cases of its own question that it failed."""
        return {
            case.name
            for question in self.report.questions
            if question.name == self.trial.question
            for case in question.cases
            if not case.points
        }


def trials(assignment: Assignment) -> Iterator[Trial]:
    """All of them. What is about one question is graded on it, and on those that it could have an effect on."""
    module = solution_as_module(assignment)
    solution, file = module.decode(), f"{assignment.name}.py"
    try:
        ast.parse(solution)
    except SyntaxError as problem:
        line = f"{problem.msg}: {(problem.text or '').strip()}"
        raise AssignmentError(f"{assignment.notebook}: what goes into the module isn't Python ({line})") from None
    yield from _extremes(assignment, module)
    names = [question.name for question in assignment.questions]
    for how in (ROUNDED, REORDERED, OFF, FAR_OFF):
        yield Trial(how, how, "", _submission(how, file, perturbed(solution, names, how).encode()))
    definitions = _definitions(assignment, solution)
    functions = {name: _as_function(name, node) for name, node in definitions.items()}
    affected = _affected(assignment, functions)
    for kind, answers in ((RIGHT, alternatives(assignment)), (WRONG, misconceptions(assignment))):
        for answer in answers:
            name = f"{answer.question}: {answer.name}"
            content = answer.in_place_of(solution).encode()
            submission = _submission(f"{kind} {name}", file, content, affected[answer.question])
            yield Trial(kind, name, answer.question, submission, hint=answer.hint)
    for question in names:
        for mutant in mutants(ast.unparse(functions[question])):
            content = solution.replace(_text(solution, definitions[question]), _whole(mutant, definitions)).encode()
            submission = _submission(f"{MUTANT} {mutant.name}", file, content, (question,))
            yield Trial(MUTANT, mutant.name, question, submission, mutant.diff)


def solution_as_module(assignment: Assignment) -> bytes:
    """The code of the exercises, and of the cells that they need, answers included."""
    cells = json.loads(assignment.notebook.read_text(encoding="utf-8"))["cells"]
    sources = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code"
        and (MARK.search("".join(cell["source"])) or "module" in cell["metadata"].get("tags", []))
    ]
    return "\n\n".join(sources).encode()


def _extremes(assignment: Assignment, module: bytes) -> Iterator[Trial]:
    """The solutions and the untouched stubs, as a notebook and as a module."""
    stubs = build(assignment.folder)
    notebook, file = assignment.notebook.name, f"{assignment.name}.py"
    solutions = {notebook: assignment.notebook.read_bytes(), file: module}
    for kind, files in ((SOLUTION, solutions), (STUBS, stubs)):
        for name in (notebook, file):
            label = f"{kind}, {name}"
            yield Trial(kind, label, "", _submission(label, name, files[name]))


def _submission(student: str, file: str, content: bytes, questions: tuple[str, ...] = ()) -> Submission:
    return Submission(student, file, content, hashlib.sha256(content).hexdigest(), questions=questions)


def _affected(assignment: Assignment, functions: dict[str, ast.FunctionDef]) -> dict[str, tuple[str, ...]]:
    """For each question, itself and those that its answer could have an effect on."""
    leans = {question.name: {*question.uses, *_names(functions[question.name])} for question in assignment.questions}
    for name, leaning in leans.items():  # a case may call another question's function as well
        leaning |= _names(ast.parse((assignment.hidden / f"test_{name}.py").read_bytes()))
    affected: dict[str, tuple[str, ...]] = {}
    for name in leans:
        found = {name}
        while more := {other for other, leaning in leans.items() if leaning & found} - found:
            found |= more
        affected[name] = tuple(other for other in leans if other in found)
    return affected


def _names(tree: ast.AST) -> set[str]:
    """What a function calls by its name, or a case by `student.NAME` or `student.call("NAME")`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "student":
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def _definitions(assignment: Assignment, solution: str) -> dict[str, ast.stmt]:
    """The statement of the solution that answers each question."""
    tree = ast.parse(solution)
    try:
        return {question.name: definition(tree, question.name) for question in assignment.questions}
    except KeyError as missing:
        raise AssignmentError(f"{assignment.notebook} answers {missing} by no function or value of this name") from None


def _as_function(name: str, node: ast.stmt) -> ast.FunctionDef:
    """A function; for a value the one that gives it, so that it has mutants too."""
    if isinstance(node, ast.FunctionDef):
        return node
    assert isinstance(node, ast.Assign)
    (function,) = ast.parse(f"def {name}():\n    return {ast.unparse(node.value)}").body
    assert isinstance(function, ast.FunctionDef)
    return function


def _whole(mutant: Mutant, definitions: dict[str, ast.stmt]) -> str:
    """The mutant as it stands in the place of its question's definition."""
    is_value = not isinstance(definitions[mutant.question], ast.FunctionDef)
    return f"{mutant.code}\n{mutant.question} = {mutant.question}()" if is_value else mutant.code


def _text(solution: str, node: ast.stmt) -> str:
    return "\n".join(solution.splitlines()[node.lineno - 1 : node.end_lineno])
