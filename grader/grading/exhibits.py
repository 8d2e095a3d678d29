"""What a hidden case shows of an answer on the student's page: steps, a curve, or pictures.

    def test_any_depth(student, reference, network, exhibit):
        got, want = student.forward(X, parameters), reference.forward(X, parameters)
        exhibit.flow("From layer to layer", ["X", "layer 1", "layer 2"], got, want)
        close_activations(got, want)

A case records exhibits before it judges. They are rendered only if the case loses points. Their values may be
anything. Of expected values they show the shape, or the form of a curve, never a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, count, islice, zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt

from grader._util.escaping import one_line
from grader.grading.limits import (
    MAX_CURVE_POINTS,
    MAX_EXHIBIT_NUMBERS,
    MAX_EXHIBITS,
    MAX_PICTURE_SIDE,
    MAX_PICTURES,
    MAX_STEPS,
    MAX_TEXT,
)
from grader.models import Curve, Exhibit, Flow, GrayImage, ImageGallery, Step

Numbers = npt.NDArray[np.float64]


class Exhibits:
    """Collects the exhibits of the running case, and renders them on request."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], Exhibit | None]] = []

    def flow(self, title: str, labels: Sequence[str], got: Any, want: Any) -> None:
        """Record a list of arrays, one for each label, beside the expected arrays. Wrong shapes and numbers are marked.

        Pairs in `want`, such as a (W, b) for each layer, count as two arrays each.
        """
        self._waiting.append(partial(_flow, title, labels, got, want))

    def curve(self, title: str, values: Any, form: Any) -> None:
        """Record a sequence of numbers beside expected ones, of which only the form is kept, not the height."""
        self._waiting.append(partial(_curve, title, values, form))

    def pictures(self, title: str, pictures: Any, got: Any, want: Any) -> None:
        """Record pictures (n, height, width) with values from 0 to 1, each with its answered and its right label.

        Pictures whose labels differ are shown with the answer.
        """
        self._waiting.append(partial(_pictures, title, pictures, got, want))

    def clear(self) -> None:
        """Drop what was recorded, before the next case."""
        self._waiting.clear()

    def render(self) -> tuple[Exhibit, ...]:
        """Return the exhibits that were recorded last: the case most likely failed at what they show."""
        made = [show() for show in self._waiting[-MAX_EXHIBITS:]]
        return tuple(exhibit for exhibit in made if exhibit)


def _flow(title: str, labels: Sequence[str], got: Any, want: Any) -> Flow:
    pairs = zip_longest(*_align(got, _evaluate(want)), fillvalue=_MISSING)
    names = chain(labels, (f"entry {i}" for i in count(len(labels))))
    return Flow(tuple(_step(label, *pair) for label, pair in islice(zip(names, pairs, strict=False), MAX_STEPS)), title)


_MISSING: Any = object()


def _evaluate(value: Any) -> Any:
    """Return a value that may be passed as a function, so that it is computed only when something is rendered."""
    return value() if callable(value) else value


def _align(got: Any, want: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return answers and expected values as two flat lists: pairs are taken apart where pairs are expected."""
    actual: list[Any] = []
    right: list[Any] = []
    listed = isinstance(got, list | tuple) or (isinstance(got, np.ndarray) and got.ndim > 0)
    for one, other in zip_longest(list(got)[:MAX_STEPS] if listed else [got], want, fillvalue=_MISSING):
        if isinstance(other, tuple):
            parts = one if isinstance(one, list | tuple) else [one]
            actual.extend(part for part, _ in zip_longest(parts[: len(other)], other, fillvalue=_MISSING))
            right.extend(other)
        else:
            actual.append(one)
            right.append(other)
    return actual, right


def _step(label: str, got: Any, want: Any) -> Step:
    """Return one step of a flow, with what is wrong about its shape or numbers."""
    if got is _MISSING:
        return Step(label, "nothing", "missing")
    array = _array(got)
    actual = one_line(type(got).__name__, MAX_TEXT) if array is None else _shape(array.shape)
    if want is _MISSING:
        return Step(label, actual, "too many")
    expected_shape = np.shape(want)
    if array is None or array.shape != expected_shape:
        return Step(label, actual, f"expected {_shape(expected_shape)}")
    if not np.isfinite(array).all():
        return Step(label, actual, "NaN or infinite numbers")
    if not np.allclose(array, want, rtol=1e-4, atol=1e-6):
        return Step(label, actual, "the shape is right, the numbers are wrong")
    return Step(label, actual)


def _shape(shape: tuple[int, ...]) -> str:
    return one_line(str(shape), MAX_TEXT) if shape else "a number"


def _curve(title: str, values: Any, form: Any) -> Curve | None:
    actual, right = _array(values), _array(_evaluate(form))
    if actual is None or right is None or actual.ndim > 2 or not actual.size or not right.size:
        return None
    heights = right.ravel()
    low, high = heights.min(), heights.max()
    flat = (heights - low) / (high - low) if high > low else np.zeros(heights.size)
    numbers = [float(f"{value:.6g}") if np.isfinite(value) else None for value in _downsample(actual.ravel())]
    return Curve(tuple(numbers), tuple(round(float(value), 2) for value in _downsample(flat)), title)


def _downsample(values: Numbers) -> Numbers:
    """Return at most MAX_CURVE_POINTS values, evenly spread, the first and the last included."""
    if values.size <= MAX_CURVE_POINTS:
        return values
    chosen: Numbers = values[np.linspace(0, values.size - 1, MAX_CURVE_POINTS).astype(int)]
    return chosen


def _pictures(title: str, pictures: Any, got: Any, want: Any) -> ImageGallery | None:
    shown, actual, right = _array(pictures), _array(got), _array(want)
    if shown is None or actual is None or right is None or shown.ndim != 3 or max(shown.shape[1:]) > MAX_PICTURE_SIDE:
        return None
    if not (actual.size == right.size == len(shown)):
        return None
    labels = actual.ravel()
    wrong = np.flatnonzero(labels != right.ravel())
    chosen = tuple(
        GrayImage(
            shown.shape[2],
            np.nan_to_num(shown[i] * 255).clip(0, 255).astype(np.uint8).tobytes(),
            f"your answer: {labels[i]:.6g}",
        )
        for i in wrong[:MAX_PICTURES]
    )
    return ImageGallery(chosen, title, max(0, len(wrong) - MAX_PICTURES)) if chosen else None


def _array(value: Any) -> Numbers | None:
    """Return a float64 array, or None if the value isn't numeric or has more than MAX_EXHIBIT_NUMBERS numbers."""
    try:
        with np.errstate(all="ignore"):
            made: npt.NDArray[Any] = np.asarray(value)
            return made.astype(np.float64) if made.dtype.kind in "biuf" and made.size <= MAX_EXHIBIT_NUMBERS else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
