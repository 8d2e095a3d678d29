"""Judge an answer in a hidden case.

    close(got, reference.cost(Y_hat, Y), what="the cost")

`got` is what the student's function returned: any plain value. `expected` is the right value. `what` names the value in
the message. A check returns, or raises CheckFailed with a message that names what was returned, and perhaps the
expected shape, but never an expected value.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from grader.models import Status
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.model_view import KerasModel, Layer, Tensor

__all__ = [
    "KerasModel",
    "Layer",
    "Tensor",
    "adam",
    "adam_steps",
    "close",
    "close_pairs",
    "describe",
    "equal",
    "fail",
    "finite",
    "items",
    "judging",
    "number",
    "numbers",
    "pairs",
    "raising",
    "same",
    "shape",
    "unchanged",
    "unsqueezed",
]

Numbers = npt.NDArray[np.float64]
ArrayPair = tuple[Numbers, Numbers]
PairNames = tuple[str, str]
MAX_QUOTED = 60  # characters: a longer text of the student isn't quoted in a message
MAX_NUMBERS = 1 << 24  # in one answer: 128 MB as float64. Bools take 1 byte each, so they grow eightfold
# Lowest and highest accepted settings. Below the lowest learning rate, steps drown in rounding; with a large epsilon
# the optimizer isn't Adam any more.
ADAM_RANGES = {"learning_rate": (1e-6, 1), "beta_1": (0, 0.999), "beta_2": (0, 0.99999), "epsilon": (0, 1e-3)}
ADAM_DEFAULTS = {
    "learning_rate": 0.0,
    "beta_1": 0.9,
    "beta_2": 0.999,
    "epsilon": 1e-7,
}  # for settings that a model doesn't have
ADAM_TOLERANCE = 5e-3  # share of a step: a learning-rate schedule may change it by this much
FLOAT32_EPSILON = 2e-7


class CheckFailed(AssertionError):
    """An answer is wrong. The message is for the student; `expected` is shown only if the assignment says `reveal`."""

    def __init__(self, sentence: str, expected: str = "") -> None:
        super().__init__(sentence)
        self.expected = expected


def fail(sentence: str, expected: str = "") -> NoReturn:
    """Raise CheckFailed with a sentence for the student. `expected` is shown only if the assignment says `reveal`."""
    raise CheckFailed("The " + sentence[4:] if sentence.startswith("the ") else sentence, expected)


def close(got: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-6, what: str = "the result") -> None:
    """Check the shape, and that every number is within `atol + rtol * abs(expected)` of the expected one.

    The default tolerances accept float32 arithmetic. NaN is never close to anything. Raises CheckFailed.
    """
    target = np.asarray(expected, np.float64)
    if type(got) is np.ndarray and got.dtype == np.float64 and np.array_equal(got, target):
        return  # most answers are equal to the last bit, and this is ten times as fast
    array = shape(got, target.shape, what)
    # As np.isclose at a third of its cost: NaN is never close, equal infinities are.
    with np.errstate(all="ignore"):
        wrong = ~(np.abs(array - target) <= atol + rtol * np.abs(target)) & (array != target)
    if wrong.any():
        finite(array, what)  # NaN and infinity have a message of their own
        first = tuple(np.argwhere(wrong)[0].tolist())
        here = f"got {array[first]:.6g}" + (f" at index {list(first)}" if first else "")
        many = f"; {wrong.sum()} of {wrong.size} values are wrong" if wrong.size > 1 else ""
        fail(f"{what} is wrong: {here}{many} ({describe(got)}).", expected=f"{target[first]:.6g}")


def equal(got: Any, expected: Any, what: str = "the result") -> None:
    """Check the shape, and that the numbers are exactly the expected ones. True counts as 1."""
    close(got, expected, rtol=0, atol=0, what=what)


def same(got: Any, expected: Any, what: str = "the result") -> None:
    """Check a value made of text, numbers, lists and dicts. Numbers are compared by `close`; a tuple may be a list.

    Lists in a list may differ in length.
    """
    if isinstance(expected, dict):
        _same_dict(got, expected, what)
    elif expected is None or isinstance(expected, str | bytes):
        if type(got) is not type(expected) or got != expected:
            fail(f"{what} is wrong: got {_quote_text(got)}.", expected=repr(expected))
    elif isinstance(expected, list | tuple) and (_non_number(expected) or _is_ragged(expected)):
        for i, (one, other) in enumerate(zip(items(got, len(expected), what), expected, strict=True)):
            same(one, other, f"{what} at index {i}")
    else:
        close(got, expected, what=what)


def _same_dict(got: Any, expected: dict[str, Any], what: str) -> None:
    if not isinstance(got, dict):
        fail(f"{what} is {describe(got)}; expected a dict.")
    if unexpected := [key for key in got if key not in expected]:
        fail(f"{what} has the key {_quote_text(unexpected[0])}, which doesn't belong there.")
    if len(got) < len(expected):
        fail(f"{what} has {len(got)} keys; expected {len(expected)}.")
    for key, value in expected.items():
        same(got[key], value, f"{what} at key {_quote_text(key)}")


def _quote_text(value: Any) -> str:
    """Return short text in quotation marks, and the kind of any other value."""
    return repr(value) if isinstance(value, str | bytes) and len(value) <= MAX_QUOTED else describe(value)


def shape(got: Any, expected: tuple[int, ...], what: str = "the result") -> Numbers:
    """Check the shape, and return the answer as a float64 array of the expected shape."""
    array = numbers(got, what)
    if array.shape != expected:
        has = f"has shape {array.shape}" if array.shape else "is a single number"
        right = f"shape {expected}" if expected else "a single number"
        fail(f"{what} {has}; expected {right}{_shape_hint(array.shape, expected)}.")
    return array


def unsqueezed(got: Any, expected: tuple[int, ...]) -> Any:
    """Return the answer; reshape a single number to the expected shape if that shape holds one number.

    For cases in which axes of length 1 may be dropped.
    """
    single = np.prod(expected) == 1 and isinstance(got, int | float | np.generic | np.ndarray) and np.ndim(got) == 0
    return np.reshape(got, expected) if single else got


def number(got: Any, what: str = "the result") -> float:
    """Check for a single finite number, a Python number or an array of shape (), and return it as a float."""
    return float(finite(shape(got, (), what), what))


def finite(got: Any, what: str = "the result") -> Numbers:
    """Check that no number is NaN or infinite, and return the answer as a float64 array."""
    array = numbers(got, what)
    for bad, name in (np.isnan(array), "NaN (not a number)"), (np.isinf(array), "infinite"):
        if bad.any():
            where = f" at index {np.argwhere(bad)[0].tolist()}" if array.shape else ""
            fail(f"{what} is {name}{where}: a division by 0, a logarithm of 0, an overflow?")
    return array


def items(got: Any, count: int, what: str = "the result") -> list[Any]:
    """Check for a list, a tuple or an array with `count` entries, and return them as a list."""
    is_list = isinstance(got, list | tuple) or (isinstance(got, np.ndarray) and got.ndim > 0)
    if not is_list or len(got) != count:
        fail(f"{what}: got {describe(got)}; expected a list of length {count}.")
    return list(got)


def pairs(got: Any, count: int, names: PairNames = ("W", "b"), what: str = "parameters") -> list[ArrayPair]:
    """Check for a list of `count` pairs of arrays, one pair a layer, and return them. Shapes are not checked."""
    layers = []
    for i, pair in enumerate(items(got, count, f"the {what}"), start=1):
        layer = zip(items(pair, 2, f"the pair of layer {i} in the {what}"), names, strict=True)
        one, other = (numbers(value, f"the {name} of layer {i}") for value, name in layer)
        layers.append((one, other))
    return layers


def close_pairs(got: Any, expected: Sequence[Any], names: PairNames = ("W", "b"), what: str = "parameters") -> None:
    """Check a list of pairs of arrays, one pair a layer: each array must be close to the expected one."""
    for i, (layer, right) in enumerate(zip(items(got, len(expected), f"the {what}"), expected, strict=True), start=1):
        pair = items(layer, 2, f"the pair of layer {i} in the {what}")
        for name, one, other in zip(names, pair, right, strict=True):
            close(one, other, what=f"the {name} of layer {i}")


def unchanged(call: Any, before: Sequence[Any]) -> None:
    """Check that a call didn't change its arguments: `call` comes from `student.call`, `before` from the case."""
    after = call.arguments if isinstance(call.arguments, list | tuple) else ()
    for i, (now, old) in enumerate(zip_longest(after, before), start=1):
        if not _is_unchanged(now, old):
            fail(f"The call changed its argument number {i} in place; work on a copy, or make a new array.")


