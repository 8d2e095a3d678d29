"""The solution as one module, whose answers can be replaced."""

from __future__ import annotations

import ast
from functools import cached_property

from grader.assignments.known_answers import find_definition, is_plain_value
from grader.assignments.loader import AssignmentError
from grader.authoring.notebook import Notebook, tags
from grader.models import Assignment
from grader.notebooks.scopes import names_of
from grader.notebooks.solution_regions import is_marked

Definition = ast.FunctionDef | ast.ClassDef


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
        """Return the solution with another answer to a question.

        :param code: a definition with the question's name, as in `functions`
        """
        return self.replace_statements(
            question, f"{code}\n{question} = {question}()" if self.is_value(question) else code
        )

    def replace_statements(self, question: str, code: str) -> str:
        """Return the solution with `code` instead of the statement that answers a question."""
        node, lines = self.definitions[question], self.text.splitlines()
        alone = not self.is_value(question) or is_plain_value(node)
        first = node.lineno - 1 if alone else node.end_lineno or 0  # other names keep their values
        return "\n".join([*lines[:first], code, *lines[node.end_lineno :], ""])

    def is_value(self, question: str) -> bool:
        """Return whether the answer to a question is a value, not a function or a class."""
        return not isinstance(self.definitions[question], Definition)

    def is_class(self, question: str) -> bool:
        """Return whether the answer to a question is a class."""
        return isinstance(self.definitions[question], ast.ClassDef)

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Return question -> function, without classes.

        A value becomes a function that returns it, so that it can be mutated.
        """
        return {
            name: _as_function(name, node)
            for name, node in self.definitions.items()
            if not isinstance(node, ast.ClassDef)
        }

    def definition(self, question: str) -> Definition:
        """Return the function or class of a question."""
        node = self.definitions[question]
        return node if isinstance(node, ast.ClassDef) else self.functions[question]

    @cached_property
    def affected(self) -> dict[str, tuple[str, ...]]:
        """Return question -> the questions whose result its answer may change, itself included."""
        assignment = self.assignment
        asked = [assignment.question(name) for name in assignment.question_names]
        dependencies = {question.name: {*question.uses, *_names(self.definition(question.name))} for question in asked}
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
    """Return the function of a question: for a value, one that returns it."""
    if isinstance(node, ast.FunctionDef):
        return node
    (function,) = ast.parse(f"def {name}():\n    return {name}").body
    assert isinstance(function, ast.FunctionDef)
    if (value := _own_value(name, node)) is not None:
        function.body = [ast.Return(value)]
    elif name in names_of(node, ast.unparse(node)).binds:
        function.body.insert(0, node)
    (numbered,) = ast.parse(ast.unparse(function)).body  # the parts came from other places, with other line numbers
    assert isinstance(numbered, ast.FunctionDef)
    return numbered


def _own_value(name: str, node: ast.stmt) -> ast.expr | None:
    """Return the expression of a name's value in `name = value` or `name, other = value, 2`; else None."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return None
    match node.targets[0], node.value:
        case ast.Name(), value:
            return value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            found = {ast.unparse(target): value for target, value in zip(targets, values, strict=True)}
            return found.get(name)
    return None
