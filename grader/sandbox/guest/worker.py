"""Worker: loads one submission and answers requests about it, one after another.

Any error in student code becomes an answer. A crash or an endless loop is noticed from outside: the socket closes, or
the deadline passes and the process is killed.
"""

from __future__ import annotations

import errno
import io
import os
import re
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any

import numpy as np

from ...notebooks.cells import type_name
from ..protocol import limits, numpy_functions, tagged_values
from ..protocol.channel import Channel
from ..protocol.frames import NotAValue, Tagged
from ..protocol.limits import MAX_MESSAGE, MAX_OUTPUT, MAX_WHERE
from . import missing_modules
from .program import Missing, NotebookUnreadable, Program
from .shared_memory import merge_equal_arrays, shares_memory
from .values import Values, is_keras_model

STUDENT_FILE = re.compile(r"<(cell \d+|.+\.(py|ipynb))>$")  # file names that program.py compiles with


class CapturedOutput(io.TextIOBase):
    """Standard output of student code: keeps the beginning and discards the rest."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.remaining = MAX_OUTPUT

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Write what still fits. Return the length of the text, as if all was written."""
        if self.remaining > 0:
            part = text[: self.remaining].encode(errors="replace")
            self.remaining -= len(part)
            os.write(self.descriptor, part)
        return len(text)


class CallbackFailed(Exception):
    """A function that the trusted side passed in raised an exception."""


