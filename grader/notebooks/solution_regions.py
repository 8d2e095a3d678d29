"""Solution regions: the lines of a cell between `### BEGIN SOLUTION` and `### END SOLUTION`.

`marked` puts the marks around answers, in functions around the lines that answer and elsewhere around whole statements.
`stripped` puts a stub in the place of each region, as students receive it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MARK = re.compile(r"\b(BEGIN|END) SOLUTION\b")
REGION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION[ \t]*\n(?P<answer>.*?)^(?P=indent)### END SOLUTION[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
DEFINITION = re.compile(r"(?P<indent>[ \t]*)def (?P<name>\w+)")
VALUE = re.compile(r"^[(\[]?(?P<names>\w+(?: *, *\w+)*),?[)\]]? *=(?!=)", re.MULTILINE)
CHANGE = re.compile(
    r"^\w+(?:\[.*\]|\.\w+)+ *(?:[-+*/@%|&^]|//|\*\*)?=(?!=)|^\w+ *(?:[-+*/@%|&^]|//|\*\*)=", re.MULTILINE
)
STUB = '{indent}# YOUR CODE HERE\n{indent}raise NotImplementedError("{name}")'
STUB_OF_A_CHANGE = "# YOUR CODE HERE"
STUB_OF_A_VALUE = STUB_OF_A_CHANGE + "\n{name} = None"
MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)
Span = tuple[int, int]  # first line, counted from 0, and the line after the last


class RegionError(Exception):
    """The marks of a cell enclose nothing that can be taken out; the message says why."""


def is_marked(source: str) -> bool:
    """Whether there is a mark in a cell, at the beginning or at the end of a region."""
    return bool(MARK.search(source))


def lines_inside(source: str) -> set[int]:
    """The numbers of the lines that stand in a region, from 0."""
    inside, numbers = False, set()
    for n, line in enumerate(source.split("\n")):
        if mark := MARK.search(line):
            inside = mark[1] == "BEGIN"
        elif inside:
            numbers.add(n)
    return numbers


def stripped(source: str) -> tuple[str, list[str]]:
    """Return a code cell as students receive it, and the answers that were in it.

    The stub of a function raises the function's name. A region that stands in no function gives a name its value, and
    there the name becomes None. Raises RegionError.
    """
    answers = [region["answer"] for region in REGION.finditer(source)]
    if any(map(is_marked, answers)):
        raise RegionError("a solution mark inside a solution")
    visible = REGION.sub(_stub, source)
    if mark := MARK.search(visible):
        other = "END" if mark[1] == "BEGIN" else "BEGIN"
        raise RegionError(f"{mark[0]} without {other} SOLUTION on a line with the same indent")
    return visible, answers


def _stub(region: re.Match[str]) -> str:
    if not region["indent"] and (value := VALUE.search(region["answer"])):
        return STUB_OF_A_VALUE.format(name=re.sub(r" *, *", " = ", value["names"]))
    if not region["indent"] and CHANGE.search(region["answer"]):
        return STUB_OF_A_CHANGE
    for line in reversed(region.string[: region.start()].splitlines()):
        definition = DEFINITION.match(line)
        if definition and len(definition["indent"]) < len(region["indent"]):
            return STUB.format(indent=region["indent"], name=definition["name"])
    raise RegionError("BEGIN SOLUTION stands in no function, and gives no name a value")


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
        elif _assigns_names(node) or (not run and _changes_value(node)):
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


def _assigns_names(node: ast.stmt) -> bool:
    """Return whether a statement is `a = ...` or `a, b = ...`."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return False
    target = node.targets[0]
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return all(isinstance(part, ast.Name) for part in parts)


def _changes_value(node: ast.stmt) -> bool:
    """Return whether a statement changes a value in place, as `a[0] = ...` and `a += ...` do."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    return bool(targets) and all(isinstance(part, ast.Name | ast.Subscript | ast.Attribute) for part in targets)