def adam(model: Any, rng: np.random.Generator) -> None:
    """Check that the optimizer of a KerasModel takes the steps of Adam, with any sensible learning rate.

    Two steps are taken with gradients drawn from `rng`: neither the optimizer's name nor the model's loss matters.
    """
    if model.optimizer is None:
        fail("the model isn't compiled with an optimizer.")
    settings = ADAM_DEFAULTS | model.settings
    for name, (lowest, highest) in ADAM_RANGES.items():
        if not lowest <= settings[name] <= highest:
            fail(f"the optimizer's {name} is {settings[name]:g}; expected a value from {lowest:g} to {highest:g}.")
    before = np.repeat([0.0, 2.0], 4)  # at 0, steps are exact; at 2, weight decay shows
    gradients = [rng.normal(size=8) * np.tile([0.01, 0.1, 1, 10], 2) for _ in range(2)]
    steps = items(model.optimized(before, gradients), len(gradients), "what the optimizer makes of numbers")
    arrays = [shape(each, before.shape, "the step of the optimizer") for each in steps]
    difference = np.abs(np.subtract(arrays, adam_steps(before, gradients, settings)))
    if not np.all(difference <= ADAM_TOLERANCE * settings["learning_rate"] + FLOAT32_EPSILON * before):
        found = "named adam, but its steps aren't those of Adam" if model.optimizer == "adam" else model.optimizer
        fail(f"the optimizer is {found}; expected Adam.")


