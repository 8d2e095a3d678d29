"""Solutions whose numbers are perturbed by a known amount: rounding, another order of sums, or an error.

Hidden cases must accept rounding, and reject an error of one in a thousand.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

ROUNDED = "rounded to float32"
REORDERED = "summed in another order"
SMALL_ERROR = "off by 0.1 %"
LARGE_ERROR = "off by a half"
CHANGES = {ROUNDED: "x.astype(_np.float32)", SMALL_ERROR: "x * (1 + 1e-3)", LARGE_ERROR: "x * 1.5"}

# Code that changes floating-point numbers and arrays in an answer. Models and other objects stay unchanged.
PERTURBATION = """
import functools as _functools
import numpy as _np

def _each(value):
    if isinstance(value, (list, tuple)):
        return type(value)([_each(inner) for inner in value])
    if isinstance(value, dict):
        return {{key: _each(inner) for key, inner in value.items()}}
    if isinstance(value, float) or hasattr(value, "__array__"):
        x = _np.asarray(value)
        return {change} if x.dtype.kind == "f" else value
    return value

def _perturbed(function):
    @_functools.wraps(function)
    def call(*args, **kwargs):
        return _each(function(*args, **kwargs))
    return call
"""

# Code that sums in the reverse order.
REORDERED_SUMS = """
import numpy as _np

def _matmul(A, B):
    return A[..., ::-1] @ (B[..., ::-1, :] if len(B.shape) > 1 else B[::-1])

def _summed(function, values, axis=None, **options):
    return function(_np.flip(values, axis), axis=axis, **options)
"""
SUMS = ("sum", "mean", "std")


def perturb(solution: str, names: Iterable[str], how: str) -> str:
    """Return the module `solution` with the functions and classes `names` perturbed: what their functions return.

    `how` is REORDERED or a key of CHANGES.
    """
    tree = ast.parse(solution)
    names = set(names)
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names]
    for definition in found:
        for node in definition.body if isinstance(definition, ast.ClassDef) else [definition]:
            if not isinstance(node, ast.FunctionDef):
                continue
            if how == REORDERED:
                _Reordered().visit(node)
            else:
                node.decorator_list.append(ast.Name("_perturbed"))  # below a decorator such as @property
    helpers = REORDERED_SUMS if how == REORDERED else PERTURBATION.format(change=CHANGES[how])
    return f"{helpers}\n{ast.unparse(ast.fix_missing_locations(tree))}\n"


class _Reordered(ast.NodeTransformer):
    """Transformer that reverses the order of NumPy's sums and matrix products."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Replace `@` by a call of _matmul."""
        self.generic_visit(node)
        return _call("_matmul", [node.left, node.right]) if isinstance(node.op, ast.MatMult) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Replace NumPy's dot, matmul, sum, mean and std."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute):
            return node
        name, owner = node.func.attr, node.func.value
        of_numpy = isinstance(owner, ast.Name) and owner.id in ("np", "numpy")
        if of_numpy and name in ("dot", "matmul") and len(node.args) == 2:
            return _call("_matmul", node.args)
        if name not in SUMS or (node.args and not of_numpy):  # of another library, or with a positional axis
            return node
        function = ast.Attribute(ast.Name("_np"), name)
        return _call("_summed", [function, *(node.args if of_numpy else [owner])], node.keywords)


def _call(name: str, arguments: list[ast.expr], keywords: list[ast.keyword] | None = None) -> ast.Call:
    return ast.Call(ast.Name(name), arguments, keywords or [])
