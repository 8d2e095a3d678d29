"""What a diagnosis compares: calls in words, answers in parts, and when two parts are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import hypothesis.extra.numpy as npst
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from grader.diagnosis.probes import (
    ABSENT,
    MAX_ANSWER_NUMBERS,
    Probe,
    ProbeAnswer,
    ask,
    differing_parts,
    interchangeable,
    parts_equal,
    with_value,
)
from grader.grading import call_summary
from grader.notebooks.statements import read
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.model_view import KerasModel
from grader.sandbox.client.student_proxy import AnsweredCall, StudentProxy

Numbers = NDArray[Any]


def test_a_call_is_told_in_names_and_shapes() -> None:
    """Names, shapes, kinds and dtypes; no value of any argument."""
    statements = read(b"def f(a, W, g, *, alpha=1):\n    return a", "f.py").statements
    names = call_summary.parameter_names(statements)["f"]
    told = call_summary.describe_call(
        names, (np.ones((5, 1)), [(np.ones((3, 5)), np.ones(3, int))], np.tanh), {"alpha": 0.25}
    )
    assert told == "a (5, 1), W [((3, 5), (3,))], g, alpha (a float)"
    assert call_summary.describe_call(["x"], (np.ones(2, np.float32), 7), {}) == "x (2,) float32, argument 2 (an int)"
    assert call_summary.describe_call([], (), {}) == "no arguments"
    assert call_summary.describe_value([np.ones(1)] * 50) == "(a list of 50)"
    assert call_summary.describe_value([np.ones(1), "x"]) == "(a list of 2)"
    assert (
        call_summary.describe_value(KerasModel.dense([(np.ones((2, 1)), np.ones(1))]))
        == "(a Sequential model of 1 layers)"
    )


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (np.array([1.0, np.nan]), np.array([1.0 + 1e-12, np.nan]), True),
        (np.array([1.0]), np.array([1.0001]), False),
        (np.array([1.0], np.float32), np.array([1.00001]), True),
        (np.array([np.inf]), np.array([np.inf]), True),
        (np.array([np.inf]), np.array([-np.inf]), False),
        (np.array([np.nan]), np.array([0.0]), False),
        (np.ones((3, 1)), np.ones((1, 3)), False),
        (np.array(0.0), None, False),
        (None, None, True),
        ("ValueError: x", "ValueError: y", False),
        (float("nan"), float("nan"), False),
    ],
)
def test_parts_are_the_same_but_for_rounding(one: object, other: object, equal: bool) -> None:
    """The rounding of their dtype: shape, NaN, infinity, text and None count."""
    assert parts_equal(one, other) is equal
    assert parts_equal(other, one) is equal


FLOATS = st.one_of(
    st.floats(), st.floats(-2, 2), st.sampled_from([0.0, -0.0, 1.0, 1.0 + 1e-7, 1.0 + 1e-5, 1e308, -1e308])
)
ARRAYS = npst.arrays(
    st.sampled_from([np.float32, np.float64, np.complex128]), npst.array_shapes(max_dims=2, max_side=3)
)


@given(
    npst.arrays(np.float64, 3, elements=FLOATS) | ARRAYS,
    npst.arrays(np.float64, 3, elements=FLOATS) | ARRAYS,
    st.sampled_from([0.0, 1e-6]),
)
def test_shortcuts_decide_as_numpy_does(one: Numbers, other: Numbers, rounding: float) -> None:
    """Arrays are equal if numpy.isclose says so of all their numbers, whatever is looked at first."""
    low = {one.dtype.itemsize, other.dtype.itemsize} & {2, 4}
    rtol, atol = (1e-4, 1e-6) if low else (1e-6, 1e-9 + rounding)
    for left, right in ((one, other), (one, one.copy())):
        with np.errstate(all="ignore"):
            close = left.shape == right.shape and bool(np.isclose(left, right, rtol, atol, equal_nan=True).all())
        assert parts_equal(left, right, rounding) is close


@dataclass
class Answering:
    """Stands for a submission that gives one answer."""

    answer: AnsweredCall

    def call(self, name: str, *args: Any) -> AnsweredCall:
        """Return the answer."""
        return self.answer


@pytest.mark.parametrize("pack", [lambda a: (a, ()), lambda a: ({"a": [a]}, ()), lambda a: (None, (a,))])
def test_an_answer_of_very_many_numbers_is_not_compared(pack: Callable[[Any], tuple[Any, Any]]) -> None:
    """128 MB of int8 would be a gigabyte of float64 for each probe, also as a changed argument."""
    large = np.broadcast_to(np.int8(0), (MAX_ANSWER_NUMBERS + 2,))
    student = cast("StudentProxy", Answering(AnsweredCall(*pack(large))))
    with pytest.raises(StudentError, match="isn't compared"):
        ask(student, "f", Probe((1,)))


def test_a_list_of_numbers_is_an_array_and_a_list_of_arrays_has_parts() -> None:
    """So a result differs where it differs, and not as a whole; a changed result leaves changed arguments."""
    spoilt = ProbeAnswer({("argument", 0): np.zeros(2)})
    one = with_value(spoilt, [(np.ones((2, 2)), [1, 2, 3])])
    other = with_value(spoilt, ((np.ones((2, 2)), np.array([1.0, 2.0, 4.0])),))
    assert differing_parts(one, other) == {("value", 0, 1)}
    assert ("argument", 0) in one.parts
    assert differing_parts(one, spoilt) == {place for place in one.parts if place[0] == "value"}


@pytest.mark.parametrize(("offset", "scale", "equal"), [(1e8, 1.0, True), (1.0, 1e8, False), (1e300, 1.0, False)])
def test_sums_of_large_numbers_are_rounded(offset: float, scale: float, equal: bool) -> None:
    """Near 1e8 a sum in another order differs by 1e-8; a large factor rounds nothing, and 1e300 hides no difference."""
    probe = Probe((np.array([0.0, 1.0]) + offset, scale))
    apart = 1e-7 if offset < 1e300 else 1e-4
    one, other = (
        ask(cast("StudentProxy", Answering(AnsweredCall(value, ()))), "f", probe)
        for value in (np.array([apart]), np.array([0.0]))
    )
    assert (differing_parts(one, other) == set()) is equal


def test_where_right_answers_differ_both_must_be_like_right_ones() -> None:
    """Numbers must be as finite; words must be those of a right answer."""
    assert interchangeable(np.array(34.5), np.array(9.2), [])
    assert not interchangeable(np.array(34.5), np.array(np.inf), [])
    assert not interchangeable(np.array(34.5), np.ones(2), [])
    assert interchangeable("bce", "binary_crossentropy", ["bce", "binary_crossentropy"])
    assert not interchangeable("mse", "binary_crossentropy", ["bce", "binary_crossentropy"])
    assert interchangeable(ABSENT, "Dense", ["Dense", ABSENT])
