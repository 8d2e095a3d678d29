"""Relations of numbers: negated, a multiple, rounded, clipped and the like, for all numbers or for one part of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise, product
from typing import Any

import numpy as np

from grader.diagnosis.probes import PartPath, parts_equal
from grader.diagnosis.relations.evidence import MIN_PROBES, Evidence, Outcome, entry_count, named_arrays
from grader.diagnosis.relations.leaves import Array, is_array, leaf_at

MIN_NUMBERS = 6  # that a fitted constant must explain, in at least MIN_FITTED probes
MIN_FITTED = 3
CLOSE = 0.005
TINY = 1e-6  # up to here numbers say nothing of a factor: a cost of 0 may be as large, where a logarithm is kept finite
CONSTANTS = {
    2.0: "twice",
    0.5: "half of",
    math.log(2): "ln 2 times",
    1 / math.log(2): "1 / ln 2 times",
    1 / math.log(10): "1 / ln 10 times",
}
Selection = Callable[[PartPath, int], bool]  # of a path in an answer of n entries
Pair = tuple[Array, Array]  # the student's numbers and the right ones


def number_relation(evidence: Evidence) -> str | None:
    """Return a sentence if one relation holds between the student's numbers and the right ones."""
    for subject, outcomes in wrong_parts(evidence):
        outcomes = [(outcome, paths) for outcome, paths in outcomes if paths or not outcome.skipped]
        pairs = [list(_pairs(outcome, paths)) for outcome, paths in outcomes]
        if not all(pairs) or not _enough(outcomes, pairs):
            continue
        for words, related in _RELATIONS:
            if all(related(*pair) for group in pairs for pair in group):
                return f"{subject} {words}"
        for find in (_multiple, _offset, _rounded, _clipped):
            if words_found := find([outcome for outcome, _ in outcomes], pairs):
                return f"{subject} {words_found}"
    return None


def wrong_parts(evidence: Evidence) -> Iterator[tuple[str, list[tuple[Outcome, frozenset[PartPath]]]]]:
    """Yield a name for the wrong part of the answers, and for each wrong answer the paths of that part.

    All numbers first, then those of one name, then one entry of the list.
    """
    if any(isinstance(step, str) for o in evidence.wrong for path in o.wrong for step in path):
        return  # a model, or an exception
    at = int(evidence.signature.in_list)
    selections: list[tuple[str, Selection]] = [
        ("All your numbers are", lambda path, n: True),
        *(
            (f"Only `{name}` is wrong: its numbers are", partial(_is_result, at=at, k=k))
            for k, name in enumerate(evidence.signature.results)
        ),
        ("Only the first entry is wrong: its numbers are", lambda path, n: path[:1] == (0,)),
        ("Only the last entry is wrong: its numbers are", lambda path, n: path[:1] == (n - 1,)),
        ("Only the second entry is wrong: its numbers are", lambda path, n: path[:1] == (1,)),
        ("All entries but the first are wrong: their numbers are", lambda path, n: path[:1] != (0,)),
        ("All entries but the last are wrong: their numbers are", lambda path, n: path[:1] != (n - 1,)),
    ]
    for words, selects in selections:
        chosen = []
        for outcome in evidence.outcomes:
            length = entry_count(outcome.expected)
            whole = outcome.expected.keys() | outcome.given.keys()
            paths = frozenset(path for path in whole if selects(path, length)) - outcome.skipped
            if not outcome.wrong <= paths:
                break
            chosen.append((outcome, paths))
        else:
            yield words, chosen


def _is_result(path: PartPath, n: int, at: int, k: int) -> bool:
    return path[at : at + 1] == (k,)


def _pairs(outcome: Outcome, paths: frozenset[PartPath]) -> Iterator[Pair]:
    """Yield the numbers at each path; nothing if one isn't an array of the right shape with finite numbers."""
    found = [(leaf_at(outcome.given, path), leaf_at(outcome.expected, path)) for path in sorted(paths, key=str)]
    if all(is_array(*pair) and pair[0].shape == pair[1].shape and np.isfinite(pair[1]).all() for pair in found):
        yield from found


def _enough(outcomes: list[tuple[Outcome, frozenset[PartPath]]], groups: list[list[Pair]]) -> bool:
    wrong = [group for (outcome, _), group in zip(outcomes, groups, strict=True) if outcome.wrong]
    return len(wrong) >= MIN_PROBES and sum(want.size for group in wrong for _, want in group) >= MIN_NUMBERS


