"""Finds the names that a top-level statement binds, uses and changes, by the compiler's own rules of scope."""

from __future__ import annotations

import ast
import re
import symtable
import sys
from collections.abc import Iterator
from dataclasses import dataclass

# Type hints are never evaluated (see program.py), so names in them aren't needed.
_FUTURE = "from __future__ import annotations as _hints\n"
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")  # fields with nested statements
_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}
_LINE_END = re.compile(rb"\r\n?|\n")
_BEFORE_FOR = re.compile(rb"(?:[\s)\\]|#[^\n]*)*")  # what may stand between a comprehension's element and its `for`


@dataclass(frozen=True)
class Names:
    """The names of the program that a statement binds, uses or changes."""

    binds: frozenset[str]  # def, class, import, assignment, loop and with targets
    uses: frozenset[str]  # global names read anywhere inside, function bodies included
    at_once: frozenset[str]  # the part of `uses` that is read when the statement runs
    writes: frozenset[str]  # bound by its functions through `global`, once they are called
    changes: frozenset[str]  # objects changed in place: d["x"] = 1, model.name = "a"
    calls: frozenset[tuple[str, str]]  # ("layers", "append") of a line `layers.append(...)`
    packages: frozenset[tuple[str, str]]  # ("np", "numpy") of `import numpy as np`; ("*", ...) of a star


def names_of(node: ast.stmt | ast.Module, source: str) -> Names:
    """The names of a statement, or of a whole module; SyntaxError when its scopes contradict each other."""
    if sys.version_info >= (3, 12):
        source = with_generators(source)
    try:
        table = symtable.symtable(_FUTURE + source, "<names>", "exec")
    except SyntaxError as error:
        error.lineno = (error.lineno or 2) - 1
        raise
    binds, at_once, later, writes = _scopes(table)
    changes: set[str] = set()
    calls: set[tuple[str, str]] = set()
    packages: set[tuple[str, str]] = set()
    for part in _run_at_once(node):
        changes.update(root(target) for target in _changed(part))
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            if isinstance(part.value.func, ast.Attribute):
                calls.add((root(part.value.func), part.value.func.attr))
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            packages.update(_packages(part))
    return Names(
        binds=frozenset(binds - {"_hints"}),
        uses=frozenset(at_once | later),
        at_once=frozenset(at_once),
        writes=frozenset(writes),
        changes=frozenset(changes),
        calls=frozenset(calls),
        packages=frozenset(packages),
    )


def with_generators(source: str) -> str:
    """Return a source whose comprehensions are generator expressions, which bind and use the same names.

    Since Python 3.12 the compiler inlines comprehensions (PEP 709), and its tables hold no scope of theirs any more:
    their variables seem bound by the code around them, and what they read, or bind through `:=`, may not show at all.
    """
    if "for" not in source:
        return source
    text = source.encode()
    lines = [0, *(found.end() for found in _LINE_END.finditer(text))]
    edits: list[tuple[int, int, bytes]] = []  # where, how many bytes are replaced, by what
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)):
            first = lines[node.lineno - 1] + node.col_offset
            last = lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0) - 1
            edits += [(first, 1, b"({" if isinstance(node, ast.DictComp) else b"("), (last, 1, b")")]
            if isinstance(node, ast.DictComp):  # {k: v for ...} -> ({k: v} for ...)
                value = lines[(node.value.end_lineno or 0) - 1] + (node.value.end_col_offset or 0)
                before = _BEFORE_FOR.match(text, value)
                edits.append((before.end() if before else value, 0, b"}"))
    done, pieces = 0, []
    for at, length, new in sorted(edits):
        pieces += [text[done:at], new]
        done = at + length
    return b"".join([*pieces, text[done:]]).decode()


def root(node: ast.expr) -> str:
    """Return `model` for `model.layers[0].add`, through calls too; "" if there is no name at the root."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _scopes(top: symtable.SymbolTable) -> tuple[set[str], set[str], set[str], set[str]]:
    """Return four sets of names: bound, read at once, read later by a function, and bound in a function through
    `global`.
    """
    binds: set[str] = set()
    at_once: set[str] = set()
    later: set[str] = set()
    writes: set[str] = set()
    for symbol in top.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            binds.add(symbol.get_name())
        if symbol.is_referenced():
            at_once.add(symbol.get_name())
    todo = [(table, True) for table in top.get_children()]
    while todo:
        table, now = todo.pop()
        now = now and (table.get_type() == "class" or table.get_name() in _COMPREHENSIONS)
        for name in table.get_globals() if isinstance(table, symtable.Function) else table.get_identifiers():
            symbol = table.lookup(name)
            if symbol.is_global() and symbol.is_assigned():
                (binds if now else writes).add(name)
            if symbol.is_global() and symbol.is_referenced():
                (at_once if now else later).add(name)
        todo.extend((child, now) for child in table.get_children())
    return binds, at_once, later, writes


def _run_at_once(node: ast.stmt | ast.Module) -> Iterator[ast.AST]:
    """Yield a statement and the statements inside it, without function bodies, which run only when called."""
    todo: list[ast.AST] = [node]
    while todo:
        part = todo.pop()
        yield part
        if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for block in _BLOCKS:
                todo.extend(getattr(part, block, ()))


def _changed(statement: ast.AST) -> Iterator[ast.Attribute | ast.Subscript]:
    """Yield the attributes and items that a statement assigns to or deletes."""
    targets = [*getattr(statement, "targets", ()), getattr(statement, "target", None)]
    targets += [item.optional_vars for item in getattr(statement, "items", ())]
    for target in targets:
        for part in ast.walk(target) if target and not isinstance(target, ast.Name) else ():
            if isinstance(part, (ast.Attribute, ast.Subscript)) and not isinstance(part.ctx, ast.Load):
                yield part


def _packages(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        path = alias.name if isinstance(node, ast.Import) else node.module or ""
        package = path.split(".")[0]
        yield alias.asname or (package if isinstance(node, ast.Import) else alias.name), package
