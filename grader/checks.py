"""Judge an answer in a hidden case.

    close(got, reference.cost(Y_hat, Y), what="the cost")

`got` is what the student's function returned: any plain value. `want` is the right value. `what` names the value in
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
from grader.sandbox.client.model_view import KerasModel, Layer, Tensor
from grader.sandbox.client.student_proxy import StudentError

__all__ = [
    "KerasModel",
    "Layer",
    "Tensor",
    "adam",
    "adam_steps",
    "close",
    "close_pairs",
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
Pair = tuple[Numbers, Numbers]
Names = tuple[str, str]
MAX_QUOTED = 60  # characters of text that came that are told
MAX_NUMBERS = 1 << 24  # numbers that are judged: 128 MB as float64; as bools, one answer could become a gigabyte
# Of Adam's settings. Below the least rate, steps drown in rounding; with a large epsilon it is another optimizer.
ADAM_RANGES = {"learning_rate": (1e-6, 1), "beta_1": (0, 0.999), "beta_2": (0, 0.99999), "epsilon": (0, 1e-3)}
ADAM_DEFAULTS = {"learning_rate": 0.0, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}  # where a model doesn't say
ADAM_TOLERANCE = 5e-3  # of a step: what a learning rate that changes slowly may make of it
FLOAT32_EPSILON = 2e-7


class CheckFailed(AssertionError):
    """An answer is wrong. The message is for the student; `wanted` is shown only if the assignment says `reveal`."""

    def __init__(self, sentence: str, wanted: str = "") -> None:
        super().__init__(sentence)
        self.expected = wanted


def fail(sentence: str, wanted: str = "") -> NoReturn:
    """Raise CheckFailed with a sentence for the student. `wanted` is shown only if the assignment says `reveal`."""
    raise CheckFailed("The " + sentence[4:] if sentence.startswith("the ") else sentence, wanted)


def close(got: Any, want: Any, rtol: float = 1e-4, atol: float = 1e-6, what: str = "the result") -> None:
    """Check the shape, and that every number is within `atol + rtol * abs(want)` of the expected one.

    The default tolerances accept float32 arithmetic. NaN is never close to anything.
    """
    wanted = np.asarray(want, np.float64)
    if type(got) is np.ndarray and got.dtype == np.float64 and np.array_equal(got, wanted):
        return  # the same to the last bit, as mostly: ten times as fast
    came = shape(got, wanted.shape, what)
    with np.errstate(all="ignore"):  # as np.isclose, at a third of its cost: a NaN is never close, equal infinities are
        wrong = ~(np.abs(came - wanted) <= atol + rtol * np.abs(wanted)) & (came != wanted)
    if wrong.any():
        finite(came, what)  # NaN and infinity have a sentence of their own
        first = tuple(np.argwhere(wrong)[0].tolist())
        here = f"{came[first]:.6g} came" + (f" at index {list(first)}" if first else "")
        many = f", and {wrong.sum()} of {wrong.size} values are wrong" if wrong.size > 1 else ""
        fail(f"{what} is wrong: {here}{many} ({_describe(got)}).", wanted=f"{wanted[first]:.6g}")


def equal(got: Any, want: Any, what: str = "the result") -> None:
    """Check the shape, and that the numbers are exactly the expected ones. True counts as 1."""
    close(got, want, rtol=0, atol=0, what=what)


def same(got: Any, want: Any, what: str = "the result") -> None:
    """Check a value made of text, numbers, lists and dicts. Numbers are compared by `close`; a tuple may be a list."""
    if isinstance(want, dict):
        _same_dict(got, want, what)
    elif want is None or isinstance(want, str | bytes):
        if type(got) is not type(want) or got != want:
            fail(f"{what} is wrong: {_quote_text(got)} came.", wanted=repr(want))
    elif isinstance(want, list | tuple) and _non_number(want):
        for i, (one, other) in enumerate(zip(items(got, len(want), what), want, strict=True)):
            same(one, other, f"{what} at index {i}")
    else:
        close(got, want, what=what)


def _same_dict(got: Any, want: dict[str, Any], what: str) -> None:
    if not isinstance(got, dict):
        fail(f"{what} is {_describe(got)}, and a dict was wanted.")
    if strangers := [key for key in got if key not in want]:
        fail(f"{what} has the key {_quote_text(strangers[0])}, which doesn't belong there.")
    if len(got) < len(want):
        fail(f"{what} has {len(got)} keys, and {len(want)} were wanted.")
    for key, value in want.items():
        same(got[key], value, f"{what} at key {_quote_text(key)}")


def _quote_text(value: Any) -> str:
    """Text as it came, if it isn't long; of other values the kind."""
    return repr(value) if isinstance(value, str | bytes) and len(value) <= MAX_QUOTED else _describe(value)


