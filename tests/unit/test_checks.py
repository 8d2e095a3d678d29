"""What a check accepts, what it refuses, and what a student reads of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.checks import (
    MAX_NUMBERS,
    close,
    close_pairs,
    equal,
    fail,
    finite,
    items,
    number,
    numbers,
    pairs,
    same,
    shape,
    unchanged,
    unsqueezed,
)
from tests.helpers.replying import VALUES, models

SHAPES = npst.array_shapes(min_dims=0, max_dims=3, max_side=4)
NORMAL = st.floats(-1e3, 1e3)
ARRAYS = npst.arrays(np.float64, SHAPES, elements=NORMAL)

# Whatever the wire can bring: scalars, containers and arrays, sensible or not.
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5)
DTYPES = st.sampled_from([np.bool_, np.int8, np.uint64, np.float16, np.float32, np.float64, np.complex128])
PLAIN = st.recursive(
    SCALARS | npst.arrays(DTYPES, SHAPES) | st.just(10**400) | st.just([[1.0], [2.0, 3.0]]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def sentence(check: Callable[..., Any], *arguments: Any, **options: Any) -> str:
    """What the check says against the arguments."""
    with pytest.raises(AssertionError) as caught:
        check(*arguments, **options)
    return str(caught.value)


@given(ARRAYS)
def test_rounding_to_float32_is_forgiven(want: np.ndarray) -> None:
    close(want.astype(np.float32), want)


@given(ARRAYS)
def test_any_container_of_the_right_numbers_is_right(want: np.ndarray) -> None:
    close(want.tolist(), want)
    equal(want.tolist(), want)


@given(ARRAYS.filter(np.size), st.data())
def test_one_thousandth_is_not_forgiven(want: np.ndarray, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, want.size - 1))
    got = want.copy()
    got.flat[i] += 1e-3 * max(1.0, abs(want.flat[i]))
    assert " is wrong" in sentence(close, got, want)


@given(PLAIN | VALUES | models(), ARRAYS)
@settings(deadline=None)
def test_whatever_came_ends_in_silence_or_in_a_sentence(got: Any, want: np.ndarray) -> None:
    checks = (
        lambda: close(got, want),
        lambda: equal(got, want),
        lambda: shape(got, (2, 3)),
        lambda: number(got),
        lambda: finite(got),
        lambda: items(got, 2),
        lambda: pairs(got, 2),
        lambda: close_pairs(got, [(want, want)]),
        lambda: close(unsqueezed(got, (1, 1)), np.ones((1, 1))),
        lambda: close(unsqueezed(got, want.shape), want),
        *(lambda other=other: same(got, other) for other in (None, "a", b"a", 1.5, [1.0, "a"], {"a": [1, (2, "b")]})),
        lambda: unchanged(SimpleNamespace(arguments=(got,)), (want,)),
        lambda: unchanged(SimpleNamespace(arguments=got), ([want], want)),
    )
    for check in checks:
        try:
            check()
        except AssertionError as refused:
            assert re.fullmatch(r"The .*[.?]", str(refused), re.DOTALL)


def test_an_answer_has_a_size() -> None:
    """128 MB of bools, which cross the wall, aren't made a gigabyte of float64."""
    large = np.zeros(MAX_NUMBERS + 1, bool)
    for got in (large, [large], [[large[1:]], 1.0]):
        assert sentence(close, got, 1.0) == ("The result holds 16,777,217 numbers; at most 16,777,216 can be judged.")


@given(npst.arrays(np.float64, (2, 2), elements=st.floats(0, 1)))
def test_a_wanted_value_is_never_told(got: Any) -> None:
    want = np.array([[7531.9, 8642.8], [9753.7, 8675.3]])
    for check in (close, equal):
        told = sentence(check, got, want)
        assert not any(f"{value:.5g}"[:4] in told for value in want.flat)


def test_the_first_wrong_value_is_told_with_its_index() -> None:
    told = sentence(close, np.array([[1, 2], [3, 4]], np.float32), [[1, 2], [9, 9]])
    assert told == (
        "The result is wrong: got 3 at index [1, 0]; 2 of 4 values are wrong (a float32 array of shape (2, 2))."
    )
    assert sentence(close, 0.25, 1.0, what="the cost") == "The cost is wrong: got 0.25 (a float)."


