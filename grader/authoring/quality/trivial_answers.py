"""Answers that compute nothing: constants, the arguments, zeros in the right shape, fakes, another question's answer.

Each must earn no points on its question. An answer may call the right one (`_right_NAME`) for the structure and shapes
of its result, which a student knows from the text of the assignment.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.quality.solution import Solution

CONSTANTS = {
    "0": "0",
    "1": "1",
    "NaN": "_np.nan",
    "None": "None",
    "an empty list": "[]",
    "an empty array": "_np.zeros(0)",
    "an empty text": "''",
}
FILLED = ("zeros", "ones", "halves", "random numbers")
# Methods and properties of the right class, as methods that return None. Its other attributes are left out.
EMPTY_CLASS = (
    'type("{name}", (), dict.fromkeys((n for n in vars({right}) if n == "__init__" or n[:2] != "__"), '
    "lambda *_arguments, **_named: None))"
)
MAX_ARGUMENTS = 6  # of a function that are used as answers

HELPERS = Path(__file__).with_name("trivial_helpers.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class TrivialAnswer:
    """Answer that computes nothing. `code` is the complete module."""

    question: str
    what: str
    code: str

    @property
    def name(self) -> str:
        """Return the unique name, which equivalent.toml uses."""
        return f"{self.question}: {self.what}"


def trivial_answers(solution: Solution, question: str) -> Iterator[TrivialAnswer]:
    """Yield the trivial answers to a question."""
    right = f"_right_{question}"
    module = f"{ast.unparse(_Renamer(question, right).visit(ast.parse(solution.text)))}\n{HELPERS}"
    for what, expression in _answers(solution, question, right):
        yield TrivialAnswer(question, what, f"{module}\n{_bound(solution, question, expression)}\n")


def _answers(solution: Solution, question: str, right: str) -> Iterator[tuple[str, str]]:
    """Yield description and value of each answer. The value is an expression of `_arguments` and `_named`."""
    if solution.is_class(question):
        for what, expression in CONSTANTS.items():
            yield what, expression
        yield "a class whose methods do nothing", EMPTY_CLASS.format(name=question, right=right)
        return
    is_value = solution.is_value(question)
    result = right if is_value else f"{right}(*_arguments, **_named)"
    for what, expression in CONSTANTS.items():
        yield what, expression
    for what in FILLED:
        yield f"{what} in the right shape", f"_filled({result}, _{what.split()[0]})"
    if not is_value:
        yield "the right answer to the call before", f"_before({result})"
        yield from _of_arguments(solution.functions[question])
    yield from _of_others(solution, question)


def _of_arguments(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)][:MAX_ARGUMENTS]
    for i, name in enumerate(names):
        given = f"(_arguments[{i}] if len(_arguments) > {i} else _named.get({name!r}))"
        yield f"the argument {name}", given
        yield f"zeros in the shape of {name}", f"_filled({given}, _zeros)"
        yield f"ones in the shape of {name}", f"_filled({given}, _ones)"
    if len(names) > 1:
        yield "all arguments", "_arguments"


def _of_others(solution: Solution, question: str) -> Iterator[tuple[str, str]]:
    """Yield the right answers to other questions, called with the arguments of `question`.

    A function that `question` uses, and that takes fewer arguments, gets the first of them.
    """
    assignment = solution.assignment
    own = None if solution.is_value(question) else _arity(solution.functions[question])
    for other in assignment.question_names:
        if other == question or solution.is_class(other) or (own is None and not solution.is_value(other)):
            continue
        what = f"the right answer of {other}"
        if solution.is_value(other):
            yield what, other
            continue
        least, most = _arity(solution.functions[other])
        if own and least <= own[1] and own[0] <= most:
            yield what, f"{other}(*_arguments, **_named)"
        elif own and most < own[0] and other in assignment.dependencies(assignment.question(question)):
            yield what, f"{other}(*_arguments[:{most}])"


def _arity(function: ast.FunctionDef) -> tuple[int, int]:
    """Return the minimum and maximum number of positional arguments."""
    most = len(function.args.posonlyargs) + len(function.args.args)
    return most - len(function.args.defaults), most


def _bound(solution: Solution, question: str, expression: str) -> str:
    if solution.is_value(question) or solution.is_class(question):
        return f"{question} = {expression}"
    return f"def {question}(*_arguments, **_named):\n    return {expression}"


class _Renamer(ast.NodeTransformer):
    """Transformer that renames a name in a module."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Rename a use of the name."""
        return ast.copy_location(ast.Name(self.new, node.ctx), node) if node.id == self.old else node

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        """Rename the definition of a function or class."""
        self.generic_visit(node)
        node.name = self.new if node.name == self.old else node.name
        return node

    visit_ClassDef = visit_FunctionDef
