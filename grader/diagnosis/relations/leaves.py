"""Leaves of an answer: the arrays, texts and None in it by their path, with lists of arrays taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from grader.diagnosis.probes import ABSENT, UNCACHED, PartPath, ProbeAnswer, parts_equal
from grader.sandbox.client.model_view import KerasModel, Tensor

MAX_LEAVES = 300  # of an answer: right answers have at most 40, and relations look at each leaf several times
NO_NUMBERS = "something other than numbers"
Array = np.ndarray[Any, Any]
Leaves = Mapping[PartPath, Any]


def answer_leaves(answer: ProbeAnswer, like: Leaves | None = None) -> Leaves:
    """Return the leaves of an answer. An answer that isn't made of lists and arrays has its parts as leaves.

    :param like: the leaves of the right answer: if that is one array, a list of rows is an array, too
    """
    value, whole = answer.value, answer.parts.get(("value",))
    if like is not None and like.keys() == {()} and is_array(like[()], whole):
        return {(): whole}
    if ("raised",) not in answer.parts and value is not ABSENT and value is not UNCACHED and _is_plain(value):
        found = dict(islice(leaves(value), MAX_LEAVES + 1))
        if len(found) <= MAX_LEAVES:
            return found
    return {(place[1:] if place[0] == "value" else place): part for place, part in own_parts(answer).items()}


def own_parts(answer: ProbeAnswer) -> dict[PartPath, Any]:
    """Return the parts of an answer without the arguments that were changed."""
    return {place: part for place, part in answer.parts.items() if place[0] != "argument"}


def leaves(value: Any, path: PartPath = ()) -> Iterator[tuple[PartPath, Any]]:
    """Yield path and leaf. A list of numbers is one leaf, a list of arrays has a leaf for each array."""
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, list | tuple) and (not value or not all(map(_is_number, value))):
        if not value:
            yield path, np.zeros(0)
        for i, item in enumerate(value):
            yield from leaves(item, (*path, i))
    elif isinstance(value, bool | int | float | list | tuple | np.ndarray | np.generic):
        yield path, _as_array(value)
    else:
        yield path, value


def differing_leaves(one: Leaves, other: Leaves, rounding: float = 0.0) -> set[PartPath]:
    """Return the paths at which two answers differ by more than rounding."""
    return {
        path
        for path in one.keys() | other.keys()
        if not parts_equal(one.get(path, ABSENT), other.get(path, ABSENT), rounding)
    }


def leaf_at(leaves: Leaves, path: PartPath) -> Any:
    """Return the leaf at a path; None if there is none."""
    return leaves.get(path)


def is_array(*values: Any) -> bool:
    """Return whether all values are arrays of real numbers."""
    return all(isinstance(value, np.ndarray) and value.dtype.kind == "f" for value in values)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | KerasModel)


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float | np.generic)


def _as_array(value: Any) -> Any:
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):
        return NO_NUMBERS
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    return array if array.dtype.kind in "fc" else NO_NUMBERS  # Python's integers have no limit
