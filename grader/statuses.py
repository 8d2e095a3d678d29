"""Table of what each status means: text, severity, colour."""

from __future__ import annotations

from typing import NamedTuple

from grader.models import Status


class StatusRow(NamedTuple):
    """Wording, rank and presentation of a status."""

    text: str
    severity: int  # a question has the most severe status of its cases
    tone: str = "wait"  # style of its mark on a page: right, wrong, or wait if nothing was judged
    colour: str = "yellow"  # in a terminal
    junit: str = "error"  # element in a JUnit file; empty for a passed case
    shows_call: bool = False  # reports show the call that was running
    is_answer: bool = False  # there is an answer or an exception, which a known mistake may explain
    needs_review: bool = False


STATUSES: dict[Status, StatusRow] = {
    Status.PASSED: StatusRow("right", 0, tone="right", colour="green", junit="", is_answer=True),
    Status.SKIPPED: StatusRow("not counted", 1, junit="skipped", is_answer=True),
    Status.FAILED: StatusRow("wrong", 2, tone="wrong", colour="red", junit="failure", is_answer=True),
    Status.BAD_VALUE: StatusRow("returned something that isn't a value", 3, is_answer=True),
    Status.ERROR: StatusRow("stopped with an error", 4, is_answer=True),
    Status.MISSING: StatusRow("not there yet", 5),
    Status.TIMEOUT: StatusRow("ran out of time", 6, shows_call=True),
    Status.OUT_OF_MEMORY: StatusRow("ran out of memory", 7, shows_call=True),
    Status.CRASHED: StatusRow("ended the Python process", 8, shows_call=True),
    Status.INTERNAL: StatusRow("grader error; needs manual review", 9, colour="magenta", needs_review=True),
}

if (_wrong := set(Status) ^ set(STATUSES)) or len({row.severity for row in STATUSES.values()}) < len(STATUSES):
    raise AssertionError(f"each status needs a row with a severity of its own: {sorted(_wrong)}")

STATUS_TEXT: dict[Status, str] = {status: row.text for status, row in STATUSES.items()}


def severity(status: Status) -> int:
    """Return the rank of a status: the higher, the worse."""
    return STATUSES[status].severity
