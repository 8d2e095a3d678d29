"""What a hidden case shows of an answer, for the page of a student who would rather look than read.

    def test_any_depth(student, reference, network, exhibit):
        got, want = student.forward(X, parameters), reference.forward(X, parameters)
        exhibit.flow("From layer to layer", ["X", "layer 1", "layer 2"], got, want)
        close_activations(got, want)

A case says what there is to show before it judges. It is drawn up only when the case has lost points, from values
that may be anything, and holds nothing of what was wanted but its shape, or its form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, count, islice, zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt

from grader._util.escaping import one_line
from grader.models import Curve, Exhibit, Flow, Picture, Pictures, Step

MAX_EXHIBITS = 2  # exhibits of a case: more isn't looked at
MAX_STEPS = 12
MAX_CURVE_POINTS = 120  # of a curve
MAX_PICTURES = 8
MAX_PICTURE_SIDE = 32  # pixels
MAX_TEXT = 80  # characters
MAX_NUMBERS = 1 << 20  # numbers of an answer that are looked at

Numbers = npt.NDArray[np.float64]


class Exhibits:
    """Takes what the running case has to show; `render` gives it, and begins anew."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], Exhibit | None]] = []

    def flow(self, title: str, labels: Sequence[str], got: Any, want: Any) -> None:
        """A list of arrays, one for each label, and those that are right: marked where shapes or numbers differ.

        Pairs in `want`, such as a (W, b) for each layer, are two arrays each.
        """
        self._waiting.append(partial(_flow, title, labels, got, want))

    def curve(self, title: str, values: Any, form: Any) -> None:
        """Numbers in a row, and numbers that run as they should: only their form is kept, not their height."""
        self._waiting.append(partial(_curve, title, values, form))

    def pictures(self, title: str, pictures: Any, got: Any, want: Any) -> None:
        """Pictures (n, height, width) with values from 0 to 1, a label for each that came, and one that is right:
        those whose labels differ are shown with what came."""
        self._waiting.append(partial(_pictures, title, pictures, got, want))

    def clear(self) -> None:
        self._waiting.clear()

    def render(self) -> tuple[Exhibit, ...]:
        """What the case showed last, since it was what the case then stumbled over."""
        made = [show() for show in self._waiting[-MAX_EXHIBITS:]]
        return tuple(exhibit for exhibit in made if exhibit)


def _flow(title: str, labels: Sequence[str], got: Any, want: Any) -> Flow:
    pairs = zip_longest(*_align(got, _evaluate(want)), fillvalue=_MISSING)
    names = chain(labels, (f"entry {i}" for i in count(len(labels))))
    return Flow(tuple(_step(label, *pair) for label, pair in islice(zip(names, pairs, strict=False), MAX_STEPS)), title)


_MISSING: Any = object()


def _evaluate(value: Any) -> Any:
    """What takes time to make may come as a function, which is called only when there is something to draw."""
    return value() if callable(value) else value


def _align(got: Any, want: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What came and what is right, side by side, with pairs taken apart wherever there should be pairs."""
    came: list[Any] = []
    right: list[Any] = []
    listed = isinstance(got, list | tuple) or (isinstance(got, np.ndarray) and got.ndim > 0)
    for one, other in zip_longest(list(got)[:MAX_STEPS] if listed else [got], want, fillvalue=_MISSING):
        if isinstance(other, tuple):
            parts = one if isinstance(one, list | tuple) else [one]
            came.extend(part for part, _ in zip_longest(parts[: len(other)], other, fillvalue=_MISSING))
            right.extend(other)
        else:
            came.append(one)
            right.append(other)
    return came, right


def _step(label: str, got: Any, want: Any) -> Step:
    """A station, and whether the right shape and the right numbers came there."""
    if got is _MISSING:
        return Step(label, "nothing", "missing")
    array = _array(got)
    came = one_line(type(got).__name__, MAX_TEXT) if array is None else _shape(array.shape)
    if want is _MISSING:
        return Step(label, came, "too many")
    wanted = np.shape(want)
    if array is None or array.shape != wanted:
        return Step(label, came, f"expected {_shape(wanted)}")
    if not np.isfinite(array).all():
        return Step(label, came, "NaN or infinite numbers")
    if not np.allclose(array, want, rtol=1e-4, atol=1e-6):
        return Step(label, came, "the shape is right, the numbers are wrong")
    return Step(label, came)


def _shape(shape: tuple[int, ...]) -> str:
    return one_line(str(shape), MAX_TEXT) if shape else "a number"


def _curve(title: str, values: Any, form: Any) -> Curve | None:
    came, right = _array(values), _array(_evaluate(form))
    if came is None or right is None or came.ndim > 2 or not came.size or not right.size:
        return None
    heights = right.ravel()
    low, high = heights.min(), heights.max()
    flat = (heights - low) / (high - low) if high > low else np.zeros(heights.size)
    numbers = [float(f"{value:.6g}") if np.isfinite(value) else None for value in _downsample(came.ravel())]
    return Curve(tuple(numbers), tuple(round(float(value), 2) for value in _downsample(flat)), title)


def _downsample(values: Numbers) -> Numbers:
    """No more than POINTS of them, evenly spread, the first and the last included."""
    if values.size <= MAX_CURVE_POINTS:
        return values
    chosen: Numbers = values[np.linspace(0, values.size - 1, MAX_CURVE_POINTS).astype(int)]
    return chosen


def _pictures(title: str, pictures: Any, got: Any, want: Any) -> Pictures | None:
    shown, came, right = _array(pictures), _array(got), _array(want)
    if shown is None or came is None or right is None or shown.ndim != 3 or max(shown.shape[1:]) > MAX_PICTURE_SIDE:
        return None
    if not (came.size == right.size == len(shown)):
        return None
    labels = came.ravel()
    wrong = np.flatnonzero(labels != right.ravel())
    chosen = tuple(
        Picture(
            shown.shape[2],
            np.nan_to_num(shown[i] * 255).clip(0, 255).astype(np.uint8).tobytes(),
            f"your answer: {labels[i]:.6g}",
        )
        for i in wrong[:MAX_PICTURES]
    )
    return Pictures(chosen, title, max(0, len(wrong) - MAX_PICTURES)) if chosen else None


def _array(value: Any) -> Numbers | None:
    """Numbers as an array; None for what forms none."""
    try:
        with np.errstate(all="ignore"):
            made: npt.NDArray[Any] = np.asarray(value)
            return made.astype(np.float64) if made.dtype.kind in "biuf" and made.size <= MAX_NUMBERS else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
