"""Mutants: a right function with one small mistake in it, one for each mistake that the operators know.

Hidden cases that let a mutant pass either miss something, or the mutant does what the right function does. The
name of a mutant is what changed, `sigmoid: z >= 0 -> z > 0`, with as much of the statement as tells it from others.
"""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from grader.authoring.quality.mutation_habits import ARRAY_HABITS, HABITS
from grader.authoring.quality.mutation_operators import mistakes

Change = tuple[str, str]  # the text of a node before and after


@dataclass(frozen=True)
class Mutant:
    """A function with one change in it. `code` defines it under its own name."""

    question: str
    change: str
    code: str
    diff: str
    advice: str = ""  # of a habit: how a case can find it

    @property
    def name(self) -> str:
        return f"{self.question}: {self.change}"


class _Slot(NamedTuple):
    """Where a node stands in its parent."""

    parent: ast.AST
    field: str
    place: int | None  # in a list

    def put(self, node: ast.AST) -> None:
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node


class _Draft(NamedTuple):
    code: str
    levels: tuple[Change, ...]  # from what changed outwards to the statement, each as it was and as it is


def mutants(source: str, arrays: bool = False) -> list[Mutant]:
    """Return every mutant of the one function in `source`, its docstring left out; each of them only once.

    With `arrays` the habits of functions that work on arrays are among them.
    """
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef), "a question is answered by a function"
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    original = ast.unparse(function)
    drafts = {draft.code: draft for draft in _drafts(function)}
    drafts.pop(original, None)
    names = _names(list(drafts.values()))
    changed = [
        Mutant(function.name, name, draft.code, _diff(original, draft.code))
        for name, draft in zip(names, drafts.values(), strict=True)
    ]
    return [*changed, *_with_habits(function, arrays)]


def _with_habits(function: ast.FunctionDef, arrays: bool) -> Iterator[Mutant]:
    """The function inside another one of its name, which has one of the habits."""
    arguments = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    name, inner = function.name, f"_right_{function.name}"
    function.name = inner
    right = ast.unparse(function)
    function.name = name
    habits = (HABITS | ARRAY_HABITS if arrays else HABITS) if arguments else {}
    for what, (body, advice) in habits.items():
        for i, argument in enumerate(arguments) if "{i}" in body else [(0, arguments[0])]:
            text = f"def {name}(*_arguments, _kept=[], **_named):{body.format(inner=inner, i=i)}"
            diff = "\n".join(f"+ {line}" for line in text.splitlines())
            yield Mutant(name, what.format(name=argument), f"{right}\n\n{text}", diff, advice)


def _drafts(function: ast.FunctionDef) -> Iterator[_Draft]:
    for chain in _chains(function, ()):
        slot, node = chain[-1]
        if slot.field == "func":  # what is called stays: to call an array is nobody's mistake
            continue
        outwards = [inner for _, inner in reversed(chain)]
        outwards = outwards[: next(i for i, n in enumerate(outwards) if _is_statement(n)) + 1]
        before = [_text(each) for each in outwards]
        for mistake in mistakes(node, function):
            slot.put(mistake)
            after = [_text(mistake), *(_text(each) for each in outwards[1:])]
            code = ast.unparse(function)
            slot.put(node)
            yield _Draft(code, tuple(zip(before, after, strict=True))[_unspecific_levels(outwards) :])


def _chains(node: ast.AST, chain: tuple[tuple[_Slot, ast.AST], ...]) -> Iterator[tuple[tuple[_Slot, ast.AST], ...]]:
    """For every node below this one: the way to it, as slots and what stands in them."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context | ast.operator):
                here = (*chain, (_Slot(node, field, index), child))
                yield here
                yield from _chains(child, here)


def _is_statement(node: ast.AST) -> bool:
    return isinstance(node, ast.stmt | ast.arguments)


def _unspecific_levels(outwards: list[ast.AST]) -> int:
    """How many levels say too little to be a name: `1 -> 2` could be anywhere."""
    for i, node in enumerate(outwards):
        value = node.operand if isinstance(node, ast.UnaryOp) else node
        if not isinstance(value, ast.Constant | ast.Name | ast.Slice):
            return i
    return len(outwards) - 1


def _names(drafts: list[_Draft]) -> list[str]:
    """The shortest change of each that no other one has; the later of two that can't be told apart are counted."""
    shared = Counter(level for draft in drafts for level in set(draft.levels))
    taken: Counter[Change] = Counter()
    names = []
    for draft in drafts:
        change = next((level for level in draft.levels if shared[level] == 1), draft.levels[-1])
        taken[change] += 1
        names.append(" -> ".join(change) + (f" (number {taken[change]})" if taken[change] > 1 else ""))
    return names


def _text(node: ast.AST) -> str:
    """On one line: of a compound statement only its head."""
    first, _, rest = ast.unparse(node).strip().partition("\n")
    return f"{first} ..." if rest else first


def _diff(before: str, after: str) -> str:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return "\n".join(line for line in lines if line[0] in "+-")