def _varied(want: Array) -> bool:
    return bool(np.any(want != 0))


def _labels(want: Array) -> bool:
    return bool(np.isin(want, (0.0, 1.0)).all())


_RELATIONS: list[tuple[str, Callable[[Array, Array], bool]]] = [
    ("0 in every call that was compared.", lambda got, want: not got.any()),
    ("not finite (inf or nan), and the right ones are.", lambda got, want: not np.isfinite(got).any()),
    ("negated: look at the signs.", lambda got, want: parts_equal(got, -want)),
    ("1 minus the right ones: which of the two is asked for?", lambda got, want: parts_equal(got, 1 - want)),
    ("the absolute values of the right ones.", lambda got, want: parts_equal(got, np.abs(want))),
    ("the squares of the right ones.", lambda got, want: parts_equal(got, want**2)),
    (
        "the square roots of the right ones.",
        lambda got, want: bool((want >= 0).all()) and parts_equal(got, np.sqrt(want)),
    ),
    ("1 divided by the right ones.", lambda got, want: bool(want.all()) and parts_equal(got, 1 / want)),
    (
        "right before the point and cut off after it: do whole numbers lie in your array?",
        lambda got, want: parts_equal(got, np.trunc(want)),
    ),
    ("2 p - 1, where p is right: they lie between -1 and 1.", lambda got, want: parts_equal(got, 2 * want - 1)),
]


def _multiple(outcomes: list[Outcome], groups: list[list[Pair]]) -> str | None:
    """Return words for a factor that is the same in each answer: a constant, or a size or number of its arguments."""
    factors: dict[int, float] = {}
    for i, group in enumerate(groups):
        factor = _factor(group)
        if factor is None:
            return None
        if not math.isnan(factor):
            factors[i] = factor
    if len(factors) < MIN_PROBES:
        return None
    if len({round(factor, 6) for factor in factors.values()}) == 1:
        return _constant_factor(list(factors.values()))
    return _named_factor([outcomes[i] for i in factors], np.array(list(factors.values())))


def _factor(group: list[Pair]) -> float | None:
    """Return by what the right numbers are multiplied; None if by no single number, nan if they are 0."""
    got, big = max(group, key=lambda pair: float(np.abs(pair[1]).max(initial=0)))
    if np.abs(big).max(initial=0) <= TINY:
        same = all(np.abs(one).max(initial=0) <= TINY for one, _ in group)
        return math.nan if same else None  # any multiple of 0 is 0
    at = np.unravel_index(np.abs(big).argmax(), big.shape)
    factor = float(got[at] / big[at])
    exact = math.isfinite(factor) and all(parts_equal(one, factor * want) for one, want in group)
    return factor if exact else None


def _named_factor(outcomes: list[Outcome], factors: Array) -> str | None:
    for words, sizes in named_sizes(outcomes):
        if np.allclose(factors, sizes, rtol=1e-6):
            return f"{words} times what they should be: is there a factor too much, or a mean not taken?"
        if all(sizes) and np.allclose(factors, 1 / np.array(sizes), rtol=1e-6):
            return f"the right ones divided by {words}: is something divided once more than it should be?"
    for words, sizes in named_sizes(outcomes):
        if len(set(sizes)) >= MIN_FITTED and all(sizes):
            shares = factors / np.array(sizes)
            if np.allclose(shares, shares[0], rtol=1e-6):
                return f"{words} times {shares[0]:.4g} times what they should be: does the divisor fit each call?"
            if min(sizes) > 0 and np.allclose(factors**2, 1 - 1 / np.array(sizes), rtol=1e-6):
                return f"too small by the root of (n - 1) / n, where n is {words}: by what is the sum divided?"
    return None


def _constant_factor(factors: list[float]) -> str | None:
    for constant, words in CONSTANTS.items():
        if math.isclose(factors[0], constant, rel_tol=1e-6):
            return f"{words} the right ones."
    if len(factors) < MIN_FITTED or abs(factors[0] - 1) <= CLOSE:
        return None  # a factor near 1 comes from rounding rather
    return f"{factors[0]:.4g} times what they should be."