def adam_steps(numbers: Any, gradients: Sequence[Any], settings: dict[str, float]) -> list[Numbers]:
    """Return the numbers after each step of Adam, one array of gradients a step.

    `settings` holds learning_rate, beta_1, beta_2 and epsilon, as `KerasModel.settings` does. Source: Kingma and Ba,
    "Adam: A Method for Stochastic Optimization" (2015), section 2. The bias is corrected in the learning rate, as in
    Keras.
    """
    rate, beta_1, beta_2, epsilon = ((ADAM_DEFAULTS | settings)[name] for name in ADAM_RANGES)
    numbers, steps = np.asarray(numbers, np.float64), []
    m = v = np.zeros_like(numbers)
    for t, gradient in enumerate(map(np.asarray, gradients), start=1):
        m, v = beta_1 * m + (1 - beta_1) * gradient, beta_2 * v + (1 - beta_2) * gradient**2
        corrected = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        numbers = numbers - corrected * m / (np.sqrt(v) + epsilon)
        steps.append(numbers)
    return steps


def numbers(got: Any, what: str = "the result") -> Numbers:
    """Return the answer as a float64 array. Text, complex numbers and lists of unequal length fail."""
    if (many := _count_numbers(got)) > MAX_NUMBERS:
        fail(f"{what} holds {many:,} numbers; at most {MAX_NUMBERS:,} can be judged.")
    try:
        if found := _non_number(got):
            verb = "holds" if isinstance(got, list | tuple) else "is"
            fail(f"{what} {verb} {found}; expected numbers.")
        with np.errstate(all="ignore"):
            return np.asarray(got, dtype=np.float64)
    except OverflowError:
        fail(f"{what} holds an integer too large for floating-point arithmetic.")
    except (ValueError, TypeError, RecursionError):
        fail(f"{what} doesn't form an array: the lists or arrays in it differ in shape.")


