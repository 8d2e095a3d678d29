"""Relations of condition: the function is right exactly when the arguments have some property.

A property could fit by accident, so it must fit several right and several wrong answers, and no property of another
kind may fit as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from grader.diagnosis.relations.evidence import Evidence, Outcome
from grader.diagnosis.relations.experiments import single_columns_are_right, zeros_matter
from grader.diagnosis.relations.leaves import is_array, leaves

MIN_SIDE = 2  # right answers, and wrong ones
MIN_APART = 3  # right answers that a property sets apart, where other answers are right by chance
MAX_BY_CHANCE = 0.15  # of the other calls that may be right
MIN_FITTED = 3  # right answers, and wrong ones, where the property has a number that was chosen to fit
MIN_GAP = 3.0  # between the sizes in right and in wrong answers
NO_ZEROS = re.compile(r"`(\w+)` is nowhere exactly 0")
SHAPE, NUMBER, TYPE, VALUE, FIRST = range(5)  # kinds of properties


class Property(NamedTuple):
    """A property of the arguments, in words."""

    kind: int
    holds: str
    fails: str


def condition(evidence: Evidence) -> str | None:
    """Return a sentence if a single property of the arguments separates right answers from wrong ones.

    Where the property doesn't hold, few answers may be right nevertheless: with a learning rate of 0 many mistakes
    can't show.
    """
    right, wrong = [outcome for outcome in evidence.right if not outcome.skipped], evidence.wrong
    if min(len(right), len(wrong)) < MIN_SIDE:
        return None
    rest = "raises an exception" if all(outcome.raised for outcome in wrong) else "is wrong"
    found = list(_fitting(right, wrong))
    exact = _one_kind([(kind, words) for kind, words, _, others in found if not others])
    no_zeros = NO_ZEROS.match(exact)
    if no_zeros and not zeros_matter(evidence, no_zeros[1]):
        return None
    if exact:
        calls = f"Your function is right in {len(right)} calls and {rest} in {len(wrong)}."
        return f"{calls} It is right exactly where {exact}."
    if evidence.labels:
        return None  # labels are right by chance too often
    chance = [each for each in found if each[3]]
    nearly = _one_kind([(kind, words) for kind, words, _, _ in chance])
    if len(chance) != len(found) or not nearly:
        return None
    if nearly.endswith(("holds one number", "has one column")) and not single_columns_are_right(evidence):
        return None  # those calls are right by chance
    apart, others = next((apart, others) for _, words, apart, others in chance if words == nearly)
    return (
        f"Your function is right in all {apart} calls in which {nearly}, and {rest} in {len(wrong)} of the "
        f"{len(wrong) + others} others."
    )


def _fitting(right: list[Outcome], wrong: list[Outcome]) -> Iterator[tuple[int, str, int, int]]:
    """Yield the properties that no wrong answer has: kind, words, right answers that have it, and that haven't."""
    tables = [[dict(_properties(outcome)) for outcome in side] for side in (right, wrong)]
    for key in dict.fromkeys(key for side in tables for table in side for key in table):
        here, there = ([table.get(key) for table in side] for side in tables)
        if None in here or None in there or len(set(there)) != 1:
            continue
        good = not there[0]
        apart = here.count(good)
        others = len(right) - apart
        by_chance = (
            key.kind in (SHAPE, NUMBER) and apart >= MIN_APART and others <= MAX_BY_CHANCE * (others + len(wrong))
        )
        if not others or by_chance:
            yield key.kind, key.holds if good else key.fails, apart, others


def _one_kind(found: list[tuple[int, str]]) -> str:
    """Return the words of one property if all are of one kind; "" if they aren't, or there is none."""
    found = [each for each in found if each[0] != FIRST] or found
    if len({kind for kind, _ in found}) != 1:
        return ""
    of_result = [words for _, words in found if words.startswith("the result")]
    if len(found) == 2 and found[0][0] == VALUE:
        return f"{found[0][1]} (in these calls, that is where {found[1][1]})"
    return of_result[0] if of_result and len(found) > len(of_result) + 1 else found[0][1]


