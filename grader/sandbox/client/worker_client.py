"""The trusted end of the protocol with one worker: sends requests, receives replies, serves callbacks meanwhile.

The worker is untrusted. Its messages are checked here, and are never more than values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import msgspec
import numpy as np

from grader.sandbox.client.meter import UsageMeter
from grader.sandbox.client.model_view import Description, KerasModel, Tensor
from grader.sandbox.client.replies import Answer, Callback, Failure, Reply, decode_reply
from grader.sandbox.host.process import ExitInfo
from grader.sandbox.limits import MAX_CALLBACK_ERROR, MAX_CALLBACK_NUMBERS, MAX_CALLBACKS, MAX_NESTED_REQUESTS
from grader.sandbox.protocol import numpy_functions, tagged_values
from grader.sandbox.protocol.channel import Channel, Deadline
from grader.sandbox.protocol.frames import NotAValue, Tagged, WireError


class GivenFunctionFailed(Exception):
    """A student's function raised an exception while a function of ours called it."""


class Revoked(Exception):
    """A function was called that was passed to the worker for an earlier question."""


STUDENT_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    NotAValue,
    GivenFunctionFailed,
    Revoked,
    MemoryError,
    BufferError,
    OSError,
    RuntimeError,
    StopIteration,
)


class WorkerProcess(Protocol):
    """A started worker, as launcher.py returns it."""

    sock: Any
    proc_pid: int  # its number in our /proc

    def kill(self, *, grace_seconds: float = 0.0) -> ExitInfo | None:
        """End the worker, as host/process.py does."""
        ...