def raising(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a student's function so that a case can catch the exception that the student's code raised.

    For example `with pytest.raises(ValueError): raising(student.squares)(-1)`. The exception is also a StudentError:
    the student loses the case when the case doesn't catch it. StopIteration can't be caught by its name, because
    `all(map(raising(student.is_even), numbers))` would take it for the end of the numbers, and pass.
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except StudentError as problem:
            kind = getattr(builtins, problem.cause.partition(":")[0], None)
            if problem.status is not Status.ERROR or not isinstance(kind, type) or not issubclass(kind, Exception):
                raise
            if issubclass(kind, StopIteration | StopAsyncIteration):
                raise
            try:
                combined = _combined_error(kind.__name__)(problem.status, problem.message, problem.cause)
            except TypeError:  # an ExceptionGroup can't be made without the exceptions in it
                raise problem from None
            raise combined from None

    return call


@contextlib.contextmanager
def judging() -> Iterator[None]:
    """Count any exception in a `with` block against the answer, for tests imported from other tools.

    Imported tests work on right answers and may raise anything on a wrong one.
    """
    try:
        yield
    except (AssertionError, StudentError):
        raise
    except Exception as problem:
        fail(f"The answer can't be tested: {type(problem).__name__}.")


def _count_numbers(value: Any) -> int:
    """Return how many numbers an array holds, or a list with all arrays and lists in it."""
    if isinstance(value, list | tuple):
        return sum(map(_count_numbers, value))
    return value.size if isinstance(value, np.ndarray) else 1


def _non_number(value: Any) -> str | None:
    """Describe the first thing in `value` that isn't a real number; None if all are."""
    if isinstance(value, list | tuple):
        return next(filter(None, map(_non_number, value)), None)
    real = value.dtype.kind in "biuf" if hasattr(value, "dtype") else isinstance(value, int | float)
    return None if real else describe(value)


def describe(value: Any) -> str:
    """Return the kind of a value: None, a list of length 3, a float32 array of shape (3, 1), an int."""
    if value is None:
        return "None (nothing was returned or computed)"
    if isinstance(value, np.ndarray | np.generic):
        return f"{_a(str(value.dtype))} array of shape {value.shape}" if value.ndim else _a(str(value.dtype))
    return _a(type(value).__name__) + (f" of length {len(value)}" if isinstance(value, list | tuple) else "")


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aio' else 'a'} {noun}"


def _is_ragged(values: Sequence[Any]) -> bool:
    """Return whether a list holds lists or arrays of numbers that form no array, such as [[1, 2], [3]]."""
    try:
        np.asarray(values, np.float64)
    except ValueError:
        return True
    return False


def _shape_hint(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Say how a wrong shape differs from the expected one, where that is a usual mistake."""
    if len(got) > 1 and got == expected[::-1]:
        return ": it is the transpose"
    if got and [n for n in got if n > 1] == [n for n in expected if n > 1] and len(got) != len(expected):
        return ": an axis of length 1 is missing" if len(got) < len(expected) else ": it has an extra axis of length 1"
    return ": it is flattened" if len(got) == 1 and got[0] == np.prod(expected) else ""


def _is_unchanged(now: Any, old: Any) -> bool:
    if isinstance(old, list | tuple):
        return isinstance(now, list | tuple) and len(now) == len(old) and all(map(_is_unchanged, now, old))
    return callable(old) or bool(np.array_equal(now, old))


@functools.cache
def _combined_error(name: str) -> type[StudentError]:
    """Return a class that is both a StudentError and the built-in exception of this name."""

    def without_arguments(self: StudentError, status: Status, message: str, cause: str) -> None:
        """Set the fields of a StudentError: UnicodeDecodeError.__init__ takes five arguments of its own."""
        self.status, self.message, self.cause = status, message, cause

    bases: tuple[Any, ...] = (StudentError, getattr(builtins, name))
    return type(name, bases, {"__init__": without_arguments, "__str__": lambda self: self.message})
