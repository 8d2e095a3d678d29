"""For cases that want an exception: what the student's function raised can be caught here under its own name.

squares = raising(student.squares)
with pytest.raises(ValueError):
    squares(-1)
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from typing import Any

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


@functools.cache
def _both(name: str) -> type[StudentError]:
    bases: tuple[Any, ...] = (StudentError, getattr(builtins, name))
    return type(name, bases, {})