def _properties(outcome: Outcome) -> Iterator[tuple[Property, bool]]:
    for name, value in outcome.arguments.items():
        array = getattr(value, "array", value)
        if isinstance(value, list | tuple):
            yield from _of_list(f"`{name}`", value)
        elif isinstance(array, np.ndarray | np.generic | int | float) and not isinstance(array, bool):
            array = np.asarray(array)
            if array.dtype.kind in "fiu":
                yield from _of_shape(f"`{name}`", array)
                yield from _of_numbers(f"`{name}`", array)
    want = outcome.expected.get(())
    if isinstance(want, np.ndarray) and want.ndim == 2:
        yield Property(SHAPE, "the result has one row", "the result has several rows"), want.shape[0] == 1
        yield Property(SHAPE, "the result has one column", "the result has several columns"), want.shape[1] == 1


def _of_list(name: str, value: Any) -> Iterator[tuple[Property, bool]]:
    for k in (1, 2, 3, 4):
        entries = f"{k} entr{'y' if k == 1 else 'ies'}"
        yield (
            Property(SHAPE, f"{name} has {entries}", f"{name} has another number of entries than {k}"),
            len(value) == k,
        )
    for k in (2, 3):
        yield Property(SHAPE, f"{name} has at most {k} entries", f"{name} has more than {k} entries"), len(value) <= k
    pairs = [item for item in value if isinstance(item, list | tuple) and len(item) == 2]
    arrays = [np.asarray(getattr(each, "array", each)) for pair in pairs for each in pair]
    if not pairs or len(pairs) != len(value) or not all(array.dtype.kind in "fiu" for array in arrays):
        return
    weights = arrays[::2]
    square = all(w.ndim == 2 and w.shape[0] == w.shape[1] for w in weights)
    yield Property(SHAPE, f"all matrices in {name} are square", f"a matrix in {name} isn't square"), square
    sizes = [np.shape(w)[:1] for w in weights]
    alike = len(set(sizes)) < len(sizes)
    yield Property(SHAPE, f"two layers in {name} have one size", f"no two layers in {name} have one size"), alike
    neighbours = any(one == other for one, other in pairwise(sizes))
    words = f"two layers of one size follow each other in {name}"
    yield Property(SHAPE, words, f"no two layers of one size follow each other in {name}"), neighbours
    shapes = [np.shape(w) for w in weights]
    same = len(set(shapes)) < len(shapes)
    yield Property(SHAPE, f"two matrices in {name} have one shape", f"no two matrices in {name} have one shape"), same
    one = sizes[-1] == (1,)
    yield Property(SHAPE, f"the last layer in {name} has one unit", f"the last layer in {name} has several units"), one
    whole = any(array.dtype.kind in "iu" for array in arrays)
    yield Property(TYPE, f"{name} holds arrays of integers", f"{name} holds no arrays of integers"), whole


def _of_shape(name: str, array: Any) -> Iterator[tuple[Property, bool]]:
    yield Property(SHAPE, f"{name} is an array", f"{name} is a number, not an array"), array.ndim > 0
    yield Property(SHAPE, f"{name} holds one number", f"{name} holds several numbers"), array.size == 1
    for k, axes in ((1, "1 axis"), (2, "2 axes")):
        yield Property(SHAPE, f"{name} has {axes}", f"{name} has another number of axes than {k}"), array.ndim == k
    if array.ndim == 2:
        rows, columns = array.shape
        yield Property(SHAPE, f"{name} has one column", f"{name} has several columns"), columns == 1
        yield Property(SHAPE, f"{name} has one row", f"{name} has several rows"), rows == 1
        yield Property(SHAPE, f"{name} is square", f"{name} isn't square"), rows == columns
        wide = Property(SHAPE, f"{name} has at least as many columns as rows", f"{name} has fewer columns than rows")
        yield wide, columns >= rows
        high = Property(SHAPE, f"{name} has at least as many rows as columns", f"{name} has fewer rows than columns")
        yield high, rows >= columns


