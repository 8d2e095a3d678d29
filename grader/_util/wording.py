"""Words for people, so that every page and table says the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.models import ScoreReport

WORD = re.compile(r"[^\W\d_](?:[^\W\d]|['-](?=\w))*")

SANDBOX_NOTE_PREFIX = "Said by the submission's own process while it was loaded, and not checked:"
LATE_NOTE = "It was handed in late. The score doesn't count that."


def format_number(value: float) -> str:
    """Points as people write them: 8, 2.5, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def format_points(value: float) -> str:
    return f"{format_number(value)} point" if format_number(value) == "1" else f"{format_number(value)} points"


def format_score(report: ScoreReport) -> str:
    return (
        "rejected"
        if report.status == "rejected"
        else f"{format_number(report.score)} / {format_number(report.max_score)}"
    )


def join_with_and(items: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join([part for part in (", ".join(items[:-1]), *items[-1:]) if part])


def count_words(text: str) -> int:
    """How many plain words a text has: numbers and signs are none."""
    return len(WORD.findall(text))


def limit_words(text: str, most: int) -> str:
    """A text of no more than so many words."""
    found = list(WORD.finditer(text))
    return text if len(found) <= most else f"{text[: found[most].start()].rstrip()} …"


def format_megabytes(size: float) -> str:
    return f"{size / 2**20:.1f}".removesuffix(".0") + " MB"
