"""For cases that want an exception: what the student's function raised can be caught here under its own name.

squares = raising(student.squares)
with pytest.raises(ValueError):
    squares(-1)
"""

from __future__ import annotations

import builtins
import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from grader.checks import fail
from grader.model import Status
from grader.student import StudentError


def raising(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function. An exception of Python's own is a StudentError still, and so counts as the student's when
    nobody catches it."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except StudentError as problem:
            kind = getattr(builtins, problem.cause.partition(":")[0], None)
            if problem.status is not Status.ERROR or not isinstance(kind, type) or not issubclass(kind, Exception):
                raise
            try:
                both = _both(kind.__name__)(problem.status, problem.message, problem.cause)
            except TypeError:  # an ExceptionGroup can't be made without the exceptions in it
                raise problem from None
            raise both from None

    return call


@contextlib.contextmanager
def judging() -> Iterator[None]:
    """For tests taken over from other tools, which are known to work on right answers: what one raises on another
    answer counts against that answer, as it did there."""
    try:
        yield
    except (AssertionError, StudentError):
        raise
    except Exception as problem:
        fail(f"What came can't be tested: {type(problem).__name__}.")


@functools.cache
def _both(name: str) -> type[StudentError]:
    def without_arguments(self: StudentError, status: Status, message: str, cause: str) -> None:
        """Set what a StudentError has: a UnicodeDecodeError's own __init__ wants five arguments."""
        self.status, self.message, self.cause = status, message, cause

    bases: tuple[Any, ...] = (StudentError, getattr(builtins, name))
    return type(name, bases, {"__init__": without_arguments, "__str__": lambda self: self.message})