def named_sizes(outcomes: list[Outcome]) -> Iterator[tuple[str, list[float]]]:
    """Yield sizes and numbers of the arguments in words, with their values in each call."""
    found: dict[str, list[float]] = {}
    for outcome in outcomes:
        for words, size in sizes_of(outcome.arguments):
            found.setdefault(words, []).append(size)
    full = {words: sizes for words, sizes in found.items() if len(sizes) == len(outcomes)}
    yield from full.items()
    for (one, sizes), (other, divisors) in product(full.items(), repeat=2):
        if one != other and all(divisors):
            yield f"({one}) / ({other})", list(np.array(sizes) / np.array(divisors))


def sizes_of(arguments: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield the sizes of arguments, and those that are numbers, in words."""
    for name, array in named_arrays(arguments):
        for axis, words in ((-1, "columns"), (0, "rows")):
            if array.ndim == 2:
                yield f"the number of {words} of `{name}`", float(array.shape[axis])
        if array.ndim == 1:
            yield f"the length of `{name}`", float(len(array))
    for name, value in arguments.items():
        if isinstance(value, list | tuple):
            yield f"the length of `{name}`", float(len(value))
            if value and getattr(value[0], "ndim", 0) == 2:
                yield f"the number of columns of `{name}[0]`", float(value[0].shape[1])
                yield f"the number of rows of `{name}[0]`", float(value[0].shape[0])
        elif isinstance(value, int | float):
            yield f"`{name}`", float(value)


def _offset(outcomes: list[Outcome], groups: list[list[Pair]]) -> str | None:
    """Return words for a constant that is added to every number."""
    first = next((got - want for group in groups for got, want in group if want.size), None)
    if first is None or len(groups) < MIN_FITTED or not np.isfinite(first).all():
        return None
    offset = float(first.flat[0])
    if offset and all(parts_equal(got, want + offset) for group in groups for got, want in group):
        return f"{abs(offset):.4g} too {'large' if offset > 0 else 'small'}, all of them."
    return None


def _rounded(outcomes: list[Outcome], groups: list[list[Pair]]) -> str | None:
    """Return words for numbers that are rounded to some decimals."""
    pairs = [pair for group in groups for pair in group]
    if all(_labels(want) for _, want in pairs):
        return None
    for decimals in range(7):
        unit = 10.0**-decimals
        if all(np.abs(got - want).max(initial=0) <= 0.5001 * unit for got, want in pairs) and all(
            np.abs(got - np.round(got, decimals)).max(initial=0) <= 1e-9 * max(1, np.abs(got).max(initial=0))
            for got, _ in pairs
        ):
            return f"rounded to {decimals or 'no'} decimals: return them as they are."
    return None


def _clipped(outcomes: list[Outcome], groups: list[list[Pair]]) -> str | None:
    """Return words for numbers that end at a bound: right up to it, and equal to it beyond."""
    got, want = (np.concatenate([pair[k].ravel() for group in groups for pair in group]) for k in (0, 1))
    if not np.isfinite(got).all():
        return None
    low, high = got.min(), got.max()
    if not parts_equal(got, np.clip(want, low, high)):
        return None
    below, above = (want < low - 1e-9).sum(), (want > high + 1e-9).sum()
    bounds = [f"{bound:.4g}" for bound, count in ((low, below), (high, above)) if count >= MIN_FITTED]
    inside = ((want > low) & (want < high)).sum()
    if below + above and bounds and inside >= MIN_FITTED and min(n for n in (below, above) if n) >= MIN_FITTED:
        return f"right up to a bound and stay there ({' and '.join(bounds)}): where is something cut off?"
    return None


def by_row(evidence: Evidence) -> str | None:
    """Return a sentence if each row, or each column, is right but for a number that is added or multiplied."""
    if len(evidence.wrong) < MIN_PROBES:
        return None
    pairs = [(leaf_at(outcome.given, ()), leaf_at(outcome.expected, ())) for outcome in evidence.wrong]
    pairs = [(got, want) for got, want in pairs if not is_array(got, want) or min(want.shape, default=0) > 1]
    if len(pairs) < MIN_PROBES or not all(is_array(*pair) and pair[0].shape == pair[1].shape for pair in pairs):
        return None
    for axis, words in ((-1, "row"), (0, "column")):
        if any(want.ndim != 2 or want.shape[axis] < MIN_FITTED for _, want in pairs):
            continue
        if sum(_changed(got, want, axis) for got, want in pairs) < len(pairs):
            continue  # where few rows are wrong, they have another relation
        if all(_shifted(got, want, axis) for got, want in pairs):
            added = "is right but for a number that is added to all of it: what is added, or taken away?"
            return f"Each {words} of your result {added}"
        if all(_scaled(got, want, axis) for got, want in pairs):
            return f"Each {words} of your result is right but for a factor: by what is it divided?"
    return None


def _changed(got: Array, want: Array, axis: int) -> bool:
    """Return whether most rows that aren't 0 are wrong."""
    wrong, filled = (~np.isclose(got, want, 1e-6, 1e-9)).any(axis), want.any(axis)
    return bool((wrong & filled).sum() > filled.sum() / 2)


def _shifted(got: Array, want: Array, axis: int) -> bool:
    apart = got - want
    return bool(np.isfinite(apart).all()) and parts_equal(
        apart, np.broadcast_to(apart.mean(axis, keepdims=True), apart.shape)
    )


def _scaled(got: Array, want: Array, axis: int) -> bool:
    """Return whether each row is a multiple of the right one. A row of 0 is one of any."""
    if not (np.isfinite(got).all() and np.isfinite(want).all()):
        return False
    squares = (want**2).sum(axis, keepdims=True)
    factors = (got * want).sum(axis, keepdims=True) / np.where(squares, squares, 1)
    return parts_equal(got, factors * want)


def nearly_right(evidence: Evidence) -> str | None:
    """Return a sentence if all numbers are close to the right ones."""
    worst, scale = 0.0, _scale(evidence)
    wrong = [outcome for outcome in evidence.wrong if not outcome.raised and outcome.wrong - outcome.loose]
    for outcome in wrong:
        pairs = list(_pairs(outcome, outcome.wrong - outcome.loose))
        if not pairs:
            return None
        for got, want in pairs:
            with np.errstate(all="ignore"):
                off = np.abs(got - want) / scale
            if not np.isfinite(off).all():
                return None
            worst = max(worst, float(off.max(initial=0)))
    if len(wrong) < max(MIN_PROBES, len(evidence.wrong) / 2) or worst > CLOSE:
        return None
    return (
        "Your numbers are near the right ones, but not exact: is something rounded, computed with fewer digits, "
        "or changed by a small number?"
    )


def _scale(evidence: Evidence) -> float:
    """Return the size of a usual right number: the median of the largest of each answer."""
    sizes = [
        np.abs(leaf).max() for o in evidence.outcomes for leaf in o.expected.values() if is_array(leaf) and leaf.size
    ]
    sizes = [size for size in sizes if size and np.isfinite(size)]
    return float(np.median(sizes)) if sizes else 1.0


def not_finite(evidence: Evidence) -> str | None:
    """Return a sentence if the answers are wrong only where they hold inf or nan."""
    if not evidence.holds(lambda outcome: all(_only_not_finite(outcome, path) for path in outcome.wrong)):
        return None
    return "Your answers are right but for numbers that aren't finite (inf or nan): for which arguments do they come?"


def _only_not_finite(outcome: Outcome, path: PartPath) -> bool:
    got, want = leaf_at(outcome.given, path), leaf_at(outcome.expected, path)
    if not is_array(got, want) or got.shape != want.shape or not np.isfinite(want).all():
        return False
    finite = np.isfinite(got)
    return not finite.all() and parts_equal(got[finite], want[finite])


def constant(evidence: Evidence) -> str | None:
    """Return a sentence if the answers are equal, whatever the arguments are."""
    answers = [outcome.given for outcome in evidence.outcomes]
    expected = [outcome.expected for outcome in evidence.outcomes]
    if len(answers) < MIN_FITTED or any(("raised",) in answer for answer in answers):
        return None
    if not all(_equal(one, other) for one, other in pairwise(answers)):
        return None
    if all(_equal(one, other) for one, other in pairwise(expected)):
        return None
    return "Your function gives one and the same answer, whatever its arguments are: which of them does it use?"


def _equal(one: Any, other: Any) -> bool:
    return one.keys() == other.keys() and all(parts_equal(one[path], other[path]) for path in one)
