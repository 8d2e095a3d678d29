"""Known answers: wrong ones that students give, each with a hint, and right ones in the ways that students write them.

They stand in an assignment's misconceptions.py and alternatives.py: functions, registered by a decorator for the
question that they answer. `@wrong` and `@right` register answers, `@slip` a function of an answer, which spoils it on
its way out. The files are read as text; what they say is run only in the sandbox.
"""

from __future__ import annotations

import ast
import difflib
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from grader._util.atomic_files import display_path
from grader.assignments.settings import AssignmentError
from grader.models import Assignment


@dataclass(frozen=True)
class KnownAnswer:
    """One answer to one question. `code` defines it under its own name, after the helpers that it needs. Where the
    question is a value and not a function, the answer is a function that gives the value."""

    question: str
    name: str
    hint: str  # empty for a right one
    parts: tuple[str, ...]  # the text of each function
    modules: frozenset[str] = frozenset()  # what it imports, and has to be installed for it

    @property
    def code(self) -> str:
        return "\n\n\n".join(self.parts)

    def substitute_into(self, solution: str) -> str:
        """The solution, a module's text, with this answer in the place of its own."""
        own = find_definition(ast.parse(solution), self.question)
        before = solution.replace(_text(solution, own), "import math")
        if not isinstance(own, ast.FunctionDef):
            return f"{before}\n\n{self.code}\n\n\n{self.question} = {self.name}()\n"
        return before + re.sub(rf"(?<![\w.]){self.name}(?=\()", self.question, f"\n\n{self.code}\n")


def misconceptions(assignment: Assignment) -> list[KnownAnswer]:
    """The wrong answers that the assignment knows, in their order; none where it has no such file."""
    return _read(assignment, "misconceptions.py", "wrong")


def slips(assignment: Assignment) -> list[KnownAnswer]:
    """What else may go wrong with an answer: functions of the answer and of the arguments of the call."""
    return _read(assignment, "misconceptions.py", "slip")


def alternatives(assignment: Assignment) -> list[KnownAnswer]:
    """The right answers beside the solution."""
    return _read(assignment, "alternatives.py", "right")


def equivalents(assignment: Assignment) -> dict[str, str]:
    """The mutants that do what the solution does, each with the reason: equivalent.toml, if there is one."""
    path = assignment.folder / "equivalent.toml"
    if not path.is_file():
        return {}
    try:
        reasons = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise AssignmentError(f"{display_path(path)} can't be read: {problem}") from None
    for mutant, reason in reasons.items():
        if not isinstance(reason, str) or not reason.strip():
            raise AssignmentError(f'{display_path(path)}: a line is "MUTANT" = "REASON", which {mutant!r} isn\'t')
    return reasons


def check(assignment: Assignment) -> None:
    """Raises AssignmentError when a file of known answers isn't fit; cheaper than reading the answers."""
    for file, kinds in (("misconceptions.py", ("wrong", "slip")), ("alternatives.py", ("right",))):
        _, tree = _parsed(assignment, file)
        for kind in kinds:
            list(_answering(assignment, file, tree, kind))
    equivalents(assignment)


def _read(assignment: Assignment, file: str, kind: str) -> list[KnownAnswer]:
    source, tree = _parsed(assignment, file)
    found, packages = _functions(tree), _packages(tree)
    answers = []
    for name, told in _answering(assignment, file, tree, kind):
        if told[0] in {question.name for question in assignment.questions}:
            needed = _with_helpers(found, name)
            parts = tuple(_text(source, found[each]) for each in needed)
            used = {part.id for each in needed for part in _names(found[each])}
            modules = frozenset(package for each, package in packages.items() if each in used)
            answers.append(KnownAnswer(told[0], name, "".join(told[1:]), parts, modules))
    return answers


def _parsed(assignment: Assignment, file: str) -> tuple[str, ast.Module]:
    """The text of a file and its tree; nothing where there is no such file."""
    path = assignment.folder / file
    if not path.is_file():
        return "", ast.parse("")
    try:
        source = path.read_text(encoding="utf-8")
        return source, _tree(source)
    except SyntaxError as problem:
        raise AssignmentError(f"{display_path(path, problem.lineno or 1)}: it can't be read: {problem.msg}") from None
    except (OSError, ValueError) as problem:
        raise AssignmentError(f"{display_path(path)} can't be read: {problem}") from None


@lru_cache(2)
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def _answering(assignment: Assignment, file: str, tree: ast.Module, kind: str) -> Iterator[tuple[str, list[str]]]:
    """The functions that answer a question, each with what its decorator was given. Raises AssignmentError."""
    for name, node in _functions(tree).items():
        try:
            if name in assignment.question_names:
                raise ValueError("is the name of a question; a known answer, or a helper, needs its own")
            if told := _registered(node, kind):
                _check(assignment, told, kind)
                yield name, told
        except ValueError as problem:
            raise AssignmentError(f"{display_path(assignment.folder / file, node.lineno)}: {name} {problem}") from None


def _check(assignment: Assignment, told: list[str], kind: str) -> None:
    """Raises ValueError, with words that follow on the function's name, when its decorator says nothing sensible."""
    question, *hints = told
    if question not in assignment.question_names:
        near = difflib.get_close_matches(question, assignment.question_names, 1, 0)[0]
        raise ValueError(f"answers {question!r}, and no question is named so; did you mean {near!r}?")
    if kind == "right" and hints:
        raise ValueError(f"is right and has a hint; @right({question!r}) is all that it needs")
    if kind != "right" and not "".join(hints).strip():
        raise ValueError(f'has no hint; it is @{kind}("{question}", "A sentence that leads and doesn\'t tell.")')


def _names(function: ast.FunctionDef) -> Iterator[ast.Name]:
    """The names in a function, those of its decorators aside."""
    parts = (function.args, *function.body)
    return (part for each in parts for part in ast.walk(each) if isinstance(part, ast.Name))


@lru_cache(2)
def _packages(tree: ast.Module) -> dict[str, str]:
    """The names that a file imports, each with its package, where that doesn't come with Python."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                path = node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
                found[alias.asname or alias.name.partition(".")[0]] = path.partition(".")[0]
    return {name: package for name, package in found.items() if package not in sys.stdlib_module_names}


def _registered(node: ast.FunctionDef, kind: str) -> list[str]:
    """What the decorator of this kind was given: the question, and perhaps a hint; nothing for a helper."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else ast.Call(decorator, [], [])
        if ast.unparse(call.func) == kind:
            try:
                told = [ast.literal_eval(value) for value in (*call.args, *(each.value for each in call.keywords))]
            except ValueError:
                told = []
            if not told or not all(isinstance(each, str) for each in told):
                raise ValueError(f"is marked @{kind} without the name of its question, as text")
            return told
    return []


def _with_helpers(found: dict[str, ast.FunctionDef], name: str) -> list[str]:
    """The function, after those whose names begin with an underscore and that it uses."""
    needed, todo = {name}, [name]
    while todo:
        for part in _names(found[todo.pop()]):
            if part.id.startswith("_") and part.id in found and part.id not in needed:
                needed.add(part.id)
                todo.append(part.id)
    return [each for each in found if each in needed]


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def find_definition(tree: ast.Module, name: str) -> ast.stmt:
    """The statement that defines a function, or gives a name its value."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            return node
    return _functions(tree)[name]


def _text(source: str, node: ast.stmt) -> str:
    """The statement; a function without its decorators."""
    return "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])
