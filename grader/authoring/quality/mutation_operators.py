"""Mutation operators: each takes a node of a function, and yields replacements that a student may write by mistake."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Operator = Callable[[ast.AST, ast.FunctionDef], Iterator[ast.AST]]

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
ONE_SIDED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)  # operators whose operands have an order


def mistakes(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the replacements of all operators for a node of the function."""
    for operator in OPERATORS:
        yield from operator(node, function)


def constants(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Replace a number by one more, one less, or 0, and True by False. Numbers include axes and indices."""
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield ast.Constant(not value)
        elif isinstance(value, int | float):
            yield from map(ast.Constant, dict.fromkeys([value + 1, value - 1, *([type(value)(0)] if value else [])]))


def comparisons(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Replace a comparison by another, `and` by `or`, and a condition by its negation."""
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                yield ast.Compare(node.left, [*node.ops[:i], other(), *node.ops[i + 1 :]], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.If | ast.While):
        yield type(node)(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)


def arithmetic(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Replace an operation by another, or by one of its operands."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in ARITHMETIC:
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        yield node.left
        yield node.right
    elif isinstance(node, ast.AugAssign):
        if type(node.op) in ARITHMETIC:
            yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
        yield ast.Assign([node.target], node.value, lineno=node.lineno)


def signs(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Remove a minus or `not`, or negate the result of an arithmetic statement."""
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and isinstance(node.value, ast.BinOp):
        wrong = ast.UnaryOp(ast.USub(), node.value)
        if isinstance(node, ast.Return):
            yield ast.Return(wrong)
        elif isinstance(node, ast.Assign):
            yield ast.Assign(node.targets, wrong, lineno=node.lineno)
        else:
            yield ast.AugAssign(node.target, node.op, wrong)


def swaps(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Swap neighbouring arguments, entries of a tuple, or the operands of an operation."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ONE_SIDED):
        yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.Call):
        for values in _swap_neighbours(node.args):
            yield ast.Call(node.func, values, node.keywords)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for values in _swap_neighbours(node.elts):
            yield ast.Tuple(values, node.ctx)


def parts(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Remove a subscript, a bound of a slice, or an attribute such as `.T`."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield node.value
    elif isinstance(node, ast.Slice):
        for field in ("lower", "upper", "step"):
            if getattr(node, field):
                yield ast.Slice(**{**dict(ast.iter_fields(node)), field: None})
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and _is_value(node.value, function):
        yield node.value


def calls(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Remove a keyword argument, or replace a call by its object or first argument."""
    if isinstance(node, ast.Call):
        for i in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])
        if isinstance(node.func, ast.Attribute) and _is_value(node.func.value, function):
            yield node.func.value
        elif node.args and not isinstance(node.args[0], ast.Starred):
            yield node.args[0]


def loops(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Skip the first or last iteration of a loop, or remove the condition of a comprehension."""
    if isinstance(node, ast.For | ast.comprehension):
        every = ast.Call(ast.Name("list"), [node.iter], [])
        for shorter in (ast.Slice(lower=ast.Constant(1)), ast.Slice(upper=ast.Constant(-1))):
            over = ast.Subscript(every, shorter)
            if isinstance(node, ast.For):
                yield ast.For(node.target, over, node.body, node.orelse, lineno=node.lineno)
            else:
                yield ast.comprehension(node.target, over, node.ifs, node.is_async)
    if isinstance(node, ast.comprehension):
        for i in range(len(node.ifs)):
            yield ast.comprehension(node.target, node.iter, node.ifs[:i] + node.ifs[i + 1 :], node.is_async)


def loop_caps(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """End a loop after two iterations: code that was only tested on small examples may do so."""
    if isinstance(node, ast.For | ast.comprehension) and not isinstance(node.iter, ast.Tuple | ast.List):
        few = ast.Subscript(ast.Call(ast.Name("list"), [node.iter], []), ast.Slice(upper=ast.Constant(2)))
        if isinstance(node, ast.For):
            yield ast.For(node.target, few, node.body, node.orelse, lineno=node.lineno)
        else:
            yield ast.comprehension(node.target, few, node.ifs, node.is_async)


def names(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Replace a variable by another one that has a value at this point."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _bound(function):
        yield from (ast.Name(name) for name in _known_at(node, function) if name != node.id)


def statements(node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Remove a statement, or return another variable."""
    if isinstance(node, ast.Return):
        yield from (ast.Return(ast.Name(name)) for name in _known_at(node, function))
    elif isinstance(node, ast.stmt) and not isinstance(node, ast.Pass):
        yield ast.Pass()


def _swap_neighbours(values: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for i in range(len(values) - 1):
        yield [*values[:i], values[i + 1], values[i], *values[i + 2 :]]


def _is_value(node: ast.AST, function: ast.FunctionDef) -> bool:
    """Return whether a node is a value, not a module or its attribute: its root is a name that the function binds."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return not isinstance(node, ast.Name) or node.id in _bound(function)


def _known_at(node: ast.Return | ast.Name, function: ast.FunctionDef) -> list[str]:
    """Return the names that have a value at a node: bound above, or by a comprehension around it."""
    inside: set[str] = set()
    around: set[str] = set()
    for each in ast.walk(function):
        if isinstance(each, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
            own = {name.id for loop in each.generators for name in _stored(loop.target)}
            results = [each.key, each.value] if isinstance(each, ast.DictComp) else [each.elt]
            sees = any(inner is node for result in results for inner in ast.walk(result))
            (around if sees else inside).update(own)
    above = [name for name, line in _bound(function).items() if line < node.lineno and name not in inside]
    return [*above, *sorted(around - set(above))]


def _stored(node: ast.AST) -> Iterator[ast.Name]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def _bound(function: ast.FunctionDef) -> dict[str, int]:
    """Return the names that a function binds, with the line of the first binding."""
    lines = {argument.arg: 0 for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    for name in _stored(function):
        lines[name.id] = min(name.lineno, lines.get(name.id, name.lineno))
    return lines


OPERATORS: tuple[Operator, ...] = (
    constants,
    comparisons,
    arithmetic,
    signs,
    swaps,
    parts,
    calls,
    loops,
    loop_caps,
    names,
    statements,
)
