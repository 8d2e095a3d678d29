"""What a case shows of an answer: bounded, harmless, and without what was wanted."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.grading import limits
from grader.grading.exhibits import Exhibits
from grader.models import Curve, Flow, ImageGallery, Step
from tests.helpers.effort import examples
from tests.helpers.replying import VALUES, models

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.builds(np.full, st.tuples(*[st.integers(0, 3)] * 2), st.floats())
    | st.builds(np.array, st.complex_numbers() | st.text(max_size=3)),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=20,
)


def shown(kind: str, *args: Any) -> Any:
    """The one exhibit that comes of one call; None when none does."""
    taker = Exhibits()
    getattr(taker, kind)("title", *args)
    (made,) = taker.render() or (None,)
    return made


def test_a_flow_marks_shapes_and_numbers() -> None:
    """The shape that was wanted is told, a number that was wanted isn't."""
    two, three = np.ones((2, 2)), np.ones((3, 2))
    flow = shown("flow", ["X", "A1", "A2", "A3", "A4"], [two, three, two * 2, two * np.nan, None], [two] * 5)
    assert flow.steps == (
        Step("X", "(2, 2)"),
        Step("A1", "(3, 2)", "expected (2, 2)"),
        Step("A2", "(2, 2)", "the shape is right, the numbers are wrong"),
        Step("A3", "(2, 2)", "NaN or infinite numbers"),
        Step("A4", "NoneType", "expected (2, 2)"),
    )


def test_a_flow_has_what_is_missing_and_what_is_too_much() -> None:
    """Also in pairs, and for a result that should be a list and isn't."""
    one = np.ones(1)
    assert [step.wrong for step in shown("flow", "abc", [one], [one, one]).steps] == ["", "missing"]
    assert [step.wrong for step in shown("flow", "a", [one, one], [one]).steps] == ["", "too many"]
    pairs = [(one, one), (one, one)]
    assert [step.label for step in shown("flow", ["W1", "b1", "W2"], [(one, 5), one], pairs).steps] == [
        *("W1", "b1", "W2", "entry 3"),
    ]
    wrong = [step.wrong for step in shown("flow", "abcd", [(one, 5), one], pairs).steps]
    assert wrong == ["", "expected (1,)", "", "missing"]
    assert shown("flow", "ab", None, pairs).steps[0] == Step("a", "NoneType", "expected (1,)")


def test_of_the_wanted_curve_only_the_form_is_kept() -> None:
    """Between 0 and 1, in hundredths; what came is kept, NaN as None."""
    curve = shown("curve", [0.71234567891, float("nan"), np.inf, -1], lambda: [700.0, 300.0, 100.0])
    assert curve == Curve((0.712346, None, None, -1.0), (1.0, 0.33, 0.0), "title")
    assert shown("curve", [1.0], [5.0, 5.0]).form == (0.0, 0.0)


def test_of_many_values_some_are_kept() -> None:
    """The first and the last among them; of pictures and steps the first."""
    curve = shown("curve", np.arange(100_000), np.arange(100_000))
    assert (len(curve.values), curve.values[0], curve.values[-1]) == (limits.MAX_CURVE_POINTS, 0, 99_999)
    assert len(shown("flow", [], [np.ones(1)] * 1000, [np.ones(1)] * 1000).steps) == limits.MAX_STEPS
    pictures = shown("pictures", np.zeros((50, 4, 4)), np.ones(50), np.zeros(50))
    assert (len(pictures.pictures), pictures.more) == (limits.MAX_PICTURES, 50 - limits.MAX_PICTURES)
    assert shown("pictures", np.zeros((1, 5000, 5000)), [1], [0]) is None


def test_pictures_are_of_wrong_labels_alone() -> None:
    """With what came, not with what was right."""
    images = np.arange(3)[:, None, None] * np.ones((3, 2, 2)) / 2
    pictures = shown("pictures", images, np.array([[0, 1, 1]]), np.array([[0, 0, 0]]))
    assert [(each.pixels, each.caption) for each in pictures.pictures] == [
        (bytes([127] * 4), "your answer: 1"),
        (bytes([255] * 4), "your answer: 1"),
    ]
    assert shown("pictures", images, [0, 0, 0], [0, 0, 0]) is None
    assert shown("pictures", images, [0, 0], [0, 0, 0]) is None


@settings(max_examples=examples(60), deadline=None)
@given(ANYTHING | VALUES | models())
def test_whatever_came_can_be_shown(got: Any) -> None:
    """Small, and as JSON and back the same: no value of a student's breaks a report."""
    right = [np.ones((2, 2)), (np.ones(2), np.ones(1))]
    made = [
        shown("flow", ["a", "b", "c"], got, right),
        shown("curve", got, [1.0, 0.5]),
        shown("pictures", np.zeros((2, 2, 2)), got, [0, 1]),
        shown("pictures", got, [0, 1], [1, 1]),
    ]
    for exhibit in filter(None, made):
        encoded = msgspec.json.encode(exhibit)
        assert len(encoded) < 10_000
        assert msgspec.json.decode(encoded, type=Flow | Curve | ImageGallery) == exhibit


def test_a_large_answer_is_not_drawn() -> None:
    """An answer of 2 ** 20 numbers is looked at; a larger one costs neither time nor memory."""
    for size, is_drawn in ((limits.MAX_EXHIBIT_NUMBERS, True), (limits.MAX_EXHIBIT_NUMBERS + 1, False)):
        assert bool(shown("curve", np.zeros(size, bool), [1.0, 0.5])) is is_drawn