@pytest.mark.parametrize(
    ("got", "want", "told"),
    [
        (
            np.zeros((2, 3)),
            (3, 2),
            "The result has shape (2, 3); expected shape (3, 2): it is the transpose.",
        ),
        (np.zeros(3), (3, 1), ": an axis of length 1 is missing."),
        (
            np.zeros((1, 1)),
            (),
            "The result has shape (1, 1); expected a single number: it has an extra axis",
        ),
        (np.zeros(6), (2, 3), ": it is flattened."),
        (np.zeros((4, 2)), (3, 2), "; expected shape (3, 2)."),
        (0.5, (3, 1), "The result is a single number; expected shape (3, 1)."),
    ],
)
def test_a_wrong_shape_is_named(got: Any, want: tuple[int, ...], told: str) -> None:
    assert told in sentence(shape, got, want)


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (None, "The result is None (nothing was returned or computed); expected numbers."),
        ("0.5", "The result is a str; expected numbers."),
        (b"0.5", "The result is a bytes; expected numbers."),
        ({"W1": 1.0}, "The result is a dict; expected numbers."),
        ([0.5, None], "The result holds None (nothing was returned or computed); expected numbers."),
        ([[0.5], ["0.5"]], "The result holds a str; expected numbers."),
        (np.array([1j]), "The result is a complex128 array of shape (1,); expected numbers."),
        ([[1.0], [1.0, 2.0]], "The result doesn't form an array"),
        ([np.zeros(2), np.zeros((1, 1))], "The result doesn't form an array"),
        ([1, 10**400], "The result holds an integer too large"),
    ],
)
def test_what_is_no_number_is_named(got: Any, told: str) -> None:
    assert sentence(numbers, got).startswith(told)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_never_right(bad: float) -> None:
    for check in (finite, number):
        assert re.search("NaN|infinite", sentence(check, bad))
    assert " at index [1]: a division by 0" in sentence(close, [0.0, bad], [0.0, 1.0])


def test_nan_is_not_even_equal_to_itself() -> None:
    sentence(close, [np.nan], [np.nan])
    sentence(equal, [np.nan], [np.nan])


def test_labels_may_be_truth_values() -> None:
    equal(np.array([[True, False]]), [[1, 0]])
    assert "got 0.999999" in sentence(equal, [[0.999999, 0.0]], [[1, 0]])


def test_a_number_may_come_as_an_array_without_axes() -> None:
    assert number(np.float32(0.5)) == number(np.array(0.5)) == number(0.5) == 0.5
    assert "expected a single number" in sentence(number, [0.5])


@pytest.mark.parametrize("got", [2.0, 2, np.float32(2), np.array(2.0), [2.0], np.array([2.0])])
def test_an_axis_of_length_one_may_be_dropped(got: Any) -> None:
    """One number is as good as an array with one number in it, where a case says so."""
    close(unsqueezed(got, (1,)), [2.0])


def test_only_a_single_number_is_given_its_axes_back() -> None:
    """What has more numbers, other axes, or isn't a number stays as it came."""
    assert "; expected shape (2,)" in sentence(close, unsqueezed(2.0, (2,)), [2.0, 2.0])
    assert "; expected shape (1,)" in sentence(close, unsqueezed(np.array([[2.0]]), (1,)), [2.0])
    assert "None" in sentence(close, unsqueezed(None, (1,)), [2.0])
    assert "str" in sentence(close, unsqueezed("2", (1,)), [2.0])


def test_pairs_come_in_any_container() -> None:
    layer = (np.ones((2, 3)), np.ones((2, 1)))
    for got in ([layer], (list(layer),), [(layer[0].tolist(), layer[1].tolist())]):
        close_pairs(got, [layer])


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (None, "The gradients: got None"),
        ({"dW": 1}, "The gradients: got a dict; expected a list of length 1."),
        ([1.0, 2.0], "The gradients: got a list of length 2; expected a list of length 1."),
        ([1.0], "The pair of layer 1 in the gradients: got a float; expected a list of length 2."),
        ([(None, 1.0)], "The dW of layer 1 is None"),
        ([(1.0, 2.0)], "The db of layer 1 is wrong: got 2 (a float)."),
    ],
)
def test_wrong_pairs_are_named(got: Any, told: str) -> None:
    assert sentence(close_pairs, got, [(1.0, 1.0)], ("dW", "db"), "gradients").startswith(told)


