"""Forms of assertions in tests, and the two ways in which a case carries one.

`Visitor` finds the assertions of a test by the table FORMS. `write_check` writes one as a call of grader/assertions.py,
which accepts just what the source accepts; `Observations` writes the values that it compares.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

COMPARISONS = {"allclose", "isclose", "array_equal", "array_equiv"}  # functions of an assert statement
ASSERTION = re.compile(r"assert_?[A-Za-z]\w*|(assert_)?eq_")  # functions that raise AssertionError
EXPECTS_TRUE, EXPECTS_FALSE = {"assertTrue", "assert_true", "assert_", "ok_"}, {"assertFalse", "assert_false"}
EXPECTS_EXCEPTION = {"assertRaises", "assert_raises"}
CREDIT = "_credit"  # stands for the last value of a test of nbgrader, with the points of the test


@dataclass(frozen=True)
class Assertion:
    """What a statement of a test asserts. `left` is what the student computed."""

    check: str  # function of grader/assertions.py, or "raises"
    left: ast.expr
    right: ast.expr | None = None
    function: ast.expr | None = None  # of the source, for `passes`
    rest: tuple[ast.expr, ...] = ()
    keywords: tuple[ast.keyword, ...] = ()
    message: ast.expr | None = None


# ---- forms of assertions


def _equality(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]), msg=message):
            if _is_constant(left) and not _is_constant(right):
                left, right = right, left
            return Assertion("equals", left, right, message=message)
    return None


def _comparison_function(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Assert(test=ast.Call(func=f, args=[left, right, *rest], keywords=options)):
            if _last_name(f) in COMPARISONS:
                return Assertion("passes", left, right, f, tuple(rest), tuple(options))
    return None


def _condition(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Assert(test=condition, msg=message):
            return Assertion("holds", condition, message=message)
    return None


def _expected_exception(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Expr(value=ast.Call(func=f, args=[error, called, *rest], keywords=options)):
            if _last_name(f) in EXPECTS_EXCEPTION:
                return Assertion("raises", called, error, None, tuple(rest), tuple(options))
    return None


def _truth(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Expr(value=ast.Call(func=f, args=[value, *_])):
            if _last_name(f) in EXPECTS_TRUE:
                return Assertion("holds", value)
            if _last_name(f) in EXPECTS_FALSE:
                return Assertion("holds", ast.UnaryOp(ast.Not(), value))
    return None


def _assertion_function(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Expr(value=ast.Call(func=f, args=[left, right, *rest], keywords=options)):
            if ASSERTION.fullmatch(_last_name(f)):
                return Assertion("passes", left, right, f, tuple(rest), tuple(options))
    return None


def _credit(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[value, points])) if name == CREDIT:
            return Assertion("earns", ast.Call(ast.Name("repr", ast.Load()), [value], []), points)
    return None


def _failure(node: ast.stmt) -> Assertion | None:
    match node:
        case ast.Raise(exc=ast.Name(id="AssertionError")):
            return Assertion("fail", ast.Constant(None))
        case ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError"), args=args)):
            return Assertion("fail", ast.Constant(None), message=args[0] if args else None)
    return None


# Tried in this order: a general form comes after its special cases.
FORMS: dict[str, Callable[[ast.stmt], Assertion | None]] = {
    "assert left == right": _equality,
    "assert np.allclose(left, right, rtol=...)": _comparison_function,
    "assert condition": _condition,
    "assert_raises(ValueError, function, argument)": _expected_exception,
    "self.assertTrue(condition)": _truth,
    "np.testing.assert_allclose(left, right, rtol=...)": _assertion_function,
    "raise AssertionError(message)": _failure,
    "a last value that is the points": _credit,
}


class Visitor(ast.NodeTransformer):
    """Transformer of a test that replaces each assertion by what `write` returns for it."""

    def __init__(self, write: Callable[[Assertion], str]) -> None:
        self.write = write
        self.kinds: set[str] = set()  # checks found so far

    def visit(self, node: ast.AST) -> ast.AST | list[ast.stmt]:
        """Return the node, or the statements that replace it."""
        found = (
            next(filter(None, (form(node) for form in FORMS.values())), None) if isinstance(node, ast.stmt) else None
        )
        if found is None:
            changed: ast.AST = self.generic_visit(node)
            return changed
        self.kinds.add(found.check)
        return ast.parse(self.write(found)).body


def write_check(found: Assertion) -> str:
    """Return the assertion as code of a case."""
    left, right = ast.unparse(found.left), ast.unparse(found.right) if found.right else ""
    message = repr(found.message.value) if isinstance(found.message, ast.Constant) else ""
    if found.check == "raises":
        return f"with pytest.raises({right}):\n    {left}({_arguments(found)})"
    if found.check == "passes" and found.function:
        return f"passes({_joined(ast.unparse(found.function), left, right, _arguments(found))})"
    if found.check == "fail":
        return f"fail({message or 'NO_MESSAGE'})"
    return f"{found.check}({_joined(left, right, message)})"


class Observations:
    """Writer of assertions as calls of `observe`, for the submission's process or for the solution.

    :param tainted: names that depend on the submission
    """

    def __init__(self, tainted: set[str], for_student: bool) -> None:
        self.tainted = tainted
        self.for_student = for_student

    def write(self, found: Assertion) -> str:
        """Return the assertion as a call of `observe`. The submission's process gets no right side that is ours."""
        left, right = ast.unparse(found.left), ast.unparse(found.right) if found.right else "None"
        if found.check == "raises":
            call, seen = f"{left}({_arguments(found)})", self._call("{}", "True", "'equals'", "", False)
            return f"try:\n    {call}\nexcept {right}:\n    {seen.format(True)}\nelse:\n    {seen.format(False)}"
        if found.check == "fail":
            return "raise AssertionError"
        if found.check in ("shows", "displays"):
            return self._call(
                f"repr({left})" if found.check == "shows" else left, "None", "'displays'", _arguments(found), False
            )
        if found.check == "alike":
            return self._call(left, "None", "'alike'", "", False)
        if found.check == "holds":
            return self._call(f"bool({left})", "True", "'equals'", "", False)
        depends = bool(found.right and not names_in(found.right).isdisjoint(self.tainted))
        how = ast.unparse(found.function) if found.function else repr(found.check)
        return self._call(left, right, how, _arguments(found), depends)

    def _call(self, left: str, right: str, how: str, more: str, depends: bool) -> str:
        if self.for_student:
            return f"observe({_joined(left, right if depends else '')})"
        return f"observe({_joined(left, right, how, str(depends), more)})"


def _arguments(found: Assertion) -> str:
    named = [
        f"{each.arg}={ast.unparse(each.value)}" if each.arg else f"**{ast.unparse(each.value)}"
        for each in found.keywords
    ]
    return ", ".join([*map(ast.unparse, found.rest), *named])


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _last_name(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2] if isinstance(function, ast.Name | ast.Attribute) else ""


def names_in(node: ast.AST) -> set[str]:
    """Return the names that a part of a test reads or binds."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _is_constant(node: ast.expr) -> bool:
    return not names_in(node)
