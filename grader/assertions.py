"""Assertions of imported tests. Each accepts just the answers that the assertion of the source accepts.

    equals(student.exact.count(), 12345)
    passes(np.testing.assert_allclose, student.exact.mean(), 0.5, rtol=1e-3)

Messages name what the student returned, and never an expected value.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.checks import describe, fail

NO_MESSAGE = "What is tested here doesn't hold."
PARTIAL = "The answer meets a part of the conditions that are tested here, or none of them."
OUTDATED = "The solution displays something else than the notebook recorded, so nobody can pass. Tell your instructor."
MAX_BITS = 1000  # of an integer that a message shows: Python refuses to write much larger ones
NOISE = 1e-9  # relative difference of two numbers that rounding explains
RECORDED_NOISE = 1e-6  # and of a number that another version of a package displayed
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Observation:
    """What a test observed of the solution, and how the student's value is compared."""

    left: Any
    right: Any
    check: str | Callable[..., Any]  # name of a function below, or a function of the source for `passes`
    depends: bool  # whether the right side depends on the submission: then both sides come from its process
    args: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


def equals(left: Any, right: Any, message: str = "") -> None:
    """Check `left == right` as `assert left == right` does. `left` is what the student computed."""
    if not operator.eq(left, right):  # not !=, which a class may define in another way
        fail(message or _wrong(left))


def holds(condition: Any, message: str = "") -> None:
    """Check that a condition is true, as `assert condition` does."""
    if not condition:
        fail(message or NO_MESSAGE)


def passes(function: Callable[..., Any], left: Any, *args: Any, **kwargs: Any) -> None:
    """Check with a function of the source, such as `np.allclose` or `np.testing.assert_equal`.

    The check fails if the function raises AssertionError or returns something false. Tolerances are the function's.
    """
    try:
        result = function(left, *args, **kwargs)
    except AssertionError:
        result = False
    if result is not None and not result:
        fail(_wrong(left))


def shows(got: Any, expected: Any, recorded: str = "") -> None:
    """Check that a notebook would display the same text for two values.

    :param recorded: what the author's notebook displays for the solution's value; "" if that isn't known. It shows
        whether the solution's value is still the one that the author saw.
    """
    _check_recorded(repr(expected), recorded)
    if repr(got) != repr(expected):
        fail(_wrong(got))


def displays(got: str, expected: str, recorded: str = "") -> None:
    """Check that a test displays the same text for the submission and for the solution. `recorded` is as in `shows`."""
    _check_recorded(expected, recorded)
    if got != expected:
        fail(_wrong(got))


def alike(got: Any, expected: Any) -> None:
    """Check that two values have one type and are equal, with numbers equal but for rounding."""
    if not _is_alike(got, expected):
        fail(_wrong(got))


def earns(displayed: str, points: float) -> None:
    """Check that a test whose last value is the points that it gives, in part or in full, gives all of them.

    :param displayed: text of the last value; a test earns all points if that is no number
    """
    try:
        credit = float(_without_layout(displayed))
    except ValueError:
        return
    if not credit >= points:
        fail(PARTIAL)


def agree(got: Any, expected: Sequence[Observation]) -> None:
    """Compare what a test observed of the submission with what it observed of the solution.

    :param got: one tuple for each call of `observe` in the submission's process, with the left side of a comparison,
        and the right side if that depends on the submission
    :param expected: one observation for each call of `observe` with the solution
    """
    if not isinstance(got, list) or len(got) != len(expected):
        fail("The test takes another path through your answer than through a right one.")
    for seen, wanted in zip(got, expected, strict=True):
        if not isinstance(seen, tuple) or len(seen) != 1 + wanted.depends:
            fail(NO_MESSAGE)
        right = seen[1] if wanted.depends else wanted.right
        if callable(wanted.check):
            passes(wanted.check, seen[0], right, *wanted.args, **wanted.options)
        else:
            checks = (equals, alike, displays, earns)
            check: Callable[..., None] = next(each for each in checks if each.__name__ == wanted.check)
            check(seen[0], wanted.left if check in (alike, displays) else right, *wanted.args)


def _check_recorded(displayed: str, recorded: str) -> None:
    if recorded and not _is_same_display(_without_layout(displayed), _without_layout(recorded)):
        fail(OUTDATED)


def _is_same_display(displayed: str, recorded: str) -> bool:
    """Return whether two texts are the same but for the last digits of their numbers."""
    numbers = [list(map(float, NUMBER.findall(text))) for text in (displayed, recorded)]
    return NUMBER.split(displayed) == NUMBER.split(recorded) and all(
        math.isclose(*pair, rel_tol=RECORDED_NOISE, abs_tol=NOISE) for pair in zip(*numbers, strict=True)
    )


def _without_layout(text: str) -> str:
    """Return a displayed text without whitespace, and without the types that NumPy 2 writes around numbers."""
    text = re.sub(r"\s+", "", text)
    return re.sub(r"\bnp\.(?:\w+\(([^()]*)\)|(True|False)_)", r"\1\2", text)


def _wrong(got: Any) -> str:
    huge = isinstance(got, int) and got.bit_length() > MAX_BITS
    text = repr(got) if isinstance(got, bool | int | float | str | np.number) and not huge else ""
    return f"the result is wrong: got {text if text and len(text) <= 60 else describe(got)}."


def _is_alike(got: Any, expected: Any) -> bool:
    if type(got) is not type(expected):
        return False
    if isinstance(expected, float | complex | np.inexact):
        if repr(got) == repr(expected):
            return True
        difference, size = float(abs(got - expected)), float(np.abs(expected))
        return math.isfinite(size) and difference <= NOISE * size  # no number is far from infinity
    if isinstance(expected, list | tuple):
        return len(got) == len(expected) and all(map(_is_alike, got, expected))
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_is_alike(got[key], expected[key]) for key in expected)
    if isinstance(expected, np.ndarray):
        if got.shape != expected.shape or got.dtype != expected.dtype:
            return False
        if expected.dtype.kind in "fc":
            return bool(np.allclose(got, expected, rtol=NOISE, atol=0, equal_nan=True))
        return bool(np.array_equal(got, expected))
    if hasattr(expected, "equals"):  # a table of pandas
        return bool(got.equals(expected))
    return bool(got == expected)