def shape(got: Any, want: tuple[int, ...], what: str = "the result") -> Numbers:
    """Check the shape, and return the answer as a float64 array of that shape."""
    came = numbers(got, what)
    if came.shape != want:
        has = f"has shape {came.shape}" if came.shape else "is a single number"
        wanted = f"shape {want}" if want else "a single number"
        fail(f"{what} {has}, and {wanted} was wanted{_how_it_differs(came.shape, want)}.")
    return came


def unsqueezed(got: Any, want: tuple[int, ...]) -> Any:
    """Return the answer; a single number is reshaped to `want` if that shape holds one number.

    For cases in which axes of length 1 may be dropped.
    """
    single = np.prod(want) == 1 and isinstance(got, int | float | np.generic | np.ndarray) and np.ndim(got) == 0
    return np.reshape(got, want) if single else got


def number(got: Any, what: str = "the result") -> float:
    """Check for a single finite number, a Python number or an array of shape (), and return it as a float."""
    return float(finite(shape(got, (), what), what))


def finite(got: Any, what: str = "the result") -> Numbers:
    """Check that no number is NaN or infinite, and return the answer as a float64 array."""
    came = numbers(got, what)
    for bad, name in (np.isnan(came), "NaN (not a number)"), (np.isinf(came), "infinite"):
        if bad.any():
            where = f" at index {np.argwhere(bad)[0].tolist()}" if came.shape else ""
            fail(f"{what} is {name}{where}: a division by 0, a logarithm of 0, an overflow?")
    return came


def items(got: Any, count: int, what: str = "the result") -> list[Any]:
    """Check for a list, a tuple or an array with `count` entries, and return them as a list."""
    listed = isinstance(got, list | tuple) or (isinstance(got, np.ndarray) and got.ndim > 0)
    if not listed or len(got) != count:
        fail(f"{what} came as {_describe(got)}, and a list of length {count} was wanted.")
    return list(got)


def pairs(got: Any, count: int, names: Names = ("W", "b"), what: str = "parameters") -> list[Pair]:
    """Check for a list of `count` pairs of arrays, one pair a layer, and return them. Shapes are not checked."""
    layers = []
    for i, pair in enumerate(items(got, count, f"the {what}"), start=1):
        layer = zip(items(pair, 2, f"the pair of layer {i} in the {what}"), names, strict=True)
        one, other = (numbers(value, f"the {name} of layer {i}") for value, name in layer)
        layers.append((one, other))
    return layers


def close_pairs(got: Any, want: Sequence[Any], names: Names = ("W", "b"), what: str = "parameters") -> None:
    """Check a list of pairs of arrays, one pair a layer: each array must be close to the expected one."""
    for i, (layer, wanted) in enumerate(zip(items(got, len(want), f"the {what}"), want, strict=True), start=1):
        pair = items(layer, 2, f"the pair of layer {i} in the {what}")
        for name, one, other in zip(names, pair, wanted, strict=True):
            close(one, other, what=f"the {name} of layer {i}")


def unchanged(call: Any, before: Sequence[Any]) -> None:
    """Check that a call left its arguments as they were: `call` comes from `student.call`, `before` from the case."""
    after = call.arguments if isinstance(call.arguments, list | tuple) else ()
    for i, (now, then) in enumerate(zip_longest(after, before), start=1):
        if not _is_unchanged(now, then):
            fail(f"The call changed its argument number {i} in place; work on a copy, or make a new array.")


def adam(model: Any, rng: np.random.Generator) -> None:
    """Check that the optimizer of a KerasModel takes the steps of Adam, with any sensible learning rate.

    Two steps are taken with gradients drawn from `rng`: neither the optimizer's name nor the model's loss matters.
    """
    if model.optimizer is None:
        fail("the model isn't compiled with an optimizer.")
    settings = ADAM_DEFAULTS | model.settings
    for name, (least, most) in ADAM_RANGES.items():
        if not least <= settings[name] <= most:
            fail(f"the optimizer's {name} is {settings[name]:g}: is that sensible?")
    before = np.repeat([0.0, 2.0], 4)  # a change of 0 is exact, and at 2 a decay of weights shows
    gradients = [rng.normal(size=8) * np.tile([0.01, 0.1, 1, 10], 2) for _ in range(2)]
    steps = items(model.optimized(before, gradients), len(gradients), "what the optimizer makes of numbers")
    came = [shape(each, before.shape, "the step of the optimizer") for each in steps]
    apart = np.abs(np.subtract(came, adam_steps(before, gradients, settings)))
    if not np.all(apart <= ADAM_TOLERANCE * settings["learning_rate"] + FLOAT32_EPSILON * before):
        named = "named adam, and takes other steps than Adam" if model.optimizer == "adam" else model.optimizer
        fail(f"the optimizer is {named}.")


