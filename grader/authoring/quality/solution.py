"""The solution as one module, whose answers can be replaced."""

from __future__ import annotations

import ast
from functools import cached_property

from grader.assignments.known_answers import find_definition
from grader.assignments.loader import AssignmentError
from grader.authoring.notebook import Notebook, tags
from grader.models import Assignment
from grader.notebooks.solution_regions import is_marked


def solution_as_module(assignment: Assignment) -> bytes:
    """Return the code of the exercises, with the answers, and of the cells that they need."""
    cells = Notebook.read(assignment.notebook).cells("code")
    return "\n\n".join(cell.source for cell in cells if is_marked(cell.source) or "module" in tags(cell)).encode()


class Solution:
    """Text of the solution, and the statement that answers each question.

    Raises AssignmentError if the solution isn't Python, or lacks an answer.
    """

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.text = solution_as_module(assignment).decode()
        self.file = f"{assignment.name}.py"
        try:
            tree = ast.parse(self.text)
        except SyntaxError as problem:
            line = f"{problem.msg}: {(problem.text or '').strip()}"
            raise AssignmentError(f"{assignment.notebook}: the cells of the module aren't Python ({line})") from None
        try:
            self.definitions = {name: find_definition(tree, name) for name in assignment.question_names}
        except KeyError as missing:
            raise AssignmentError(f"{assignment.notebook} defines no function or value {missing}") from None

    def replace_answer(self, question: str, code: str) -> str:
        """Return the solution with `code` instead of the statement that answers a question."""
        node = self.definitions[question]
        lines = self.text.splitlines()
        return "\n".join([*lines[: node.lineno - 1], code, *lines[node.end_lineno :], ""])

    def is_value(self, question: str) -> bool:
        """Return whether the answer to a question is a value, not a function."""
        return not isinstance(self.definitions[question], ast.FunctionDef)

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Return question -> function. A value becomes a function that returns it, so that it can be mutated."""
        return {name: _as_function(name, node) for name, node in self.definitions.items()}

    @cached_property
    def affected(self) -> dict[str, tuple[str, ...]]:
        """Return question -> the questions whose result its answer may change, itself included."""
        assignment = self.assignment
        asked = [assignment.question(name) for name in assignment.question_names]
        dependencies = {question.name: {*question.uses, *_names(self.functions[question.name])} for question in asked}
        for name, needed in dependencies.items():  # a case may also call another question's function
            needed |= _names(ast.parse((assignment.hidden / f"test_{name}.py").read_bytes()))
        affected: dict[str, tuple[str, ...]] = {}
        for name in dependencies:
            found = {name}
            while more := {other for other, needed in dependencies.items() if needed & found} - found:
                found |= more
            affected[name] = tuple(other for other in dependencies if other in found)
        return affected


def _names(tree: ast.AST) -> set[str]:
    """Return the names that a function uses, and the names in `student.NAME` and `student.call("NAME")` of a case."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "student":
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def _as_function(name: str, node: ast.stmt) -> ast.FunctionDef:
    if isinstance(node, ast.FunctionDef):
        return node
    assert isinstance(node, ast.Assign)
    (function,) = ast.parse(f"def {name}():\n    return {ast.unparse(node.value)}").body
    assert isinstance(function, ast.FunctionDef)
    return function
