"""Relations by variant: the answers are the right ones for other arguments, or of another function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product
from typing import Any

import numpy as np

from grader.diagnosis.probes import Probe
from grader.diagnosis.relations.evidence import Evidence, Outcome
from grader.diagnosis.relations.leaves import Leaves, answer_leaves, is_array, leaf_at, leaves
from grader.diagnosis.relations.numbers import sizes_of
from grader.sandbox.client.model_view import KerasModel, Tensor

Arguments = dict[str, Any]
Change = Callable[[Any], Any]  # of one argument; raises if it doesn't apply


@dataclass(frozen=True)
class Variant:
    """Other arguments for the solution: how to make them, and the words that say so."""

    words: str
    change: Callable[[Mapping[str, Any]], Arguments]


def an_argument(evidence: Evidence) -> str | None:
    """Return a sentence if the answer is one of the arguments."""
    for name in evidence.signature.parameters:
        if evidence.explained(partial(_argument, name=name)):
            return f"What comes back is `{name}` as it came in: what becomes of it?"
    return None


def _argument(outcome: Outcome, name: str) -> Leaves:
    return dict(leaves(outcome.arguments.get(name)))


def other_arguments(evidence: Evidence) -> str | None:
    """Return a sentence if the answers are the right ones for arguments that were changed in one way."""
    for variant in _variants(evidence):
        if evidence.explained(partial(_answer, evidence, variant)):
            return f"Your answers are the right ones {variant.words}{'' if variant.words.endswith('?') else '.'}"
    return None


def calls_by_parts(evidence: Evidence) -> bool:
    """Return whether the answers are those of a function that is called for each number, column or row alone."""
    functions = [name for name, value in evidence.outcomes[0].arguments.items() if callable(value)]
    for name, (words, change) in product(functions, _BY_PARTS):
        variant = Variant(words.format(f"`{name}`"), partial(_changed, name=name, change=change))
        if evidence.explained(partial(_answer, evidence, variant), least=1):
            return True
    return False


def _answer(evidence: Evidence, variant: Variant, outcome: Outcome) -> Leaves | None:
    """Return what the solution answers to the changed arguments; None if the change doesn't apply to them."""
    new = changed_probe(evidence, variant.change, outcome)
    answer = evidence.ask_solution(variant.words, new, outcome.index) if new else None
    return answer_leaves(answer) if answer else None


def changed_probe(
    evidence: Evidence, change: Callable[[Mapping[str, Any]], Arguments], outcome: Outcome
) -> Probe | None:
    """Return the probe with other arguments; None if the change doesn't apply to them."""
    try:
        with np.errstate(all="ignore"):
            arguments = change(outcome.arguments)
    except (TypeError, ValueError, LookupError, AttributeError, ZeroDivisionError):
        return None
    probe = evidence.probes[outcome.index]
    names = list(evidence.signature.parameters)[: len(probe.args)]
    rest = {name: value for name, value in arguments.items() if name not in names and name in probe.kwargs}
    more = {name: value for name, value in arguments.items() if name not in names and name not in probe.kwargs}
    changed = {name: value for name, value in more.items() if value is not outcome.arguments[name]}
    return Probe(tuple(arguments[name] for name in names), rest | changed)


def _variants(evidence: Evidence) -> Iterator[Variant]:
    """Yield the variants that fit the kinds of the arguments."""
    arguments = evidence.outcomes[0].arguments
    for name, value in arguments.items():
        for words, change in _changes(value, evidence.signature.parameters.get(name)):
            yield Variant(words.format(f"`{name}`"), partial(_changed, name=name, change=change))
    yield from _across(evidence)
    for one, other in combinations(arguments, 2):
        if type(arguments[one]) is type(arguments[other]) and not callable(arguments[one]):
            yield Variant(f"for `{one}` and `{other}` swapped", partial(_swapped, one=one, other=other))
    if sum(map(_is_batch, arguments.values())):
        yield Variant("for all examples but the last one", partial(_columns, keep=slice(None, -1)))
        yield Variant("for all examples but the first one", partial(_columns, keep=slice(1, None)))
        yield Variant("for the first example only", partial(_columns, keep=slice(0, 1)))


