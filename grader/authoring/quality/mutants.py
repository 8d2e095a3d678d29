"""Mutants: the right function with one small mistake, one mutant for each mistake of the operators.

If all hidden cases pass a mutant, either a case is missing, or the mutant is equivalent to the right function. The name
of a mutant is its change, `sigmoid: z >= 0 -> z > 0`, with enough of the statement to make it unique.
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
    """Function with one change. `code` defines it under its own name."""

    question: str
    change: str
    code: str
    diff: str
    advice: str = ""  # of a habit: how to find it by a case

    @property
    def name(self) -> str:
        """Return the unique name, which equivalent.toml uses."""
        return f"{self.question}: {self.change}"


class _Slot(NamedTuple):
    """Position of a node in its parent."""

    parent: ast.AST
    field: str
    place: int | None  # index in a list

    def put(self, node: ast.AST) -> None:
        """Replace the node."""
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node


class _Draft(NamedTuple):
    """Mutant without a name."""

    code: str
    levels: tuple[Change, ...]  # from the changed node outwards to the statement, before and after


def mutants(source: str, arrays: bool = False) -> list[Mutant]:
    """Return the distinct mutants of the function or class in `source`, without docstrings.

    With `arrays`, the habits of functions of arrays are included. A class has the mutants of its methods.
    """
    function = ast.parse(source).body[0]
    if isinstance(function, ast.ClassDef):
        return list(_of_methods(function))
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


def _of_methods(class_: ast.ClassDef) -> Iterator[Mutant]:
    """Yield the class with one mutant of one method each. Habits are left out: they wrap a global function."""
    original = ast.unparse(class_)
    seen: Counter[str] = Counter()
    for place, method in enumerate(class_.body):
        if not isinstance(method, ast.FunctionDef):
            continue
        seen[method.name] += 1  # a property and its setter have one name
        name = method.name + (f" (number {seen[method.name]})" if seen[method.name] > 1 else "")
        for mutant in mutants(ast.unparse(method)):
            if not mutant.advice:
                class_.body[place] = ast.parse(mutant.code).body[0]
                code = ast.unparse(class_)
                yield Mutant(class_.name, f"{name}: {mutant.change}", code, _diff(original, code))
        class_.body[place] = method


def _with_habits(function: ast.FunctionDef, arrays: bool) -> Iterator[Mutant]:
    """Yield the function inside another function of its name, which has a habit."""
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
        if slot.field == "func":  # keep the name of a called function: nobody calls an array by mistake
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
    """Yield for every node below `node` the path to it, as pairs of slot and node.

    Annotations and decorators are left out: a change of one computes nothing else.
    """
    for field, value in ast.iter_fields(node):
        if field in ("returns", "annotation", "decorator_list", "type_params"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context | ast.operator):
                here = (*chain, (_Slot(node, field, index), child))
                yield here
                yield from _chains(child, here)


def _is_statement(node: ast.AST) -> bool:
    return isinstance(node, ast.stmt | ast.arguments)


def _unspecific_levels(outwards: list[ast.AST]) -> int:
    """Return the number of levels that are too unspecific for a name: `1 -> 2` could be anywhere."""
    for i, node in enumerate(outwards):
        value = node.operand if isinstance(node, ast.UnaryOp) else node
        if not isinstance(value, ast.Constant | ast.Name | ast.Slice):
            return i
    return len(outwards) - 1


def _names(drafts: list[_Draft]) -> list[str]:
    """Return the shortest change of each draft that is unique. If none is, later drafts get a number."""
    shared = Counter(level for draft in drafts for level in set(draft.levels))
    taken: Counter[Change] = Counter()
    names = []
    for draft in drafts:
        change = next((level for level in draft.levels if shared[level] == 1), draft.levels[-1])
        taken[change] += 1
        names.append(" -> ".join(change) + (f" (number {taken[change]})" if taken[change] > 1 else ""))
    return names


def _text(node: ast.AST) -> str:
    """Return the code of a node on one line; only the head of a compound statement."""
    first, _, rest = ast.unparse(node).strip().partition("\n")
    return f"{first} ..." if rest else first


def _diff(before: str, after: str) -> str:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return "\n".join(line for line in lines if line[0] in "+-")