def _of_numbers(name: str, array: Any) -> Iterator[tuple[Property, bool]]:
    whole = array.dtype.kind in "iu"
    yield Property(TYPE, f"{name} has an integer type", f"{name} has no integer type"), whole
    yield Property(TYPE, f"{name} has 32 bits or fewer", f"{name} has 64 bits"), array.dtype.itemsize < 8
    if not array.size:
        return
    first = Property(FIRST, f"the first number in {name} isn't below 0", f"the first number in {name} is below 0")
    yield first, bool(array.flat[0] >= 0)
    if not array.ndim:
        for number in (0.5, 1):
            yield Property(NUMBER, f"{name} is {number:g}", f"{name} isn't {number:g}"), bool(array == number)
        for number in (1, 2):
            yield Property(NUMBER, f"{name} is at most {number}", f"{name} is above {number}"), bool(array <= number)
        return
    below, above = bool((array < 0).any()), bool((array > 0).any())
    yield Property(VALUE, f"{name} is somewhere below 0", f"{name} is nowhere below 0"), below
    yield Property(VALUE, f"{name} is somewhere above 0", f"{name} is nowhere above 0"), above
    yield Property(VALUE, f"{name} is somewhere exactly 0", f"{name} is nowhere exactly 0"), not array.all()
    if array.size > 1:
        alike = bool((array == array.flat[0]).all())
        yield Property(VALUE, f"{name} holds one value only", f"{name} holds several values"), alike
    if array.ndim == 2:
        constant = bool((np.ptp(array.astype(float), axis=1) == 0).any())
        yield Property(VALUE, f"a row of {name} is constant", f"no row of {name} is constant"), constant


def magnitude(evidence: Evidence) -> str | None:
    """Return a sentence if the size of the numbers, or of an array, separates right answers from wrong ones."""
    right, wrong = [outcome for outcome in evidence.right if not outcome.skipped], evidence.wrong
    if min(len(right), len(wrong)) < MIN_FITTED:
        return None
    found = []
    for words in dict(_magnitudes(right[0])):
        here, there = ([dict(_magnitudes(outcome)).get(words, math.nan) for outcome in side] for side in (right, wrong))
        if any(map(math.isnan, (*here, *there))):
            continue
        if MIN_GAP * max(here) < min(there):
            found.append(f"{words} is at most {max(here):.4g}, and wrong from {min(there):.4g} on")
        elif min(here) > MIN_GAP * max(there):
            found.append(f"{words} is at least {min(here):.4g}, and wrong up to {max(there):.4g}")
    others = {kind for kind, _, _, left in _fitting(right, wrong) if not left}
    if len(found) != 1 or others - {NUMBER}:
        return None
    return f"In {len(right) + len(wrong)} calls your function is right where {found[0]}."


def _magnitudes(outcome: Outcome) -> Iterator[tuple[str, float]]:
    for name, value in outcome.arguments.items():
        array = getattr(value, "array", value)
        if isinstance(value, list | tuple):
            arrays = [leaf for _, leaf in leaves(value) if is_array(leaf) and leaf.size]
            if arrays:
                yield (
                    f"the largest number in `{name}`, without its sign,",
                    max(float(np.abs(leaf).max()) for leaf in arrays),
                )
        if isinstance(array, np.ndarray | np.generic | int | float) and not isinstance(array, bool):
            array = np.asarray(array)
            if array.dtype.kind in "fiu" and array.size:
                if array.ndim:
                    yield f"the largest number in `{name}`, without its sign,", float(np.abs(array).max())
                    yield f"the number of columns of `{name}`", array.shape[-1]
                else:
                    yield f"`{name}`", float(array)
