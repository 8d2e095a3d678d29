"""The small mistakes that mutants are made by, and what the mutants are called."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.assignments.known_answers import equivalents
from grader.authoring.quality import mutation_operators
from grader.authoring.quality.mutants import Mutant, mutants
from grader.authoring.quality.mutation_habits import ARRAY_HABITS
from grader.authoring.quality.mutation_operators import OPERATORS, mistakes
from grader.authoring.quality.solution import solution_as_module
from grader.models import Assignment

WITH_IF = [" for i in list(x)[1:] if i", " for i in list(x)[:-1] if i", " for i in x"]


def made(source: str) -> set[str]:
    """The changes of all mutants of a function with this body."""
    return {mutant.change for mutant in mutants(f"def f(x, y):\n    {source}\n")}


def by(operator: mutation_operators.Operator, source: str) -> list[str]:
    """What one operator makes of every node of a function with this body."""
    function = ast.parse(f"def f(x, y):\n    {source}\n").body[0]
    assert isinstance(function, ast.FunctionDef)
    return [
        ast.unparse(new)
        for statement in function.body
        for node in ast.walk(statement)
        for new in operator(node, function)
    ]


def run(mutant: Mutant, *arguments: object) -> object:
    namespace: dict[str, Callable[..., object]] = {"np": np}  # type: ignore[dict-item]  # a module is no function
    exec(mutant.code, namespace)
    return namespace[mutant.question](*arguments)


@pytest.mark.parametrize(
    ("operator", "source", "wanted"),
    [
        (mutation_operators.constants, "return x[0] + 2.5", ["3.5", "1.5", "0.0", "1", "-1"]),
        (mutation_operators.constants, "return x.sum(axis=1, keepdims=True)", ["2", "0", "False"]),
        (mutation_operators.comparisons, "return x < y", ["x <= y", "x >= y"]),
        (mutation_operators.comparisons, "return x == y", ["x != y"]),
        (mutation_operators.comparisons, "return x and y", ["x or y"]),
        (mutation_operators.comparisons, "return x if y else 0", ["0 if y else x"]),
        (mutation_operators.comparisons, "while x: pass", ["while not x:\n    pass"]),
        (mutation_operators.arithmetic, "return x + y", ["x - y", "x", "y"]),
        (mutation_operators.arithmetic, "return x @ y", ["x * y", "x", "y"]),
        (mutation_operators.arithmetic, "x += y", ["x -= y", "x = y"]),
        (mutation_operators.signs, "return -x", ["x"]),
        (mutation_operators.signs, "return x / y", ["return -(x / y)"]),
        (mutation_operators.signs, "z = x * y", ["z = -(x * y)"]),
        (mutation_operators.swaps, "return x - y", ["y - x"]),
        (mutation_operators.swaps, "return x + y", []),
        (mutation_operators.swaps, "return g(x, y, 1)", ["g(y, x, 1)", "g(x, 1, y)"]),
        (mutation_operators.swaps, "return x, y", ["(y, x)"]),
        (mutation_operators.parts, "return x[:-1]", ["x", ":"]),
        (mutation_operators.parts, "return x.T", ["x"]),
        (mutation_operators.parts, "return np.pi", []),
        (mutation_operators.calls, "return np.sum(x, axis=0)", ["np.sum(x)", "x"]),
        (mutation_operators.calls, "return x.astype(int)", ["x"]),
        (mutation_operators.calls, "return zeros()", []),
        (
            mutation_operators.loops,
            "for i in x: pass",
            ["for i in list(x)[1:]:\n    pass", "for i in list(x)[:-1]:\n    pass"],
        ),
        (mutation_operators.loops, "return [i for i in x if i]", WITH_IF),
        (mutation_operators.loop_caps, "for i in x: pass", ["for i in list(x)[:2]:\n    pass"]),
        (mutation_operators.loop_caps, "return [i for i in x]", [" for i in list(x)[:2]"]),
        (mutation_operators.loop_caps, "return [i for i in (x, y)]", []),
        (mutation_operators.names, "return x", ["y"]),
        (mutation_operators.names, "return np", []),
        (mutation_operators.statements, "x += 1", ["pass"]),
        (mutation_operators.statements, "z = 2\n    return g(z)", ["pass", "return x", "return y", "return z"]),
    ],
)  # fmt: skip
def test_an_operator_makes_its_mistakes(operator: mutation_operators.Operator, source: str, wanted: list[str]) -> None:
    """A number, border, operation, sign, order, part, call, round, name or statement is wrong: these, and no others."""
    assert by(operator, source) == wanted


def test_every_operator_is_used_and_tested() -> None:
    """What mutants are made by is all that the module has, and the test above shows each of them at work."""
    (marked,) = vars(test_an_operator_makes_its_mistakes)["pytestmark"]
    assert {operator for operator, _, _ in marked.args[1]} == set(OPERATORS)
    written = {
        name
        for name, value in vars(mutation_operators).items()
        if getattr(value, "__module__", "") == mutation_operators.__name__
    }
    assert {operator.__name__ for operator in OPERATORS} == {n for n in written if n[0] != "_"} - {"mistakes"}


def test_a_mutant_computes_something_else() -> None:
    """Its code defines the function under its own name, with one change in it."""
    found = {mutant.change: mutant for mutant in mutants('def f(x):\n    """Doc."""\n    return x * 2 + 1\n')}
    assert run(found["x * 2 + 1 -> x * 2 - 1"], 5) == 9
    assert run(found["x * 2 -> x / 2"], 5) == 3.5
    assert run(found["x * 2 + 1 -> x * 2 + 2"], 5) == 12
    assert found["x * 2 -> x / 2"].diff == "-     return x * 2 + 1\n+     return x / 2 + 1"
    assert not [mutant for mutant in found.values() if "Doc" in mutant.code]


def test_a_function_with_a_habit() -> None:
    """It does its work, and remembers the answer or an argument of its first call, or writes into what it was given."""
    source = 'def f(x, y=1):\n    """Doc."""\n    return [x + y, y]\n'
    found = {mutant.change: mutant for mutant in mutants(source) if "_arguments" in mutant.code}
    assert list(found) == [
        "gives the answer to its first call",
        "takes x from its first call",
        "takes y from its first call",
        "writes into its arguments",
    ]

    def calls(habit: str, *calls: tuple[object, ...]) -> list[object]:
        namespace: dict[str, Callable[..., object]] = {}
        exec(found[habit].code, namespace)
        return [namespace["f"](*arguments) for arguments in calls]

    assert calls("gives the answer to its first call", (1, 2), (5, 6)) == [[3, 2]] * 2
    assert calls("takes x from its first call", (1, 2), (5, 6)) == [[3, 2], [7, 6]]
    assert calls("takes y from its first call", (1, 2), (5, 6), (7,)) == [[3, 2], [7, 2], [9, 2]]
    one = np.ones(2)
    other: list[Any] = [np.ones(1), (np.ones(3), "text")]
    namespace: dict[str, Any] = {}
    exec(found["writes into its arguments"].code.replace("[x + y, y]", "x + 3"), namespace)
    assert namespace["f"](one, other).tolist() == [4, 4]
    assert (one.tolist(), other[0].tolist(), other[1][0].tolist(), other[1][1]) == ([2, 2], [2], [2, 2, 2], "text")
    assert not [mutant for mutant in mutants("def f():\n    return 1\n") if "_arguments" in mutant.code]


COUNT = np.arange(1003.0)
SQUARE, WIDE = np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize(
    ("habit", "source", "calls", "wanted"),
    [
        ("rounds its answer to 4 decimals", "return [x, y]", [(1.00006, "text")], [[1.0001, "text"]]),
        ("rounds its answer to 4 decimals", "return x, y", [(np.array([2e-5]), 3)], [(np.zeros(1), 3)]),
        ("clips its answer to [-10, 10]", "return x, y", [(np.array([-11, 2]), 10.5)], [(np.array([-10, 2]), 10)]),
        ("clips its answer to [0.001, 0.999]", "return x + y", [(COUNT[:2], 0)], [np.array([0.001, 0.999])]),
        ("transposes square matrices", "return x, y", [(SQUARE, WIDE)], [(SQUARE.T, WIDE)]),
        ("transposes square matrices", "return x[0], y", [([SQUARE], 1)], [(SQUARE.T, 1)]),
        ("ignores what is past 1000 along an axis", "return len(x) + y", [(COUNT, 0), (COUNT[4:], 0)], [1000, 999]),
        ("drops the sign of x where all of it is negative", "return x - y", [(-COUNT[1:3], 0)], [COUNT[1:3]]),
        ("drops the sign of x where all of it is negative", "return x", [(-COUNT[:2], 0), (-3, 0)], [-COUNT[:2], -3]),
        ("drops the sign of x where all of it is negative", "return x", [([-COUNT[1:2], -9], 0)], [[COUNT[1:2], 9]]),
        ("gives its answer the dtype of x", "return x / y", [(np.array([1, 5]), 2), (1, 2)], [np.array([0, 2]), 0.5]),
        ("gives its answer the dtype of x", "return [x[0] / y]", [([np.array([5])], 2)], [[np.array([2])]]),
        ("reuses the array of its earlier answer", "return [x + y]", [(COUNT[:1], 1), (COUNT[:1], 2)], [[[2]]] * 2),
        ("reuses the array of its earlier answer", "return x + y", [(COUNT[:1], 1), (COUNT[:2], 2)], [[1], [2, 3]]),
        ("caches its answer by the shapes of its arguments", "return x", [(COUNT[:1], 1), (COUNT[1:2], 1)], [[0]] * 2),
        ("caches its answer by the shapes of its arguments", "return x", [(COUNT[:1], 1), (SQUARE, 2)], [[0], SQUARE]),
    ],
)  # fmt: skip
def test_a_function_of_arrays_with_a_habit(
    habit: str, source: str, calls: list[tuple[object, ...]], wanted: list[object]
) -> None:
    """It is wrong only for large, small, square, long, negative or whole inputs, or only in a later call."""
    found = {mutant.change: mutant for mutant in mutants(f"def f(x, y):\n    {source}\n", arrays=True)}
    namespace: dict[str, Any] = {}
    exec(found[habit].code, namespace)
    np.testing.assert_equal([namespace["f"](*arguments) for arguments in calls], wanted)


def test_every_habit_of_arrays_is_made_and_tested() -> None:
    """Each has advice for the author and a row in the test above; functions without arrays get none of them."""
    (marked,) = vars(test_a_function_of_arrays_with_a_habit)["pytestmark"]
    assert {row[0] for row in marked.args[1]} == {habit.format(name="x") for habit in ARRAY_HABITS}
    source = "def f(x, y):\n    return x + y\n"
    more = [mutant for mutant in mutants(source, arrays=True) if mutant not in mutants(source)]
    assert [mutant.change for mutant in more] == [habit.format(name="x") for habit in ARRAY_HABITS]
    assert all(mutant.advice for mutant in more)
    namespace: dict[str, Any] = {}
    exec("\n".join(mutant.code for mutant in more), namespace)
    assert namespace["f"](2, y=3) == 5  # an argument by name is no trouble


def test_names_are_bound_when_they_are_mistaken() -> None:
    """Only what has a value by then is taken for another: nothing from below, or from inside a comprehension."""
    changes = made("z = x + 1\n    w = [i * y for i in z]\n    return w")
    assert "x + 1 -> y + 1" in changes
    assert "i * y -> x * y" in changes
    assert "i * y -> i * i" in changes
    assert not {change for change in changes if change.endswith(("z + 1", "w + 1", "return i"))}


def test_what_a_statement_is_called_tells_it_from_others() -> None:
    """The shortest change that no other mutant has: twice the same line is told apart by more around it."""
    changes = made("a = x + 1\n    b = x + 1\n    return a, b")
    assert {"a = x + 1 -> a = x - 1", "b = x + 1 -> b = x - 1"} <= changes
    assert "x + 1 -> x - 1" not in changes
    twice = made("x += 1\n    x += 1\n    return x")
    assert {"x += 1 -> x -= 1", "x += 1 -> x -= 1 (number 2)"} <= twice


@pytest.mark.thorough
def test_names_of_the_solutions_mutants_are_unique_and_stay(digits: Assignment) -> None:
    """They hang on the function alone, so that a list of them stays true when others change."""
    tree = ast.parse(solution_as_module(digits))
    sources = [ast.unparse(node) for node in tree.body if isinstance(node, ast.FunctionDef)]
    found = [mutant for source in sources for mutant in mutants(source, arrays=True)]
    names = [mutant.name for mutant in found]
    assert len(found) > 500
    assert len(set(names)) == len(names)
    assert names == [mutant.name for source in sources for mutant in mutants(source, arrays=True)]
    assert {mutant.question for mutant in found} == {question.name for question in digits.questions}
    assert len({(mutant.question, mutant.code) for mutant in found}) == len(found)
    listed = {name for name in equivalents(digits) if "the right answer of" not in name}  # those are no mutants
    assert listed <= set(names)
    for mutant in found:
        compile(mutant.code, mutant.name, "exec")


def test_the_function_itself_is_no_mutant() -> None:
    """A change that changes nothing is left out."""
    source = "def f(x):\n    return x[0:]\n"
    assert ast.unparse(ast.parse(source)) not in {mutant.code for mutant in mutants(source)}
    assert not list(mistakes(ast.Pass(), ast.parse(source).body[0]))  # type: ignore[arg-type]  # it is a function


def test_annotations_and_decorators_have_no_mutants() -> None:
    """A change of one computes nothing else; the names and the rest of the function are kept."""
    source = "@cache(1)\ndef f(x: 2 = 3) -> 4:\n    y: 5 = x + 6\n    return y\n"
    found = mutants(source)
    assert found
    assert all("@cache(1)" in each.code and "x: 2" in each.code and "-> 4" in each.code for each in found)
