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
            if problem.status is Status.ERROR and isinstance(kind, type) and issubclass(kind, Exception):
                raise _both(kind.__name__)(problem.status, problem.message, problem.cause) from None
            raise

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
    bases: tuple[Any, ...] = (StudentError, getattr(builtins, name))
    return type(name, bases, {})