def adam_steps(numbers: Any, gradients: Sequence[Any], settings: dict[str, float]) -> list[Numbers]:
    """Return the numbers after each step of Adam, one array of gradients a step.

    `settings` holds learning_rate, beta_1, beta_2 and epsilon, as `KerasModel.settings` does. Source: Kingma and Ba
    (2015), section 2, with the bias corrected in the learning rate, as in Keras.
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
        fail(f"{what} holds {many:,} numbers, and {MAX_NUMBERS:,} are the most that can be judged.")
    try:
        if stranger := _non_number(got):
            verb = "holds" if isinstance(got, list | tuple) else "is"
            fail(f"{what} {verb} {stranger}, and numbers were wanted.")
        with np.errstate(all="ignore"):
            return np.asarray(got, dtype=np.float64)
    except OverflowError:
        fail(f"{what} holds an integer too large for floating-point arithmetic.")
    except (ValueError, TypeError, RecursionError):
        fail(f"{what} doesn't form an array: the lists or arrays in it differ in shape.")


def raising(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a student's function that raises what the student's code raised, so that a case can catch it.

    For example `with pytest.raises(ValueError): raising(student.squares)(-1)`. The exception is a StudentError, too,
    and so costs the student the case when nobody catches it.
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except StudentError as problem:
            kind = getattr(builtins, problem.cause.partition(":")[0], None)
            if problem.status is not Status.ERROR or not isinstance(kind, type) or not issubclass(kind, Exception):
                raise
            try:
                both = _combined_error(kind.__name__)(problem.status, problem.message, problem.cause)
            except TypeError:  # an ExceptionGroup can't be made without the exceptions in it
                raise problem from None
            raise both from None

    return call


@contextlib.contextmanager
def judging() -> Iterator[None]:
    """Count any exception in a `with` block against the answer, for tests imported from other tools.

    Such tests work on right answers, and rely on an exception where an answer is wrong.
    """
    try:
        yield
    except (AssertionError, StudentError):
        raise
    except Exception as problem:
        fail(f"What came can't be tested: {type(problem).__name__}.")


def _count_numbers(value: Any) -> int:
    """How many numbers there are in an array, or in the arrays and lists of a list."""
    if isinstance(value, list | tuple):
        return sum(map(_count_numbers, value))
    return value.size if isinstance(value, np.ndarray) else 1


def _non_number(value: Any) -> str:
    """What the first thing in `value` is that isn't a real number; empty when there is none."""
    if isinstance(value, list | tuple):
        return next(filter(None, map(_non_number, value)), "")
    real = value.dtype.kind in "biuf" if hasattr(value, "dtype") else isinstance(value, int | float)
    return "" if real else _describe(value)


def _describe(value: Any) -> str:
    """None, a list of length 3, a float32 array of shape (3, 1), an int ..."""
    if value is None:
        return "None (nothing was returned or computed)"
    if isinstance(value, np.ndarray | np.generic):
        return f"{_a(str(value.dtype))} array of shape {value.shape}" if value.ndim else _a(str(value.dtype))
    return _a(type(value).__name__) + (f" of length {len(value)}" if isinstance(value, list | tuple) else "")


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aio' else 'a'} {noun}"


def _how_it_differs(came: tuple[int, ...], want: tuple[int, ...]) -> str:
    if len(came) > 1 and came == want[::-1]:
        return ": it is the transpose"
    if came and [n for n in came if n > 1] == [n for n in want if n > 1] and len(came) != len(want):
        return f": an axis of length 1 is {'missing' if len(came) < len(want) else 'too many'}"
    return ": it came flattened" if len(came) == 1 and came[0] == np.prod(want) else ""


def _is_unchanged(now: Any, then: Any) -> bool:
    if isinstance(then, list | tuple):
        return isinstance(now, list | tuple) and len(now) == len(then) and all(map(_is_unchanged, now, then))
    return callable(then) or bool(np.array_equal(now, then))


@functools.cache
def _combined_error(name: str) -> type[StudentError]:
    def without_arguments(self: StudentError, status: Status, message: str, cause: str) -> None:
        """Set what a StudentError has: a UnicodeDecodeError's own __init__ wants five arguments."""
        self.status, self.message, self.cause = status, message, cause

    bases: tuple[Any, ...] = (StudentError, getattr(builtins, name))
    return type(name, bases, {"__init__": without_arguments, "__str__": lambda self: self.message})
