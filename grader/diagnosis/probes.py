"""Probes of a question and answers to them, taken apart into parts that can be compared.

The probes are the calls that the question's hidden cases make, so an author writes nothing twice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader.models import Status
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.exact_view import ExactView
from grader.sandbox.client.model_view import KerasModel, Layer, Tensor
from grader.sandbox.client.student_proxy import AnsweredCall, StudentProxy

COMPARABLE = (
    Status.ERROR,
    Status.BAD_VALUE,
)  # failures that say something about a mistake
PartPath = tuple[Any, ...]
LOW_PRECISION = {"f2", "f4"}
RTOL, ATOL = 1e-6, 1e-9
LOW_RTOL, LOW_ATOL = 1e-4, 1e-6
ROUNDING = float(8 * np.finfo(float).eps)  # of a sum, as a share of its largest term: the terms may cancel
MAX_ROUNDING = 1e-6  # a result between 0 and 1 must stay comparable, however large the arguments are
MAX_PROBE_NUMBERS = 2000  # in the arguments of a probe, but for the first: larger ones take longer and show no more
MAX_ANSWER_NUMBERS = 1_000_000  # beyond those of the probe: each takes 8 bytes, several times over, for each probe
MAX_EXTRA_PROBES = 8
MAX_EXTRA_NUMBERS = 20_000  # in the arguments of an extra probe
MAX_ANSWER_PARTS = 1000  # of all answers to a question: known answers have at most 160
ABSENT = object()
UNCACHED = object()  # the value can't be stored in the cache


@dataclass(frozen=True)
class Probe:
    """The arguments of one call. For a question that is a value, not a function: a read of the value."""

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    reads_value: bool = False
    extra: bool = False  # too large for a probe, or with the numbers of another one in another type


@dataclass(frozen=True)
class ProbeAnswer:
    """The answer to a probe, in parts: each number, array, text or None by its path in the result."""

    parts: dict[PartPath, Any]
    calls: tuple[Any, ...] = ()  # of functions in the arguments: index of the function, shapes of its arguments
    value: Any = ABSENT  # the result; ABSENT after an exception, UNCACHED if it must be computed again
    rounding: float = 0.0  # by which equal results may differ, because the arguments are large


@dataclass
class Recorder:
    """Stands for the student in front of a case, and records the calls of one function."""

    student: StudentProxy
    name: str
    probes: list[Probe] = field(default_factory=list)
    extra: list[Probe] = field(default_factory=list)
    last_call: Any = None  # a StudentProxy has this attribute too

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.call(name, *args, **kwargs).value

    def call(self, name: str, *args: Any, **kwargs: Any) -> AnsweredCall:
        """Call the student's function; record its arguments if they are new and not too large."""
        self._record(name, args, kwargs)
        return self.student.call(name, *args, **kwargs)

    def _record(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if name != self.name:
            return
        probe, numbers = Probe(_copy(args), _copy(kwargs)), _count_numbers(args)
        small = not self.probes or numbers <= MAX_PROBE_NUMBERS
        if small and not any(_same_arguments(probe, earlier) for earlier in self.probes):
            self.probes.append(probe)
        elif numbers <= MAX_EXTRA_NUMBERS and len(self.extra) < MAX_EXTRA_PROBES:
            known = (*self.probes, *self.extra)
            if not any(_types(probe) == _types(one) and _same_arguments(probe, one) for one in known):
                self.extra.append(replace(probe, extra=True))

    def calls(self, name: str, *calls: tuple[Any, ...]) -> Iterator[AnsweredCall]:
        """Call the student's function with each tuple of arguments; each call is a probe of its own."""
        return iter([self.call(name, *args) for args in calls])  # each is a probe of its own

    @property
    def exact(self) -> ExactView:
        """Return a view whose values keep their types. Its calls are recorded too."""
        return ExactView(self)

    def answer_exactly(self, op: str, request: dict[str, Any]) -> Any:
        """Record a call or a read, and return the value of the answer."""
        if op == "call":
            self._record(request["name"], request["args"], request["kwargs"])
        elif op == "get" and request["name"] == self.name and not self.probes:
            self.probes.append(Probe(reads_value=True))
        return self.student.answer_exactly(op, request)

    def get(self, name: str) -> Any:
        """Read a value; record the read once."""
        if name == self.name and not self.probes:
            self.probes.append(Probe(reads_value=True))
        return self.student.get(name)


def _count_numbers(value: Any) -> int:
    """Return how many numbers the arrays of a value hold, such as those of a call's arguments."""
    if isinstance(value, list | tuple | dict):
        return sum(map(_count_numbers, value.values() if isinstance(value, dict) else value))
    return np.size(value.array if isinstance(value, Tensor) else value) if isinstance(value, Tensor | np.ndarray) else 1


def ask(student: StudentProxy, name: str, probe: Probe, question: str = "") -> ProbeAnswer:
    """Return the student's answer to a probe. Raises StudentError if there is none that can be compared.

    :param name: the function to call
    :param question: the question it stands for, if that has another name: error messages then use the question's name.
        Where the question is a value, `name` is called and returns that value
    """
    calls: list[Any] = []
    args = tuple(_record_calls(value, i, calls) if _is_function(value) else value for i, value in enumerate(probe.args))
    try:
        reads_value = probe.reads_value and name == (question or name)
        call = AnsweredCall(student.get(name), ()) if reads_value else student.call(name, *args, **probe.kwargs)
    except StudentError as problem:
        if problem.status not in COMPARABLE or not problem.cause:
            raise
        cause = re.sub(rf"(?<![\w.]){name}(?=\()", question or name, problem.cause)
        return ProbeAnswer({("raised",): f"{problem.status}: {cause}"}, tuple(calls), rounding=_rounding(probe))
    if _count_numbers([call.value, *call.arguments]) > MAX_ANSWER_NUMBERS + _count_numbers(probe.args):
        raise StudentError(Status.BAD_VALUE, "an answer of so many numbers isn't compared")
    parts = dict(_parts(call.value, ("value",)))
    for i, (before, after) in enumerate(zip(probe.args, call.arguments, strict=False)):
        if not _is_function(before) and _differing_keys(dict(_parts(before)), now := dict(_parts(after))):
            parts.update({("argument", i, *place): part for place, part in now.items()})
    return ProbeAnswer(parts, tuple(calls), call.value, _rounding(probe))


def _rounding(probe: Probe) -> float:
    """Return by how much sums of the probe's numbers may be rounded. Single numbers don't count: they scale the others.

    Near 1e8 the next number is 1.5e-8 apart, so a sum in another order differs by as much, also if it is near 0.
    """
    arrays = [leaf for leaf in _flat((*probe.args, *probe.kwargs.values())) if isinstance(leaf, np.ndarray)]
    numbers = [np.abs(array[np.isfinite(array)]) for array in arrays if array.size > 1 and array.dtype.kind in "fiu"]
    return min(MAX_ROUNDING, ROUNDING * max((float(each.max(initial=0)) for each in numbers), default=0.0))


def with_value(answer: ProbeAnswer, value: Any) -> ProbeAnswer:
    """Return an answer with its result replaced."""
    kept = {place: part for place, part in answer.parts.items() if place[0] != "value"}
    return ProbeAnswer(kept | dict(_parts(value, ("value",))), answer.calls, value, answer.rounding)


def differing_parts(one: ProbeAnswer, other: ProbeAnswer) -> set[PartPath]:
    """Return the paths at which two answers differ."""
    return _differing_keys(one.parts, other.parts, max(one.rounding, other.rounding))


def _differing_keys(one: dict[PartPath, Any], other: dict[PartPath, Any], rounding: float = 0.0) -> set[PartPath]:
    return {
        place
        for place in one.keys() | other.keys()
        if not parts_equal(one.get(place, ABSENT), other.get(place, ABSENT), rounding)
    }


def parts_equal(one: Any, other: Any, rounding: float = 0.0) -> bool:
    """Return whether two parts are equal: equal text, or numbers of equal shape that differ by rounding only.

    :param rounding: by which equal numbers may differ, because they were computed from large ones
    """
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return type(one) is type(other) and bool(one == other)
    if one.shape != other.shape:
        return False
    if one.dtype == other.dtype == np.float64 and one.size and _first_differs(one, other, rounding):
        return False
    if one.dtype == other.dtype and one.tobytes() == other.tobytes():
        return True
    low = LOW_PRECISION & {one.dtype.str[1:], other.dtype.str[1:]}
    rtol, atol = (LOW_RTOL, LOW_ATOL) if low else (RTOL, ATOL + rounding)
    with np.errstate(all="ignore"):
        apart = np.abs(one - other)
        if np.isfinite(apart).all():
            return bool((apart <= atol + rtol * np.abs(other)).all())
        return bool(np.isclose(one, other, rtol, atol, equal_nan=True).all())


def _first_differs(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any], rounding: float) -> bool:
    """Return whether the first numbers of two float64 arrays differ by more than rounding.

    Most unequal arrays do, and most comparisons are of unequal arrays. This takes a twentieth of comparing all numbers.
    """
    here, there = one.item(0), other.item(0)
    return math.isfinite(there) and not abs(here - there) <= ATOL + rounding + RTOL * abs(there)


