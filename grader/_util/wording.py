"""Wording that all pages, tables and messages share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.models import ScoreReport, TimeUse

WORD = re.compile(r"[^\W\d_](?:[^\W\d]|['-](?=\w))*")

SANDBOX_NOTE_PREFIX = "Said by the submission's own process while it was loaded, and not checked:"
BUSY_LOAD = 1.5  # processes for each core, above which more wait than run
UNCONFIRMED_NOTE = (
    "Time ran out on a busy machine, and too many other submissions wait to have that confirmed. "
    "Grade again when the machine is less busy."
)
STARVED = "the machine had too little memory, or no room for more threads; needs manual review"
LATE_NOTE = "It was handed in late. No penalty applied."


def format_number(value: float) -> str:
    """Return points with up to 2 decimals: 8, 2.5, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def format_change(value: float) -> str:
    """Return a change of points: + 1, - 0.5."""
    return f"{'-' if value < 0 else '+'} {format_number(abs(value))}"


def format_points(value: float) -> str:
    """Return points with their unit: 1 point, 2.5 points."""
    return f"{format_number(value)} point" if format_number(value) == "1" else f"{format_number(value)} points"


def format_score(report: ScoreReport) -> str:
    """Return the points that count and their maximum, such as 8 / 13; without any, "rejected"."""
    return (
        report.final_status
        if report.final_status != "graded"
        else f"{format_number(report.final)} / {format_number(report.final_max)}"
    )


def was_busy(use: TimeUse) -> bool:
    """Return whether other processes used the cores when something timed out, by the load or by time withheld."""
    return use.load > BUSY_LOAD or use.wall > BUSY_LOAD * max(use.used, use.limit)


def timeout_reason(use: TimeUse) -> str:
    """Return why a case timed out, for an instructor: the time that it had, and how busy the machine was."""
    busy = "the machine was busy" if was_busy(use) else "the machine was not busy"
    return (
        f"{use.used:.2f} s of {use.limit:g} s were used: {use.processor:.2f} s on the processor, {use.wall:.2f} s on "
        f"the clock; {busy} ({use.load:.1f} processes for each core)"
    )


def join_with_and(items: Sequence[str]) -> str:
    """Return the items as a list in a sentence: a; a and b; a, b and c."""
    return " and ".join([part for part in (", ".join(items[:-1]), *items[-1:]) if part])


def count_words(text: str) -> int:
    """Return the number of words in a text, without numbers and signs."""
    return len(WORD.findall(text))


def limit_words(text: str, limit: int) -> str:
    """Return a text of at most `limit` words; a truncated one ends with an ellipsis."""
    found = list(WORD.finditer(text))
    return text if len(found) <= limit else f"{text[: found[limit].start()].rstrip()} …"


def format_megabytes(size: float) -> str:
    """Return a size in bytes as megabytes with up to one decimal: 32 MB, 1.5 MB."""
    return f"{size / 2**20:.1f}".removesuffix(".0") + " MB"
