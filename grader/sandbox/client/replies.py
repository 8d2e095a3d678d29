"""What a worker may send, decoded strictly, and how a failure that it reports is put into words.

The worker is untrusted: it may be the submission that speaks. A message of another form is a WireError, which ends
the worker and costs the submission its answer. A text or a list of notes over its limit is cut here: the worker cuts
its texts as well, but that can be forged.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from grader._util.escaping import one_line, quoted
from grader.models import Status
from grader.notebooks.cells import module_block
from grader.notebooks.limits import MAX_NOTE, MAX_NOTES
from grader.sandbox.limits import MAX_MESSAGE, MAX_NAME, MAX_WHERE
from grader.sandbox.protocol.frames import WireError

STATUS_BY_FAILURE = {
    "missing": Status.MISSING,
    "broken": Status.ERROR,  # it is defined, but that failed
    "bad_value": Status.BAD_VALUE,
    "out_of_memory": Status.OUT_OF_MEMORY,
    "error": Status.ERROR,
    "unreadable": Status.ERROR,  # the submission as a whole
}

# What a worker says of a name in words that it shares with us. Whatever else it says is quoted.
KNOWN_REASONS = frozenset({"isn't defined anywhere", "is still to be written", "is None: it is still to be written"})
BROKEN_PREFIX = "isn't there: "

_PLACE = re.compile(r"(cell \d{1,6}|), line (\d{1,7}): (.*)", re.DOTALL)


class Answer(msgspec.Struct):
    """The answer to a request. `value` and `arguments` may be anything that crosses the wall."""

    id: int  # of the request
    value: Any = None
    arguments: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.notes = tuple(one_line(note[: 2 * MAX_NOTE], MAX_NOTE) for note in self.notes[:MAX_NOTES])


class Failure(msgspec.Struct):
    """The report that there is no answer. All of its texts are the worker's claim."""

    id: int
    status: str
    message: str = ""
    type: str = ""  # of the exception
    where: str = ""  # the place that raised it, and the code there: "cell 7, line 3: return a @ b"
    unknown: str = ""  # the name that a NameError is about

    def __post_init__(self) -> None:
        self.message = self.message[:MAX_MESSAGE]
        self.type = self.type[:MAX_NAME]
        self.where = self.where[:MAX_WHERE]
        self.unknown = self.unknown if len(self.unknown) <= MAX_NAME and self.unknown.isidentifier() else ""

    @property
    def cause(self) -> str:
        """The exception and its message, or the kind of object that is no value: without where."""
        if self.status == "error":
            return f"{self.type}: {self.message}"
        return self.message if self.status == "bad_value" else ""


class Callback(msgspec.Struct):
    """The request to call a function that the worker was given."""

    id: int  # the handle of the function
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


Reply = Answer | Failure
MESSAGE_TYPES: dict[str, type[Answer | Failure | Callback]] = {
    "ok": Answer,
    "callback": Callback,
    **dict.fromkeys(STATUS_BY_FAILURE, Failure),
}


def decode_reply(message: Any) -> Reply | Callback:
    """Return a worker's message. Raises WireError for every other form, also in fields that nobody would read."""
    status = message.get("status") if type(message) is dict else None
    kind = MESSAGE_TYPES.get(status) if type(status) is str else None
    if kind is None:
        raise WireError("a message of an unknown kind")
    try:
        return msgspec.convert(message, kind)
    except msgspec.ValidationError:  # its text names the field and may hold keys that the worker chose
        raise WireError(f"a message of the kind {status} with fields of the wrong types") from None


def failure_message(failure: Failure, name: str, verb: str, file: str, memory_mb: int) -> str:
    """Return the failure as a sentence for the student, in which the worker's words stand in quotation marks.

    `name` is what was asked for, `verb` what came of it ("returned", "is"), `file` the name of the submission's file.
    """
    subject = name if " " in name else f"`{name}`"
    if failure.status in ("missing", "broken"):
        if failure.message in KNOWN_REASONS:
            return f"{subject} {failure.message}"
        return f"{subject} isn't there: {quoted(failure.message.removeprefix(BROKEN_PREFIX), MAX_MESSAGE)}"
    if failure.status == "bad_value":
        return f"{subject} {verb} {quoted(failure.message, MAX_MESSAGE)}, which can't be compared"
    if failure.status == "out_of_memory":
        return f"{subject} needed more than {memory_mb} MB of memory"
    at = _place(failure.where, file)
    if not failure.type.isidentifier():  # a type may have any text as its name
        return f"{subject} raised an exception: {quoted(failure.cause, MAX_MESSAGE)}{at}"
    message = f": {quoted(failure.message, MAX_MESSAGE)}" if failure.message else ""
    return f"{subject} raised {failure.type}{message}{at}"


def _place(where: str, file: str) -> str:
    """Return the place in the submission, in brackets; nothing when what came as one isn't one."""
    own = module_block("", file).file[1:-1]
    found = _PLACE.fullmatch(where.removeprefix(own))
    return f" ({found[1] or own}, line {found[2]}: {quoted(found[3], MAX_WHERE)})" if found else ""
