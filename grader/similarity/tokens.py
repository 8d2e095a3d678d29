"""Tokens of a statement: what it does, without what is easily changed about how it looks.

Names that the student chose, comments, layout, docstrings, type hints, signatures, string contents and `print` lines
are left out. Tokens keep the order of operations, the library functions called, the numbers, and which variables are
equal.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

BUILTIN_NAMES = frozenset(dir(builtins))
IGNORED_NODES = (
    *(ast.Pass, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom),
    *(ast.expr_context, ast.arguments, ast.alias),
)
# Fields that get a token of their own, and fields that are left out.
MARKED_FIELDS = ("orelse", "finalbody", "ifs")
UNTRACED_FIELDS = (
    "args",
    "decorator_list",
    "returns",
    "annotation",
    "type_params",
    "type_comment",
    "bases",
    "keywords",
)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Token:
    """Token of a statement."""

    text: str  # empty for a variable
    variable: str  # name of the variable; empty for other tokens
    line: int


@dataclass(frozen=True)
class Scope:
    """Meaning of the names in a statement."""

    own: frozenset[str]  # names that the function binds
    imports: Mapping[str, tuple[str, ...]]
    graded: frozenset[str]

    def is_variable(self, name: str) -> bool:
        """Return whether the student chose the name."""
        given = name in BUILTIN_NAMES or name in self.graded or name in self.imports
        return name in self.own or not given


def tokens(statement: ast.stmt, imports: Mapping[str, tuple[str, ...]], graded: frozenset[str]) -> Iterator[Token]:
    """Yield the tokens of a top-level statement in the order of its tree, without recursion: the tree may be deep."""
    scope = Scope(_bound(statement), imports, graded)
    line = statement.lineno
    todo: list[ast.AST | str] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            yield Token(node, "", line)
            continue
        line = getattr(node, "lineno", line)
        if isinstance(node, ast.Name) and scope.is_variable(node.id):
            yield Token("", node.id, line)
        else:
            todo.extend(reversed(list(_parts(node, scope))))


def import_paths(statements: Iterable[ast.AST]) -> dict[str, tuple[str, ...]]:
    """Return imported name -> tokens of its full path, such as (".exp", "numpy") for `from numpy import exp as e`."""
    found = {}
    for node in (part for statement in statements for part in ast.walk(statement)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                path = alias.name.split(".")
                if isinstance(node, ast.ImportFrom):
                    path = [*(node.module or "").split("."), alias.name]
                elif not alias.asname:
                    path = path[:1]
                found[alias.asname or path[-1]] = (*(f".{part}" for part in reversed(path[1:])), path[0])
    return found


def _parts(node: ast.AST, scope: Scope) -> Iterator[ast.AST | str]:
    """Yield the token of a node and its parts."""
    if isinstance(node, IGNORED_NODES) or _is_irrelevant(node):
        return
    if isinstance(node, ast.Name):
        yield from scope.imports.get(node.id, (node.id,))
    elif isinstance(node, ast.Constant):
        yield _constant(node.value)
    elif isinstance(node, ast.Attribute):
        yield from (f".{node.attr}", node.value)
    elif isinstance(node, ast.BinOp):
        yield from (type(node.op).__name__, node.left, node.right)
    elif isinstance(node, ast.AugAssign):  # x += 1 as x = x + 1
        target: ast.AST = node.target
        yield from ("Assign", target, type(node.op).__name__, target, node.value)
    elif isinstance(node, ast.Call):
        yield from _call(node, scope)
    else:
        yield from _plain(node)


def _call(node: ast.Call, scope: Scope) -> Iterator[ast.AST | str]:
    yield "Call"
    yield from (node.func, *node.args)
    chosen = isinstance(node.func, ast.Name) and scope.is_variable(node.func.id)
    for keyword in node.keywords:
        yield "=" if chosen else f"{keyword.arg}="
        yield keyword.value


def _plain(node: ast.AST) -> Iterator[ast.AST | str]:
    if not isinstance(node, ast.Expr):
        yield "Assign" if isinstance(node, ast.AnnAssign) else type(node).__name__
    for name, value in ast.iter_fields(node):
        if name in UNTRACED_FIELDS and isinstance(node, (*DEFINITIONS, ast.Lambda, ast.AnnAssign)):
            continue
        if name in MARKED_FIELDS and value:
            yield name
        yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST))
    if hasattr(node, "body"):
        yield "end"


def _is_irrelevant(node: ast.AST) -> bool:
    """Return whether a statement is a docstring, a `print` or only a type hint."""
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    if not isinstance(node, ast.Expr):
        return False
    call = node.value
    return isinstance(call, ast.Constant) or (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    )


def _constant(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return repr(float(value))
        except OverflowError:
            return "inf"
    return repr(value) if value in (None, True, False, ...) else type(value).__name__


def _bound(statement: ast.stmt) -> frozenset[str]:
    """Return the names that a function binds, including arguments and nested functions, without imports.

    For other statements, return the names that its lambdas and comprehensions bind. Each node is visited once.
    """
    todo: list[tuple[ast.AST, bool]] = [(statement, False)]
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        todo = [(part, True) for part in (statement.args, *statement.body)]
    names = set()
    while todo:
        node, binds = todo.pop()
        binds = binds or isinstance(node, ast.Lambda | ast.comprehension)
        if binds and isinstance(node, ast.arg):
            names.add(node.arg)
        elif binds and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif binds and isinstance(node, (*DEFINITIONS, ast.ExceptHandler)) and node.name:
            names.add(node.name)
        todo += [(child, binds) for child in ast.iter_child_nodes(node)]
    return frozenset(names)