def test_a_changed_argument_is_told_by_its_number() -> None:
    W, b = np.ones((2, 2)), np.ones((2, 1))
    unchanged(SimpleNamespace(arguments=([(W.copy(), b.copy())], 0.5, None)), ([(W, b)], 0.5, np.tanh))
    changed = SimpleNamespace(arguments=(0.5, [(W - 1, b)]))
    assert "argument number 2 " in sentence(unchanged, changed, (0.5, [(W, b)]))
    shorter = SimpleNamespace(arguments=([],))
    assert "argument number 1 " in sentence(unchanged, shorter, ([(W, b)],))


def test_a_sentence_is_told_as_it_stands() -> None:
    assert sentence(fail, "dW came twice.") == "dW came twice."


@pytest.mark.parametrize(
    ("got", "want"),
    [
        ("a", "a"),
        (None, None),
        (b"a", b"a"),
        (["a", ("b", 1.0 + 1e-9)], ["a", ["b", 1]]),
        ({"a": [1, 2], "b": {"c": None}}, {"b": {"c": None}, "a": np.array([1.0, 2.0])}),
        (np.float32(0.5), 0.5),
        ([], []),
        ({}, {}),
        (True, 1),
        ([[1, 2], [3.0 + 1e-9]], [[1, 2], (3,)]),
        ([np.ones(2), np.ones((2, 2))], [np.ones(2), [[1, 1], [1, 1]]]),
        ({"a": [[], [[1], [2, 3]]]}, {"a": [[], [[1], [2, 3]]]}),
    ],
)
def test_same_takes_what_is_the_same(got: object, want: object) -> None:
    """Through lists, tuples and dicts; numbers may differ by rounding, keys may stand in another order."""
    same(got, want)


@pytest.mark.parametrize(
    ("got", "want", "told"),
    [
        ("a", "b", "The result is wrong: got 'a'."),
        ("x" * 99, "b", "The result is wrong: got a str."),
        (None, "b", "The result is wrong: got None (nothing was returned or computed)."),
        (0, None, "The result is wrong: got an int."),
        (b"a", "a", "The result is wrong: got b'a'."),
        (["a", "c"], ["a", "b"], "The result at index 1 is wrong: got 'c'."),
        (["a"], ["a", "b"], "The result: got a list of length 1; expected a list of length 2."),
        ("ab", ["a", "b"], "The result: got a str; expected a list of length 2."),
        ([1, 2], {"a": 1}, "The result is a list of length 2; expected a dict."),
        ({"a": 1, "c": 2}, {"a": 1, "b": 2}, "The result has the key 'c', which doesn't belong there."),
        ({"a": 1}, {"a": 1, "b": 2}, "The result has 1 keys; expected 2."),
        ({"a": "x"}, {"a": "y"}, "The result at key 'a' is wrong: got 'x'."),
        ({"a": 1.5}, {"a": 2.5}, "The result at key 'a' is wrong: got 1.5 (a float)."),
        (["a", 1], ["a", "b"], "The result at index 1 is wrong: got an int."),
        ("1", 1, "The result is a str; expected numbers."),
        ([[1, 2], [4]], [[1, 2], [3]], "The result at index 1 is wrong: got 4 at index [0] (a list of length 1)."),
        ([[1, 2], [3]], [[1], [2, 3]], "The result at index 0 has shape (2,); expected shape (1,)."),
        ([[1, 2], 3], [[1, 2], [3]], "The result at index 1 is a single number; expected shape (1,)."),
        (
            [[1, 2], [3]],
            [[1, 2], [3, 4]],
            "The result doesn't form an array: the lists or arrays in it differ in shape.",
        ),
    ],
)
def test_same_says_what_came_and_not_what_was_wanted(got: object, want: object, told: str) -> None:
    """One sentence, with the place where it differs first."""
    with pytest.raises(AssertionError) as problem:
        same(got, want)
    assert str(problem.value) == told


@given(PLAIN, PLAIN)
def test_same_ends_in_silence_or_in_a_sentence(got: object, want: object) -> None:
    """Whatever comes, and whatever of the wire's values is wanted."""
    try:
        same(got, want)
    except AssertionError as problem:
        assert str(problem)
    except (TypeError, ValueError, OverflowError):
        with pytest.raises(Exception):  # noqa: B017  # what no array can be made of can't be wanted
            np.asarray(want, np.float64)