def interchangeable(one: Any, other: Any, accepted_parts: list[Any]) -> bool:
    """Return whether two differing parts are both acceptable where right answers differ among themselves."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool((np.isfinite(one) == np.isfinite(other)).all())
    return all(any(parts_equal(part, choice) for choice in accepted_parts) for part in (one, other))


def _parts(value: Any, place: PartPath = ()) -> Iterator[tuple[PartPath, Any]]:
    """Yield the parts of a value with their paths.

    Regular lists of numbers are one array; a model has no random weights.
    """
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, KerasModel):
        value = {name: getattr(value, name) for name in ("kind", "loss", "from_logits", "optimizer", "input_shape")} | {
            "layers": [_describe_layer(layer) for layer in value.layers]
        }
    array = _array(value)
    if array is not None:
        yield place, array
    elif isinstance(value, dict | list | tuple):
        yield (*place, "length"), len(value)
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _parts(item, (*place, key))
    else:
        yield place, value


def _describe_layer(layer: Layer) -> dict[str, Any]:
    shapes = str([weight.shape for weight in layer.weights])
    return {"kind": layer.kind, "units": layer.units, "activation": layer.activation, "shapes": shapes}


def _array(value: Any) -> np.ndarray[Any, Any] | None:
    """Return a numeric array, or None for values that aren't numbers."""
    if not isinstance(value, bool | int | float | np.ndarray | list | tuple):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):  # a list of lists of different lengths
        return None
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    return array if array.dtype.kind in "fc" else None


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, KerasModel)


def _record_calls(function: Callable[..., Any], i: int, calls: list[Any]) -> Callable[..., Any]:
    """Return a function that forwards to `function` and records each call in `calls`."""

    def call(*args: Any, **kwargs: Any) -> Any:
        calls.append((i, *(getattr(value, "shape", None) for value in args)))
        return function(*args, **kwargs)

    call.__name__ = getattr(function, "__name__", "g")
    return call


def _copy(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_copy, value))
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value.copy() if isinstance(value, np.ndarray) else value


def _types(probe: Probe) -> list[str]:
    """Return the types of all numbers in the arguments."""
    return [str(getattr(leaf, "dtype", type(leaf))) for leaf in _flat((*probe.args, *probe.kwargs.values()))]


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value.array if isinstance(value, Tensor) else value


def _same_arguments(one: Probe, other: Probe) -> bool:
    here, there = (dict(_parts((probe.args, probe.kwargs))) for probe in (one, other))
    return not _differing_keys(here, there)
