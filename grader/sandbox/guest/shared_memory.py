"""Inside: which arrays among the arguments and results of several calls are one, or lie in the memory of another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds


def merge_equal_arrays(value: Any, seen: dict[Any, Any]) -> Any:
    """Return the value with one object for all equal arrays in it, and one for all tuples of the same objects."""
    if isinstance(value, np.ndarray):
        return seen.setdefault((value.dtype.str, value.shape, value.tobytes()), value)
    if isinstance(value, list):
        return [merge_equal_arrays(item, seen) for item in value]
    if isinstance(value, tuple):
        items = tuple(merge_equal_arrays(item, seen) for item in value)
        return seen.setdefault(tuple(map(id, items)), items)
    return value


def shares_memory(one: Any, other: Any) -> bool:
    """Whether an array in one value may lie in the memory of an array in the other: their bounds overlap."""
    bounds = sorted(byte_bounds(array) for array in arrays_in(other) if array.size)
    starts = [start for start, _ in bounds]
    ends = list(accumulate((end for _, end in bounds), max))  # the last byte of those that start as early or earlier
    for start, end in (byte_bounds(array) for array in arrays_in(one) if array.size):
        before = bisect_left(starts, end)
        if before and ends[before - 1] > start:
            return True
    return False


def arrays_in(value: Any) -> Iterator[Any]:
    """Give the arrays in a value that `Values.plain` has taken, so that it is finite."""
    if issubclass(type(value), np.ndarray):  # by what it is, not by what it says
        yield np.asarray(value)  # without what a class of the submission's own adds
    elif isinstance(value, list | tuple):
        for item in value:
            yield from arrays_in(item)
