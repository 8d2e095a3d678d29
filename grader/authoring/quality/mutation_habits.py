"""Habits: mistakes of a function such as state between calls, changed arguments, wrong answers for some inputs.

A habit is the body of a function that calls the right one. In the body, `{inner}` is the name of the right function and
`{i}` the position of an argument. In the name of the habit, `{name}` is the name of this argument.
"""

from __future__ import annotations

from typing import NamedTuple


class Habit(NamedTuple):
    """Body of the calling function, and advice for an author whose cases don't find the habit."""

    body: str
    advice: str


CALL_TWICE = "call twice, or look at the arguments afterwards"

# Habits of any function. If the body holds `{i}`, there is a mutant for each argument.
HABITS = {
    "gives the answer to its first call": Habit(
        """
    if not _kept:
        _kept.append({inner}(*_arguments, **_named))
    return _kept[0]""",
        CALL_TWICE,
    ),
    "takes {name} from its first call": Habit(
        """
    _kept or _kept.append(_arguments[{i}:{i} + 1])
    return {inner}(*_arguments[:{i}], *_kept[0], *_arguments[{i} + 1:], **_named)""",
        CALL_TWICE,
    ),
    "writes into its arguments": Habit(
        """
    answer = {inner}(*_arguments, **_named)
    todo = list(_arguments)
    while todo:
        each = todo.pop()
        if isinstance(each, (list, tuple)):
            todo.extend(each)
        elif hasattr(each, "dtype") and getattr(each, "ndim", 0):
            each[...] = each * 2
    return answer""",
        CALL_TWICE,
    ),
}

# Code of a function that copies a list, tuple, array or number, with `{change}` in place of each array and number x.
EACH = """
    import numpy as np
    def each(value):
        if isinstance(value, (list, tuple)):
            return type(value)(map(each, value))
        if not isinstance(value, (int, float)) and not hasattr(value, "shape"):
            return value
        x = np.asarray(value)
        return {change} if x.dtype.kind in "iuf" else value"""
OF_THE_ANSWER = "\n    return each({inner}(*_arguments, **_named))"
OF_THE_ARGUMENTS = "\n    return {inner}(*each(_arguments), **_named)"


def _answer(change: str, advice: str) -> Habit:
    """Return the habit that makes `change` to every array and number x of the answer."""
    return Habit(EACH.replace("{change}", change) + OF_THE_ANSWER, advice)


def _arguments(change: str, condition: str, advice: str) -> Habit:
    """Return the habit that makes `change` to every array and number x of the arguments for which `condition` holds."""
    return Habit(EACH.replace("{change}", f"({change} if {condition} else value)") + OF_THE_ARGUMENTS, advice)


# Habits of functions that take or return arrays. Left out, since a right answer may do these:
# np.nan_to_num (right answers are finite), .astype(np.float32) and rounding to 6 decimals (within every tolerance),
# and numbers below 1e-5 that become 0 (next to the tolerance of 1e-6). mutation_operators.calls forgets .copy().
ARRAY_HABITS = {
    "rounds its answer to 4 decimals": _answer("np.round(x, 4)", "compare small numbers, with a small tolerance"),
    "clips its answer to [-10, 10]": _answer("np.clip(x, -10, 10)", "use arguments for which the answer is large"),
    "clips its answer to [0.001, 0.999]": _answer(
        "np.clip(x, 0.001, 0.999)", "use arguments for which the answer is close to 0 or 1"
    ),
    "transposes square matrices": _arguments(
        "x.T", "x.ndim == 2 and x.shape[0] == x.shape[1]", "call with square matrices that are not symmetric"
    ),
    "ignores what is past 1000 along an axis": _arguments(
        "x[(slice(1000),) * x.ndim]", "max(x.shape, default=0) > 1000", "call with more than 1000 rows or columns"
    ),
    "drops the sign of {name} where all of it is negative": Habit(
        """
    import numpy as np
    def numbers(value):
        parts = map(numbers, value) if isinstance(value, (list, tuple)) else [[np.ravel(value)]]
        return [array for part in parts for array in part]
    def positive(value):
        return type(value)(map(positive, value)) if isinstance(value, (list, tuple)) else np.abs(value)
    flat = numbers(_arguments[:1])
    if sum(map(len, flat)) > 1 and all(x.dtype.kind in "if" and (x < 0).all() for x in flat):
        _arguments = positive(_arguments[0]), *_arguments[1:]
    return {inner}(*_arguments, **_named)""",
        "call with negative numbers only",
    ),
    "gives its answer the dtype of {name}": Habit(
        """
    import numpy as np
    given = _arguments[:1]
    while isinstance(given, (list, tuple)) and given:
        given = given[0]
    dtype = np.asarray(given).dtype if hasattr(given, "shape") else None
    def each(value):
        if isinstance(value, (list, tuple)):
            return type(value)(map(each, value))
        return np.asarray(value).astype(dtype) if hasattr(value, "shape") and dtype else value
    return each({inner}(*_arguments, **_named))""",
        "call with integers",
    ),
    "reuses the array of its earlier answer": Habit(
        """
    import numpy as np
    def each(value, place):
        if isinstance(value, (list, tuple)):
            return type(value)([each(one, (*place, i)) for i, one in enumerate(value)])
        if not hasattr(value, "shape") or not np.ndim(value):
            return value
        array = np.array(value)
        key = place, array.shape, array.dtype
        buffers = _kept[0] if _kept else _kept.append({{}}) or _kept[0]
        buffer = buffers.setdefault(key, array)
        buffer[...] = array
        return buffer
    return each({inner}(*_arguments, **_named), ())""",
        "call twice, and compare the answers after both calls",
    ),
    "caches its answer by the shapes of its arguments": Habit(
        """
    import numpy as np
    def shapes(value):
        parts = map(shapes, value) if isinstance(value, (list, tuple)) else [tuple(getattr(value, "shape", ()))]
        return [part for part in parts if part != ()]
    key = shapes(_arguments)
    for other, answer in _kept:
        if key == other:
            return answer
    _kept.append((key, {inner}(*_arguments, **_named)))
    return _kept[-1][1]""",
        "call twice with other numbers in the same shapes",
    ),
}
