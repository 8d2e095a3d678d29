"""Known answers of an assignment: wrong ones with a hint each, and right ones that differ from the solution.

misconceptions.py and alternatives.py hold them as functions, registered by a decorator for the question that they
answer. `@wrong` and `@right` register answers. `@slip` registers a function that changes the result of an answer. The
files are only parsed here; they run only in the sandbox.
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
from grader.notebooks.scopes import names_of


@dataclass(frozen=True)
class KnownAnswer:
    """Known answer to one question.

    `code` defines it under its own name, after the helpers that it needs. If the question is a value or a class, the
    answer is a function that returns it.
    """

    question: str
    name: str
    hint: str  # empty for a right answer
    parts: tuple[str, ...]  # source of each function
    modules: frozenset[str] = frozenset()  # packages that it imports, without the standard library

    @property
    def code(self) -> str:
        """Return the source of the answer and its helpers."""
        return "\n\n\n".join(self.parts)

    def substitute_into(self, solution: str) -> str:
        """Return the solution, the source of a module, with its answer replaced by this one."""
        own = find_definition(ast.parse(solution), self.question)
        is_alone = isinstance(own, ast.FunctionDef | ast.ClassDef) or is_plain_value(own)
        before = solution.replace(_text(solution, own), "import math") if is_alone else solution
        if not isinstance(own, ast.FunctionDef):
            return f"{before}\n\n{self.code}\n\n\n{self.question} = {self.name}()\n"
        return before + re.sub(rf"(?<![\w.]){self.name}(?=\()", self.question, f"\n\n{self.code}\n")


def misconceptions(assignment: Assignment) -> list[KnownAnswer]:
    """Return the known wrong answers in the order of misconceptions.py. Raises AssignmentError."""
    return _read(assignment, "misconceptions.py", "wrong")


def slips(assignment: Assignment) -> list[KnownAnswer]:
    """Return the functions that spoil a right result, given the result and the arguments. Raises AssignmentError."""
    return _read(assignment, "misconceptions.py", "slip")


def alternatives(assignment: Assignment) -> list[KnownAnswer]:
    """Return the right answers beside the solution. Raises AssignmentError."""
    return _read(assignment, "alternatives.py", "right")


def equivalents(assignment: Assignment) -> dict[str, str]:
    """Return mutant -> reason why it is equivalent to the solution, from equivalent.toml. Raises AssignmentError."""
    path = assignment.folder / "equivalent.toml"
    if not path.is_file():
        return {}
    try:
        reasons = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise AssignmentError(f"{display_path(path)} can't be read: {problem}") from None
    for mutant, reason in reasons.items():
        if not isinstance(reason, str) or not reason.strip():
            raise AssignmentError(f'{display_path(path)}: {mutant!r} has no reason; write "MUTANT" = "REASON"')
    return reasons


def check_known_answers(assignment: Assignment) -> None:
    """Raise AssignmentError if a file of known answers is wrong; cheaper than reading the answers."""
    for file, kinds in (("misconceptions.py", ("wrong", "slip")), ("alternatives.py", ("right",))):
        _, tree = _parsed(assignment, file)
        for kind in kinds:
            list(_answering(assignment, file, tree, kind))
    equivalents(assignment)


def _read(assignment: Assignment, file: str, kind: str) -> list[KnownAnswer]:
    source, tree = _parsed(assignment, file)
    found, packages = _functions(tree), _packages(tree)
    answers = []
    for name, arguments in _answering(assignment, file, tree, kind):
        if arguments[0] in {question.name for question in assignment.questions}:
            needed = _with_helpers(found, name)
            parts = tuple(_text(source, found[each]) for each in needed)
            used = {part.id for each in needed for part in _names(found[each])}
            modules = frozenset(package for each, package in packages.items() if each in used)
            answers.append(KnownAnswer(arguments[0], name, "".join(arguments[1:]), parts, modules))
    return answers


def _parsed(assignment: Assignment, file: str) -> tuple[str, ast.Module]:
    """Return the source of a file and its tree; empty ones if there is no such file. Raises AssignmentError."""
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
    """Yield the functions that answer a question, each with its decorator's arguments. Raises AssignmentError."""
    for name, node in _functions(tree).items():
        try:
            if name in assignment.question_names:
                raise ValueError("is the name of a question; a known answer, or a helper, needs its own")
            if arguments := _decorator_arguments(node, kind):
                _check(assignment, arguments, kind)
                yield name, arguments
        except ValueError as problem:
            raise AssignmentError(f"{display_path(assignment.folder / file, node.lineno)}: {name} {problem}") from None


def _check(assignment: Assignment, arguments: list[str], kind: str) -> None:
    """Raise ValueError if the decorator's arguments are wrong; the message follows the function's name."""
    question, *hints = arguments
    if question not in assignment.question_names:
        near = difflib.get_close_matches(question, assignment.question_names, 1, 0)[0]
        raise ValueError(f"answers {question!r}, but no question has that name; did you mean {near!r}?")
    if kind == "right" and hints:
        raise ValueError(f"is right and has a hint; @right({question!r}) is all that it needs")
    if kind != "right" and not "".join(hints).strip():
        raise ValueError(f'has no hint; it is @{kind}("{question}", "A sentence that leads and doesn\'t tell.")')


def _names(function: ast.FunctionDef) -> Iterator[ast.Name]:
    """Yield the names in a function, without its decorators."""
    parts = (function.args, *function.body)
    return (part for each in parts for part in ast.walk(each) if isinstance(part, ast.Name))


@lru_cache(2)
def _packages(tree: ast.Module) -> dict[str, str]:
    """Return imported name -> package, without packages of the standard library."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                path = node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
                found[alias.asname or alias.name.partition(".")[0]] = path.partition(".")[0]
    return {name: package for name, package in found.items() if package not in sys.stdlib_module_names}


def _decorator_arguments(node: ast.FunctionDef, kind: str) -> list[str]:
    """Return the arguments of the decorator of this kind: the question and perhaps a hint; empty for a helper.

    Raises ValueError if they aren't text.
    """
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else ast.Call(decorator, [], [])
        if ast.unparse(call.func) == kind:
            try:
                arguments = [ast.literal_eval(value) for value in (*call.args, *(each.value for each in call.keywords))]
            except ValueError:
                arguments = []
            if not arguments or not all(isinstance(each, str) for each in arguments):
                raise ValueError(f"is marked @{kind} without the name of its question, as text")
            return arguments
    return []


def _with_helpers(found: dict[str, ast.FunctionDef], name: str) -> list[str]:
    """Return the names of the helpers, functions with a leading underscore, that a function needs, then its own."""
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
    """Return the statement that defines a function or class, or gives a name its value, such as `low, high = 1, 2`.

    Raises KeyError if there is none.
    """
    statements = [node for node in reversed(tree.body) if not isinstance(node, ast.Import | ast.ImportFrom)]
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return node
    for fits in (_is_value_of, _gives):
        for node in statements:
            if fits(node, name):
                return node
    raise KeyError(name)


def _is_value_of(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Assign) and is_plain_value(node) and ast.unparse(node.targets[0]) == name


def is_plain_value(node: ast.stmt) -> bool:
    """Return whether a statement just gives one name its value."""
    return isinstance(node, ast.Assign) and [type(target) for target in node.targets] == [ast.Name]


def _gives(node: ast.stmt, name: str) -> bool:
    """Return whether a statement binds a name, or changes its object by an assignment."""
    names = names_of(node, ast.unparse(node))
    return name in names.binds or name in names.changes


def _text(source: str, node: ast.stmt) -> str:
    """Return the source of a statement, without the decorators of a function."""
    return "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])
