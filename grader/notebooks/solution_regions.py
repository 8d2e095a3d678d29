"""Marks the solution in a cell: the answering lines of functions, and whole statements elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)
Span = tuple[int, int]  # first line, counted from 0, and the line after the last


def parse_cell(source: str) -> ast.Module:
    """Return the tree of a cell, with magic lines as `pass`. Raises SyntaxError."""
    text = "\n".join(re.sub(r"\S.*", "pass", line) if MAGIC.match(line) else line for line in source.split("\n"))
    return ast.parse(text)


def mark_solutions(source: str, answers: set[int] | None) -> str:
    """Return a cell's source with marks around its answers. Raises SyntaxError.

    Statements that bind no name get no mark, because a stub couldn't replace them.

    :param answers: line numbers of the answers, counted from 0; None for the whole cell
    """
    lines, tree = source.split("\n"), parse_cell(source)
    wanted = set(range(len(lines))) if answers is None else answers
    spans = list(_spans(tree.body, wanted, lines, mark_all=answers is None))
    for first, last in sorted(spans, reverse=True):
        indent = lines[first][: -len(lines[first].lstrip(" \t"))]
        lines[first:last] = [indent + BEGIN, *lines[first:last], indent + END]
    return "\n".join(lines)


def _spans(body: list[ast.stmt], wanted: set[int], lines: list[str], mark_all: bool) -> Iterator[Span]:
    run: Span | None = None  # statements that a single stub replaces
    for node in body:
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        hit = wanted & set(range(first, last))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or not hit:
            if run:
                yield run
            run = None
            yield from _spans_in_definition(node, hit, lines, mark_all) if hit else ()
        elif isinstance(node, ast.Import | ast.ImportFrom):
            continue  # reveals nothing, and other cells need it
        elif _assigns_name(node):
            if run:
                yield run
            run = (first, last)
        elif run:
            run = (run[0], last)
    if run:
        yield run


def _spans_in_definition(node: ast.stmt, hit: set[int], lines: list[str], mark_all: bool) -> Iterator[Span]:
    """Yield the answers in a function, or in the methods of a class."""
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            yield from _spans_in_definition(
                inner, hit & set(range(inner.lineno - 1, inner.end_lineno or 0)), lines, mark_all
            )
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        start = body[0].lineno - 1 if body else 0
        if body and (mark_all or node.lineno - 1 in hit):
            yield start, node.end_lineno or 0
        else:
            yield from _groups(sorted(hit), lines)


def _groups(numbers: list[int], lines: list[str]) -> Iterator[Span]:
    """Yield runs of neighbouring lines, each within the block in which it begins."""
    while numbers:
        first = last = numbers.pop(0)
        depth = len(lines[first]) - len(lines[first].lstrip())
        while numbers and numbers[0] == last + 1:
            line = lines[numbers[0]]
            if line.strip() and len(line) - len(line.lstrip()) < depth:
                break
            last = numbers.pop(0)
        yield first, last + 1


def _assigns_name(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