class WorkerClient:
    """A worker, and the protocol spoken with it.

    :param ask_model: called as `ask_model(handle, request)` to ask a model that lives in the worker
    """

    def __init__(
        self, process: WorkerProcess, ask_model: Callable[[Any, dict[str, Any]], Any], meter: UsageMeter
    ) -> None:
        self.process = process
        self._meter = meter
        self.ready: set[str] = set()  # names whose dependencies have run
        self._channel = Channel(process.sock, self._build, self._convert)
        self._ask_model = ask_model
        self._functions: dict[int, Callable[..., Any]] = {}  # handle -> function that may be called
        self._handles: dict[int, int] = {}  # id(function) -> handle; _functions keeps the ids valid
        self._handle_count = 0  # handles given out so far
        self._last_id = 0  # number of the last request
        self._deadline: Deadline = lambda: 0.0
        self._callbacks = 0
        self._depth = 0  # requests inside callbacks inside requests
        self._functions_sent = 0  # functions in the last message
        self._exact = False  # whether the reply may hold values of tagged_values.py

    def revoke(self) -> None:
        """Make every function that the worker has received so far uncallable."""
        self._functions.clear()
        self._handles.clear()

    def exchange(self, op: str, request: dict[str, Any], deadline: Deadline) -> Reply:
        """Return the reply to a request.

        Raises Closed, DeadlinePassed, WireError, or NotAValue for a request we can't encode.
        """
        if self._depth >= MAX_NESTED_REQUESTS:
            raise WireError(f"requests inside callbacks, more than {MAX_NESTED_REQUESTS} levels deep")
        self._last_id += 1
        self._deadline = deadline
        self._meter.requests += 1
        before = self._meter.switch(True)
        outer, self._exact = self._exact, bool(request.get("exact"))
        try:
            self._channel.send({"op": op, "id": self._last_id, "with": request}, deadline)
            self._depth += 1
            try:
                return self._reply_to(op, self._last_id, deadline)
            finally:
                self._depth -= 1
        finally:
            self._exact = outer
            self._meter.switch(before)

    def _reply_to(self, op: str, number: int, deadline: Deadline) -> Reply:
        while True:
            self._functions_sent = 0
            reply = decode_reply(self._channel.receive(deadline))
            if isinstance(reply, Callback):
                self._call_back(reply, deadline)
                continue
            if self._functions_sent:  # a case could call it later, outside of an exchange
                raise WireError("a function where a value is expected")
            if reply.id != number or (isinstance(reply, Failure) and reply.status == "unreadable" and op != "load"):
                raise WireError("a reply that nobody asked for")
            return reply

    def _call_back(self, request: Callback, deadline: Deadline) -> None:
        """Call a function of ours for the student's code, and send the result."""
        self._callbacks += 1
        self._meter.callbacks += 1
        if self._callbacks > MAX_CALLBACKS:
            raise WireError(f"more than {MAX_CALLBACKS:,} calls of the functions it was given")
        handle, args, kwargs = self._checked_handle(request.id), request.args, request.kwargs
        try:
            function = self._function(handle)
            if (count := count_numbers([args, kwargs])) > MAX_CALLBACK_NUMBERS:
                raise ValueError(f"{count:,} numbers in the arguments; expected at most {MAX_CALLBACK_NUMBERS:,}")
            if kwargs and isinstance(function, np.ufunc):  # `where` would leave uninitialised memory in the result
                raise TypeError(f"{function.__name__} takes no keyword arguments here")
            self._meter.switch(False)
            with np.errstate(all="ignore"):
                value = function(*args, **kwargs)
            self._meter.switch(True)
            self._channel.send({"error": "", "value": value}, deadline)
        except STUDENT_ERRORS as problem:  # the student chose the arguments, so the exception is the student's
            self._meter.switch(True)
            message = f"{type(problem).__name__}: {problem}"[:MAX_CALLBACK_ERROR]
            self._channel.send({"error": message, "value": None}, deadline)

    def _apply(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a student's function that one of our functions received as an argument."""
        request = {"function": function, "args": args, "kwargs": kwargs}
        reply = self.exchange("apply", request, self._deadline)
        if isinstance(reply, Answer):
            return reply.value
        raise GivenFunctionFailed(f"{reply.type or reply.status}: {reply.message}")

    def _checked_handle(self, sent: Any) -> int:
        """Return a handle. Raises WireError if no function has ever had it."""
        if type(sent) is not int or not 0 <= sent < self._handle_count:
            raise WireError("a call of a function that was never given")
        return sent

    def _function(self, handle: int) -> Callable[..., Any]:
        """Return the function with this handle. Raises Revoked if it was passed for an earlier question."""
        if handle not in self._functions:
            raise Revoked("this function was given for another question, and can be called in that one alone")
        return self._functions[handle]

    def _convert(self, value: Any) -> Any:
        """Return what to send for an object that the protocol doesn't know: a function's number, a model as data."""
        if isinstance(value, KerasModel):
            if not value.layers:
                raise NotAValue("a model without layers")
            layers = [tuple(layer.weights) for layer in value.layers]
            frozen = [i for i, layer in enumerate(value.layers) if not layer.trainable]
            return Tagged("k", ({"layers": layers, "activation": value.layers[0].activation, "frozen": frozen},))
        if isinstance(value, Tensor):
            return Tagged("t", (np.array(value.array),))
        if isinstance(value, np.generic | np.ndarray):
            return np.array(value, subok=False)
        if name := numpy_functions.name_of(value):
            return Tagged(numpy_functions.TAG, (name,))
        if callable(value):
            return Tagged("f", (self._handle(value), getattr(value, "__name__", "g")))
        for kind in (dict, list, tuple):
            if isinstance(value, kind):
                return kind(value)
        raise NotAValue(f"an object of type {type(value).__name__}")

    def _handle(self, function: Callable[..., Any]) -> int:
        if id(function) not in self._handles:
            self._handles[id(function)] = self._handle_count
            self._functions[self._handle_count] = function
            self._handle_count += 1
        return self._handles[id(function)]

    def _build(self, tag: str, parts: list[Any]) -> Any:
        """Return the object for a tagged value of a worker: a model, a function of ours, or a function of the
        student's.
        """
        if tag == tagged_values.TAG and self._exact:
            return tagged_values.from_parts(*parts)
        if len(parts) != 1:
            raise WireError("a value of unknown form")
        (sent,) = parts
        if tag == "k":
            return self._model(sent)
        self._functions_sent += 1
        if tag == "f":
            try:
                return self._function(self._checked_handle(sent))
            except Revoked:
                raise WireError("a function that it was given for another question") from None
        if tag == numpy_functions.TAG and (function := numpy_functions.by_name(sent)):
            return function
        if tag == "s" and type(sent) is int:
            return lambda *args, **kwargs: self._apply(sent, args, kwargs)
        raise WireError("an unknown kind of value")

    def _model(self, sent: Any) -> KerasModel:
        try:
            description = msgspec.convert(sent, Description)
        except msgspec.ValidationError:
            raise WireError("a model of unknown form") from None
        return KerasModel.from_description(description, partial(self._ask_model, description.handle))


def count_numbers(value: Any) -> int:
    """Return how many numbers a value holds, those in arrays and containers included."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(map(count_numbers, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(count_numbers, value))
    return 1
