"""Converts results of student code into values that may cross the trust boundary."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ...notebooks.cells import type_name
from ..protocol import tagged_values
from ..protocol.frames import EXTENSION_BY_DTYPE, PLAIN, NotAValue, Tagged
from ..protocol.limits import MAX_DEPTH, MAX_ITEMS

# A subclass is read with the methods of its base: its own may lie.
EXACT: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    bytes: lambda value: bytes(memoryview(value)),
}


class Values:
    """Converts results. Keras models stay here under a number; only their description crosses.

    If `exact` is set, values keep their types: a table, a set or a NumPy number crosses as a tagged value.
    """

    def __init__(self) -> None:
        self.models: list[Any] = []
        self.exact = False
        self.items = 0  # in the value being built

    def plain(self, value: Any, depth: int = 0) -> Any:
        """Return a value rebuilt from exact built-in types and arrays. Raises NotAValue."""
        self._count(depth)
        kind = type(value)
        if kind in PLAIN or kind is bytes or (kind is np.ndarray and value.dtype in EXTENSION_BY_DTYPE):
            return self._tagged(value, depth) or value if kind is int and self.exact else value
        return (self._tagged(value, depth) if self.exact else None) or self._rebuilt(value, kind, depth)

    def _rebuilt(self, value: Any, kind: type, depth: int) -> Any:
        if isinstance(value, np.ndarray | np.generic):
            array = _array(value)
            return array if array.dtype.kind != "O" else self.plain(array.tolist(), depth + 1)
        if isinstance(value, list | tuple | range):
            items = [self.plain(item, depth + 1) for item in value]
            return items if isinstance(value, list | range) else tuple(items)
        if isinstance(value, dict):
            return {_key(key): self.plain(item, depth + 1) for key, item in value.items()}
        for base, exact in EXACT.items():
            if issubclass(kind, base):
                return exact(value)
        if is_keras_model(value):
            return self._model(value)
        if hasattr(kind, "__array__"):
            return self.plain(np.asarray(value), depth + 1)
        raise NotAValue(f"an object of type {type_name(value)}")

    def _tagged(self, value: Any, depth: int) -> Tagged | None:
        """Return a value that keeps its type, taken apart; None for one that a frame holds as it is."""
        if tagged_values.fits_frame(value):
            return None
        parts = tagged_values.to_parts(value, lambda item: self.plain(item, depth + 1))
        return None if parts is None else Tagged(tagged_values.TAG, parts)

    def _count(self, depth: int) -> None:
        """Count a part before the value is complete, so that an endless value ends here. Raises NotAValue."""
        self.items = 1 if depth == 0 else self.items + 1
        if depth > MAX_DEPTH:
            raise NotAValue(f"containers nested deeper than {MAX_DEPTH} levels, or one that holds itself")
        if self.items > MAX_ITEMS:
            raise NotAValue(f"more than {MAX_ITEMS:,} values")

    def _model(self, model: Any) -> Tagged:
        from .model_codec import describe_model

        self.models.append(model)
        return Tagged("k", (self.plain({**describe_model(model), "handle": len(self.models) - 1}),))


def _array(value: Any) -> np.ndarray[Any, Any]:
    array = np.array(value, copy=True, subok=False)
    if array.dtype.kind == "V" and array.dtype.type is not np.void:  # bfloat16 and similar types
        array = array.astype(np.float32)
    if array.dtype == np.longdouble:
        array = array.astype(np.float64)
    if array.dtype == np.clongdouble:
        array = array.astype(np.complex128)
    if array.dtype.kind not in "biufcO":
        raise NotAValue(f"an array of dtype {array.dtype}")
    return array


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotAValue(f"a dict with a key of type {type_name(key)}; expected keys of type str")
    return str.__str__(key)


def is_keras_model(value: Any) -> bool:
    """Return whether a value is a Keras model. Doesn't import Keras."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)
