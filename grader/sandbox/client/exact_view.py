"""View of a submission whose values keep their types: `student.exact` in a hidden case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class ExactStudent(Protocol):
    """What an ExactView asks: a submission, or a Recorder of its calls."""

    def answer_exactly(self, op: str, request: dict[str, Any]) -> Any:
        """Return the value of an answer in which values keep their types."""
        ...


class ExactView:
    """A submission whose values keep their types: a table, a set, a NumPy number or a date crosses as itself.

    :param student: the submission, or what stands for it in front of a case
    """

    def __init__(self, student: ExactStudent) -> None:
        self._student = student

    @property
    def exact(self) -> ExactView:
        """Return this view."""
        return self

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._student.answer_exactly(
            "call", {"name": name, "args": args, "kwargs": kwargs, "echo": False}
        )

    def get(self, name: str) -> Any:
        """Return a value that the submission binds at its top level. Raises StudentError."""
        return self._student.answer_exactly("get", {"name": name})

    def observe(self, name: str, code: str, uses: Sequence[str]) -> Any:
        """Return what `code` passes to `observe`, one tuple a call. Raises StudentError.

        The code runs in the submission's process, which could forge every value: compare the values in the case.

        :param name: the question, for messages
        :param uses: names of the submission that the code reads
        """
        return self._student.answer_exactly("observe", {"name": name, "code": code, "uses": list(uses)})