class Worker:
    """Answers the requests that arrive on a socket. Request "x" is answered by the method `do_x`."""

    def __init__(self, sock: socket.socket) -> None:
        self.channel = Channel(sock, self._build)
        self.values = Values()
        self.program: Program | None = None
        self.callback_lock = RLock()  # student code may call back from several threads
        self.functions: list[Callable[..., Any]] = []  # student functions that the other side may call
        # id -> handle and function: kept, so that no other object gets the id
        self.caller_functions: dict[int, tuple[int, Callable[..., Any]]] = {}

    def serve(self) -> None:
        """Answer requests until the other side closes the socket."""
        sys.stdout, sys.stderr = CapturedOutput(1), CapturedOutput(2)
        while True:
            self._reply(self.channel.receive())

    def _reply(self, request: dict[str, Any]) -> None:
        reply = self._answer(request)
        reply["id"] = request["id"]
        try:
            self.channel.send(reply)
        except NotAValue as problem:
            self.channel.send({**bad_value_reply(problem), "id": request["id"]})

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            handler = getattr(self, "do_" + request["op"])
            arguments = dict(request["with"])
            before, self.values.exact = self.values.exact, arguments.pop("exact", False)
            try:
                result: dict[str, Any] = handler(**arguments)
            finally:
                self.values.exact = before
            return result
        except NotAValue as problem:
            return bad_value_reply(problem)
        except Missing as problem:
            name = request["with"].get("name", "")
            message = str(problem).removeprefix(f"{name} ")
            return {"status": "broken" if problem.broken else "missing", "message": message[:MAX_MESSAGE]}
        except NotImplementedError as problem:
            if is_stub(problem):
                return {"status": "missing", "message": "is still to be written"}
            return exception_reply(problem)
        except MemoryError:
            return {"status": "out_of_memory", "message": "ran out of memory"}
        except BaseException as problem:  # student code may raise SystemExit and KeyboardInterrupt too
            return exception_reply(problem)

    def do_hello(self) -> dict[str, Any]:
        """Answer that this worker has isolated itself."""
        return self._done()

    def do_load(
        self, file: str, content: bytes, graded: list[str], imports: dict[str, str], whole: bool, seed: int
    ) -> dict[str, Any]:
        """Read a submission; with `whole`, run all of it. `seed` is for global random generators."""
        seed_everything(seed)
        try:
            self.program = Program(content, file, graded, imports=imports)
        except NotebookUnreadable as problem:
            return {"status": "unreadable", "message": str(problem)[:MAX_MESSAGE]}
        sys.modules["__main__"] = self.program.module
        missing_modules.install(self.program)
        if whole:
            self.program.run_rest()
        return self._done()

    def do_need(self, name: str) -> dict[str, Any]:
        """Run what `name` depends on, so that a later call is timed without that."""
        self._program().get(name)
        return self._done()

    def do_find(self, name: str) -> dict[str, Any]:
        """Run statements that may bind a missing name; say whether there were any."""
        return {**self._done(), "value": self._program().find(name)}

    def do_call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], echo: bool) -> dict[str, Any]:
        """Call a student's function; with `echo`, also return the arguments as they are afterwards."""
        function = self._program().get(name)
        result = self.values.plain(function(*args, **kwargs))
        reply = {"status": "ok", "value": result}
        if echo:
            reply["arguments"] = self._afterwards(args)
        return reply

    def do_calls(self, name: str, calls: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
        """Call a student's function several times. Results are converted after the last call, so overwritten ones show.

        Equal arrays among the arguments are one object, as on the trusted side, where the protocol has copied them. A
        student's function that caches by `id(X)` shows here.
        """
        function = self._program().get(name)
        calls = merge_equal_arrays(list(calls), {})
        results = [function(*args) for args in calls]
        pairs = zip(results, calls, strict=True)
        return {
            "status": "ok",
            "value": [
                (self.values.plain(result), self._afterwards(args), shares_memory(result, args))
                for result, args in pairs
            ],
        }

    def _afterwards(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the arguments as they are now, with None for functions."""
        return tuple(self.values.plain(each) if is_keras_model(each) or not callable(each) else None for each in args)

    def do_get(self, name: str) -> dict[str, Any]:
        """Return a value bound at the top level.

        None counts as missing: it stands there before the student writes it.
        """
        value = self._program().get(name)
        if value is None:
            return {"status": "missing", "message": "is None: it is still to be written"}
        return {"status": "ok", "value": self.values.plain(value)}

    def do_observe(self, name: str, code: str, uses: list[str]) -> dict[str, Any]:
        """Run code of a case in the submission's namespace, and return what it passes to `observe`."""
        observed: list[tuple[Any, ...]] = []

        def observe(*values: Any) -> None:
            observed.append(tuple(self.values.plain(value) for value in values))

        self._program().observe(code, uses, observe)
        return {"status": "ok", "value": observed}

    def do_ask_model(self, handle: int, what: str, weights: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        """Answer a question about a model that an earlier reply described."""
        from .model_codec import model_answer

        return {
            "status": "ok",
            "value": self.values.plain(model_answer(self.values.models[handle], what, weights, arguments)),
        }

    def do_substitute(self, functions: dict[str, Callable[..., Any]]) -> dict[str, Any]:
        """Replace names by functions of the trusted side, and restore all others."""
        program = self._program()
        program.restore()
        for name, function in functions.items():
            program.substitute(name, function)
        return self._done()

    def _program(self) -> Program:
        if self.program is None:
            raise RuntimeError("nothing is loaded")
        return self.program

    def _done(self) -> dict[str, Any]:
        return {"status": "ok", "value": None, "notes": list(self.program.notes) if self.program else []}

    def _build(self, tag: str, parts: list[Any]) -> Any:
        """Return the object for a tagged value: a function that calls back, a NumPy function, a tensor or a model."""
        if tag == "f":
            return self._callback(*parts)
        if tag == numpy_functions.TAG:
            return numpy_functions.by_name(*parts)
        if tag == tagged_values.TAG:
            return tagged_values.from_parts(*parts)
        from .model_codec import make_model, tensor

        return tensor(parts[0]) if tag == "t" else make_model(parts[0])

    def _callback(self, handle: int, name: str) -> Callable[..., Any]:
        """Return a function that calls a function of the trusted side."""

        def call(*args: Any, **kwargs: Any) -> Any:
            request = {
                "status": "callback",
                "id": handle,
                "args": tuple(self._argument(argument) for argument in args),
                "kwargs": {key: self._argument(argument) for key, argument in kwargs.items()},
            }
            with self.callback_lock:
                self.channel.send(request)
                answer = self.channel.receive()
                while "op" in answer:  # the other side may call a function that it received
                    self._reply(answer)
                    answer = self.channel.receive()
            if answer["error"]:
                raise CallbackFailed(answer["error"])
            return answer["value"]

        call.__name__ = call.__qualname__ = name
        self.caller_functions[id(call)] = (handle, call)
        return call

    def _argument(self, value: Any) -> Any:
        """Return what to send for an argument of a callback: functions are sent as handles."""
        if id(value) in self.caller_functions:
            return Tagged("f", (self.caller_functions[id(value)][0],))
        if name := numpy_functions.name_of(value):
            return Tagged(numpy_functions.TAG, (name,))
        if callable(value) and not hasattr(type(value), "__array__"):
            self.functions.append(value)
            return Tagged("s", (len(self.functions) - 1,))
        return self.values.plain(value)

    def do_apply(self, function: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Call a student's function that was an argument of a callback."""
        return {"status": "ok", "value": self.values.plain(self.functions[function](*args, **kwargs))}


def bad_value_reply(problem: NotAValue) -> dict[str, Any]:
    """Return the reply for a result that can't be sent."""
    return {"status": "bad_value", "message": str(problem)[:MAX_MESSAGE]}


def exception_reply(problem: BaseException) -> dict[str, Any]:
    """Return the reply for an exception of student code. The student may define its type and its `__str__`."""
    kind = type_name(problem)
    if kind == "ResourceExhaustedError":  # TensorFlow's MemoryError
        return {"status": "out_of_memory", "message": "ran out of memory"}
    try:
        message = str(problem).strip().partition("\n")[0]  # libraries append pages of advice
    except BaseException as worse:
        message = f"(its message can't be shown: __str__ raised {type_name(worse)})"
    message = (message[:MAX_MESSAGE] + sandbox_hint(problem)).encode(errors="backslashreplace").decode()
    unknown = problem.name if type(problem) is NameError and type(problem.name) is str else ""
    return {
        "status": "error",
        "type": kind,
        "message": message[:MAX_MESSAGE],
        "where": location(problem),
        "unknown": unknown[:MAX_MESSAGE],
    }


def is_stub(problem: NotImplementedError) -> bool:
    """Return whether the submission itself raised the exception, as an unwritten stub does, and not a library."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and bool(STUDENT_FILE.match(trace.tb_frame.f_code.co_filename))


def sandbox_hint(problem: BaseException) -> str:
    """Return an explanation of an exception that limits of the sandbox cause; "" for any other one."""
    reasons = {
        errno.EPERM: "the sandbox allows no other processes, no network, and no change of modes and owners",
        errno.EACCES: "the sandbox allows no other processes, no network, and no files but yours",
        errno.EROFS: "only the current folder and /tmp can be written to",
        errno.ENOSPC: f"the disk limit is {limits.TMP_BYTES >> 20} MB and {limits.MAX_FILES} files",
        errno.EFBIG: f"a file may have at most {limits.MAX_FILE_BYTES >> 20} MB",
        errno.EMFILE: f"at most {limits.MAX_OPEN_FILES} files may be open",
    }
    if type(problem) is RuntimeError and "can't start new thread" in problem.args:
        return f" (at most {limits.MAX_PROCESSES} threads may run)"
    message = reasons.get(problem.errno or 0) if isinstance(problem, OSError) else None
    return f" ({message})" if message else ""


def location(problem: BaseException) -> str:
    """Return the innermost line of the submission that an exception passed through, for example
    "cell 7, line 3: return a @ b"; "" if there is none.
    """
    try:
        frames = traceback.extract_tb(problem.__traceback__)
    except BaseException:  # a hostile __traceback__
        return ""
    for frame in reversed(frames):
        if STUDENT_FILE.match(frame.filename) and frame.line:
            return f"{frame.filename[1:-1]}, line {frame.lineno}: {frame.line}"[:MAX_WHERE]
    return ""


def seed_everything(seed: int) -> None:
    """Seed the global generators of the standard library and NumPy. Keras draws its seeds from these."""
    import random

    random.seed(seed)
    np.random.seed(seed % 2**32)
