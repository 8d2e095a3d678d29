"""Decodes messages of a worker strictly, and turns its failures into sentences for the student.

The worker is untrusted: the submission itself may be sending. A message of any other form is a WireError, which ends
the worker and costs the submission its answer. Texts and lists of notes over their limits are cut here. An honest
worker cuts its texts as well.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from grader._util.escaping import one_line, quote_text
from grader.models import Status
from grader.notebooks.cells import module_block
from grader.notebooks.limits import MAX_NOTE, MAX_NOTES
from grader.sandbox.limits import MAX_MESSAGE, MAX_NAME, MAX_WHERE
from grader.sandbox.protocol.frames import WireError

STATUS_BY_FAILURE = {
    "missing": Status.MISSING,
    "broken": Status.ERROR,  # defined, but its definition failed
    "bad_value": Status.BAD_VALUE,
    "out_of_memory": Status.OUT_OF_MEMORY,
    "error": Status.ERROR,
    "unreadable": Status.ERROR,  # the whole submission
}

# Texts of the guest that are shown as they are. Any other text of a worker is quoted.
KNOWN_REASONS = frozenset({"isn't defined anywhere", "is still to be written", "is None: it is still to be written"})
BROKEN_PREFIX = "isn't there: "

_PLACE = re.compile(r"(cell \d{1,6}|), line (\d{1,7}): (.*)", re.DOTALL)


class Answer(msgspec.Struct):
    """The answer to a request. `value` and `arguments` may be any value that the protocol carries."""

    id: int  # of the request that is answered
    value: Any = None
    arguments: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.notes = tuple(one_line(note[: 2 * MAX_NOTE], MAX_NOTE) for note in self.notes[:MAX_NOTES])


class Failure(msgspec.Struct):
    """The report that there is no answer. All of its texts are claims of the worker."""

    id: int
    status: str
    message: str = ""
    type: str = ""  # of the exception
    where: str = ""  # where it was raised: "cell 7, line 3: return a @ b"
    unknown: str = ""  # the name that a NameError reports

    def __post_init__(self) -> None:
        self.message = self.message[:MAX_MESSAGE]
        self.type = self.type[:MAX_NAME]
        self.where = self.where[:MAX_WHERE]
        self.unknown = self.unknown if len(self.unknown) <= MAX_NAME and self.unknown.isidentifier() else ""

    @property
    def cause(self) -> str:
        """Return the exception with its message, or the kind of object that is no value, without the place."""
        if self.status == "error":
            return f"{self.type}: {self.message}"
        return self.message if self.status == "bad_value" else ""


class Callback(msgspec.Struct):
    """The request to call a function that was passed to the worker."""

    id: int  # handle of the function
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


Reply = Answer | Failure
MESSAGE_TYPES: dict[str, type[Answer | Failure | Callback]] = {
    "ok": Answer,
    "callback": Callback,
    **dict.fromkeys(STATUS_BY_FAILURE, Failure),
}


def decode_reply(message: Any) -> Reply | Callback:
    """Return a worker's message as an object. Raises WireError for any other form, in unused fields too."""
    status = message.get("status") if type(message) is dict else None
    kind = MESSAGE_TYPES.get(status) if type(status) is str else None
    if kind is None:
        raise WireError("a message of an unknown kind")
    try:
        return msgspec.convert(message, kind)
    except msgspec.ValidationError:  # its text may hold keys that the worker chose
        raise WireError(f"a message of the kind {status} with fields of the wrong types") from None


def failure_message(failure: Failure, name: str, verb: str, file: str, memory_mb: int) -> str:
    """Return a failure as a sentence for the student, with the worker's words in quotation marks.

    :param name: what was requested
    :param verb: what the request did with a value: "returned" or "is"
    :param file: name of the submission's file
    """
    subject = name if " " in name else f"`{name}`"
    if failure.status in ("missing", "broken"):
        if failure.message in KNOWN_REASONS:
            return f"{subject} {failure.message}"
        return f"{subject} isn't there: {quote_text(failure.message.removeprefix(BROKEN_PREFIX), MAX_MESSAGE)}"
    if failure.status == "bad_value":
        return f"{subject} {verb} {quote_text(failure.message, MAX_MESSAGE)}, which can't be compared"
    if failure.status == "out_of_memory":
        return f"{subject} needed more than {memory_mb} MB of memory"
    at = _place(failure.where, file)
    if not failure.type.isidentifier():  # a type may have any text as its name
        return f"{subject} raised an exception: {quote_text(failure.cause, MAX_MESSAGE)}{at}"
    message = f": {quote_text(failure.message, MAX_MESSAGE)}" if failure.message else ""
    return f"{subject} raised {failure.type}{message}{at}"


def _place(where: str, file: str) -> str:
    """Return the place in the submission, in brackets; "" if the text isn't one."""
    own = module_block("", file).file[1:-1]
    found = _PLACE.fullmatch(where.removeprefix(own))
    return f" ({found[1] or own}, line {found[2]}: {quote_text(found[3], MAX_WHERE)})" if found else ""
