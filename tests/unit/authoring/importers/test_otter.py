"""What is read from a master notebook of otter."""

from __future__ import annotations

from typing import Any

import pytest

from grader.authoring.importers import otter

Output = dict[str, Any]
PRINTED: Output = {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}
VALUE: Output = {"output_type": "execute_result", "data": {"text/plain": ["array([1,\n", "       2])"]}, "metadata": {}}
FIGURE: Output = {"output_type": "display_data", "data": {"image/png": "iVBORw0K"}, "metadata": {}}
ERROR: Output = {"output_type": "error", "ename": "KeyError", "evalue": "'a'", "traceback": []}


def cell(source: str, kind: str = "raw", outputs: tuple[Output, ...] = ()) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}, "outputs": list(outputs)}


@pytest.mark.parametrize(
    ("test", "outputs", "recorded"),
    [
        ("f(1)", (VALUE,), "array([1,\n       2])"),
        ("print('a')\nf(1)", (PRINTED, VALUE), "a\nb\narray([1,\n       2])"),
        ("f(1)", (), ""),
        ("f(1)", (FIGURE,), ""),
        ("f(1)", (ERROR,), ""),
        ("def test_f(f):\n    assert f(1)", (VALUE,), ""),
    ],
)
def test_the_recorded_output_of_a_test(test: str, outputs: tuple[Output, ...], recorded: str) -> None:
    """The text below the cell, if the test compares what is displayed there."""
    cells = [
        cell("# BEGIN QUESTION\nname: q1"),
        cell("def f(x):\n    return x # SOLUTION", "code"),
        cell("# BEGIN TESTS"),
        cell(test, "code", outputs),
    ]
    (found,) = otter.read([*cells, cell("# END TESTS"), cell("# END QUESTION")]).tests
    assert found.recorded == recorded


@pytest.mark.parametrize(
    ("test", "calls"),
    [
        ("def test_a(f, x: int, tolerance=0.1):\n    assert f(x)", ["test_a(f, x)"]),
        ("def near(a, b):\n    return a == b\ndef test_a(f):\n    assert near(f(1), 1)", ["test_a(f)"]),
        ("def test_a(f):\n    assert f(1)\ndef test_b(\n    f,\n):\n    assert f(2)", ["test_a(f)", "test_b(f)"]),
        ("def test_a(f:\n", []),
    ],
)
def test_functions_are_called_with_the_variables_of_their_parameters(test: str, calls: list[str]) -> None:
    """Not helpers, and not for parameters with a value of their own."""
    cells = [
        cell("# BEGIN QUESTION\nname: q1"),
        cell("def f(x):\n    return x # SOLUTION", "code"),
        cell("# BEGIN TESTS"),
        cell(test, "code"),
    ]
    (found,) = otter.read([*cells, cell("# END TESTS"), cell("# END QUESTION")]).tests
    assert found.source.removeprefix(test).split("\n")[1:] == calls