def _across(evidence: Evidence) -> Iterator[Variant]:
    """Yield the variants in which an argument is changed by another one."""
    arguments = evidence.outcomes[0].arguments
    functions = [name for name, value in arguments.items() if callable(value)]
    arrays = [name for name, value in arguments.items() if _is_batch(value)]
    for name, array in product(functions, arrays):
        words = f"for {name}({array}) in the place of `{array}`: where is `{name}` called?"
        yield Variant(words, partial(_passed_through, name=array, function=name))
    sizes = [words for words, _ in sizes_of(arguments)]
    rates = [name for name, value in arguments.items() if isinstance(value, float)]
    for words, name, divides in product(sizes, (*arrays, *functions, *rates), (False, True)):
        if words == f"`{name}`":
            continue
        target = f"`{name}` of all numbers" if name in functions else f"`{name}`"
        operation = "divided by" if divides else "times"
        yield Variant(f"for {target} {operation} {words}", partial(_scaled, name=name, words=words, divides=divides))
    for which, keep in (("the first", slice(0, 1)), ("the last", slice(-1, None))):
        yield Variant(
            f"for 0 in all rows of {_quoted(arrays[1:])} but {which}", partial(_rows, names=arrays[1:], keep=keep)
        )


def _quoted(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _passed_through(arguments: Mapping[str, Any], name: str, function: str) -> Arguments:
    return {**arguments, name: arguments[function](arguments[name])}


def _scaled(arguments: Mapping[str, Any], name: str, words: str, divides: bool) -> Arguments:
    size = dict(sizes_of(arguments))[words]
    factor = 1 / size if divides else size
    value = arguments[name]
    return {**arguments, name: (lambda z: value(factor * z)) if callable(value) else factor * value}


def _rows(arguments: Mapping[str, Any], names: list[str], keep: slice) -> Arguments:
    """Return the arguments with 0 in all rows of some arrays but those to keep."""
    new = dict(arguments)
    for name in names:
        new[name] = np.zeros_like(arguments[name])
        new[name][keep] = arguments[name][keep]
    return new


def _changed(arguments: Mapping[str, Any], name: str, change: Change) -> Arguments:
    value = arguments[name]
    new = Tensor(change(value.array)) if isinstance(value, Tensor) else change(value)
    return {**arguments, name: new}


def _swapped(arguments: Mapping[str, Any], one: str, other: str) -> Arguments:
    return {**arguments, one: arguments[other], other: arguments[one]}


def _is_batch(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 2


def _columns(arguments: Mapping[str, Any], keep: slice) -> Arguments:
    sizes = {value.shape[1] for value in arguments.values() if _is_batch(value)}
    if len(sizes) != 1:
        raise ValueError("the arrays have no axis of examples in common")
    return {name: value[:, keep] if _is_batch(value) else value for name, value in arguments.items()}


def _changes(value: Any, default: Any) -> list[tuple[str, Change]]:
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, KerasModel):
        return []
    if isinstance(value, list | tuple):
        return _OF_LISTS
    if callable(value):
        return _OF_FUNCTIONS
    if isinstance(value, np.ndarray) and value.ndim:
        return _OF_ARRAYS
    if isinstance(value, int | float | np.ndarray | np.generic):
        fixed = [default] if isinstance(default, int | float) else []
        return [
            (f"for {{}} = {number:g}: is it used?", lambda _, n=number: n) for number in (*fixed, *_FIXED)
        ] + _OF_NUMBERS
    return []


def _reordered(x: Any) -> Any:
    """Return what one gets who reshapes an array where it should be transposed, in the array's own shape."""
    return x.reshape(x.shape[::-1]).T


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


_FIXED = (1, 0.1, 0.5, 0.01, 0, 10, 100, 1000)
_OF_NUMBERS: list[tuple[str, Change]] = [
    ("for {} + 1: is a step or an end counted twice?", lambda x: x + 1),
    ("for {} - 1: is one step missing?", lambda x: x - 1),
    ("for -{}: look at its sign", lambda x: -x),
    ("for 1 - {}", lambda x: 1 - x),
    ("for 1 / {}", lambda x: 1 / x),
    ("for 2 {}: is it used twice?", lambda x: 2 * x),
    ("for {} / 2", lambda x: x / 2),
    ("for 0.5 in the place of {} where that is 0", lambda x: x or 0.5),
    ("for {} without its sign", abs),
    ("for the sigmoid of {}: is a number compared with the sigmoid or with what goes into it?", _sigmoid),
]
_OF_ARRAYS: list[tuple[str, Change]] = [
    ("for zeros in the place of {}: is it used?", np.zeros_like),
    ("for ones in the place of {}: is it used?", np.ones_like),
    ("for -{}: look at its sign", lambda x: -x),
    ("for {} transposed: which axis is which?", lambda x: x.T),
    ("for 1 - {}", lambda x: 1 - x),
    ("for 2 {}: is it added or multiplied twice?", lambda x: 2 * x),
    ("for {} without its signs", np.abs),
    ("for {} cut off to whole numbers", np.trunc),
    ("for {} rounded to whole numbers", np.round),
    ("for {} with its mean in the place of every entry", lambda x: np.full(x.shape, np.mean(x))),
    ("for {} with its first entry in the place of every entry", lambda x: np.full(x.shape, x.flat[0])),
    ("for {} in reverse order along its first axis", lambda x: x[::-1]),
    ("for {} in reverse order along its last axis", lambda x: x[..., ::-1]),
    ("for {} squared", np.square),
    ("for {} with its rows standardised", lambda x: _standardised(x, -1)),
    ("for {} with its columns standardised", lambda x: _standardised(x, 0)),
    ("for {} minus its largest entry", lambda x: x - np.max(x)),
    ("for the sigmoid of {}: is it applied once too often?", lambda x: 1 / (1 + np.exp(-x))),
    ("for {} / (number of its columns)", lambda x: x / x.shape[-1]),
    ("for (number of its rows) times {}: is it added in a loop?", lambda x: len(x) * x),
    ("for 0 in the first row of {}: is it left out?", lambda x: _without(x, 0, 0)),
    ("for 0 in the last row of {}: is it left out?", lambda x: _without(x, 0, -1)),
    ("for 0 in the first column of {}: is it left out?", lambda x: _without(x, 1, 0)),
    ("for 0 in the last column of {}: is it left out?", lambda x: _without(x, 1, -1)),
    ("for {} in reshaped order, as if it were transposed", lambda x: x.T.reshape(x.shape)),
    ("for {} with its numbers in the order of a reshaped array: reshaping isn't transposing", _reordered),
    ("for {} / 255: are the numbers that large?", lambda x: x / 255),
]


def _standardised(x: Any, axis: int) -> Any:
    spread, varies = x.std(axis=axis, keepdims=True), np.ptp(x, axis=axis, keepdims=True) > 0
    return np.where(varies, (x - x.mean(axis=axis, keepdims=True)) / np.where(varies, spread, 1), 0)


def _without(x: Any, axis: int, at: int) -> Any:
    """Return a copy with 0 in one row or column."""
    new = np.array(x)
    new[(slice(None),) * axis + (at,)] = 0
    return new


def _pairs(value: Any, change: Callable[[Any, Any], tuple[Any, Any]]) -> Any:
    return [change(*pair) for pair in value]


def _unit(x: Any) -> Any:
    return x / (np.linalg.norm(x) or 1)


_OF_LISTS: list[tuple[str, Change]] = [
    ("for {} in reverse order", lambda x: list(x)[::-1]),
    ("for {} without its last entry: where does the loop end?", lambda x: list(x)[:-1]),
    ("for {} without its first entry: where does the loop begin?", lambda x: list(x)[1:]),
    ("for the first entry of {} alone", lambda x: list(x)[:1]),
    ("for the last entry of {} alone", lambda x: list(x)[-1:]),
    ("for the first two entries of {}", lambda x: list(x)[:2]),
    ("for the first three entries of {}", lambda x: list(x)[:3]),
    ("for the first entry of {} in the place of each", lambda x: [x[0]] * len(x)),
    ("for biases of 0 in {}", lambda x: _pairs(x, lambda W, b: (W, 0 * b))),
    ("for the opposite signs of the biases in {}", lambda x: _pairs(x, lambda W, b: (W, -b))),
    ("for zeros in the place of {}: is it used?", lambda x: _pairs(x, lambda W, b: (0 * W, 0 * b))),
    ("for the opposite signs in {}", lambda x: _pairs(x, lambda W, b: (-W, -b))),
    ("for the matrices in {} transposed", lambda x: _pairs(x, lambda W, b: (W.T, b))),
    ("for 0 in the place of the second of each pair in {}: is it used?", lambda x: _pairs(x, lambda W, b: (W, 0 * b))),
    ("for 0 in the place of the first of each pair in {}: is it used?", lambda x: _pairs(x, lambda W, b: (0 * W, b))),
    ("for the opposite sign of the first of each pair in {}", lambda x: _pairs(x, lambda W, b: (-W, b))),
    ("for the signs in the place of the numbers in {}", lambda x: _pairs(x, lambda W, b: (np.sign(W), np.sign(b)))),
    (
        "for the arrays in {} divided by their lengths (the root of the sum of squares)",
        lambda x: _pairs(x, lambda W, b: (_unit(W), _unit(b))),
    ),
    (
        "for the biases in {} shifted by one: each layer gets that of the layer before",
        lambda x: [(x[i][0], x[i - 1][1]) for i in range(len(x))],
    ),
]


def _one_by_one(g: Callable[[Any], Any], z: Any) -> Any:
    return np.array([float(np.ravel(g(np.array([[each]])))[0]) for each in np.ravel(z)]).reshape(np.shape(z))


def _by_column(g: Callable[[Any], Any], z: Any) -> Any:
    return np.hstack([g(z[:, [i]]) for i in range(z.shape[1])])


def _by_row(g: Callable[[Any], Any], z: Any) -> Any:
    return np.vstack([g(z[[i]]) for i in range(z.shape[0])])


_BY_PARTS: list[tuple[str, Change]] = [
    ("for {} of each number alone: it should get all of them at once", lambda g: partial(_one_by_one, g)),
    ("for {} of each column alone", lambda g: partial(_by_column, g)),
    ("for {} of each row alone", lambda g: partial(_by_row, g)),
]
_OF_FUNCTIONS: list[tuple[str, Change]] = [
    ("for the identity in the place of {}: is it called?", lambda g: lambda z: z),
    ("for the sigmoid in the place of {}: call the function that is given", lambda g: lambda z: 1 / (1 + np.exp(-z))),
    ("for tanh in the place of {}", lambda g: np.tanh),
    ("for the ReLU in the place of {}", lambda g: lambda z: np.maximum(z, 0)),
    ("for {} applied twice", lambda g: lambda z: g(g(z))),
    ("for {} of the transposed: it should get the numbers as they are", lambda g: lambda z: g(z.T).T),
    ("for {} of a flat array: it should get the numbers in their shape", lambda g: lambda z: g(z.ravel())),
    ("for {} of numbers cut off to whole ones", lambda g: lambda z: g(np.trunc(z))),
    ("for {} of numbers with 32 bits", lambda g: lambda z: g(z.astype(np.float32))),
    *_BY_PARTS,
]


# ---- one function too many or another one


def applied_again(evidence: Evidence) -> str | None:
    """Return a sentence if the answers are a function of the right ones: an argument's, or the sigmoid."""
    names = [name for name, value in evidence.outcomes[0].arguments.items() if callable(value)]
    for name in names:
        if evidence.explained(partial(_of_right, function=name)):
            return f"Your answers are `{name}` of the right ones: where is it called once too often?"
    for words, function in _FUNCTIONS.items():
        if evidence.explained(partial(_of_right, function=function)):
            return f"Your answers are {words} of the right ones: which step is one too many?"
    return None


_FUNCTIONS: dict[str, Change] = {
    "the sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "the logarithm": np.log,
    "the exponential": np.exp,
}


def _of_right(outcome: Outcome, function: Change | str) -> Leaves | None:
    """Return a function of the right answer: a known one, or the argument of that name."""
    want = leaf_at(outcome.expected, ())
    if not is_array(want):
        return None
    try:
        with np.errstate(all="ignore"):
            called = outcome.arguments[function] if isinstance(function, str) else function
            return {(): np.asarray(called(want), float)}
    except Exception:  # a case's own function, on values that it wasn't written for
        return None
