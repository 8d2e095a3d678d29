"""Reporters: a report, or the reports of a class, written down in a format.

A reporter is a function. A new format is one file with one function, and one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from grader.model import ScoreReport
from grader.reporters import as_csv, as_json, as_markdown

# Ending of a student's file -> what makes it.
PER_STUDENT: dict[str, Callable[[ScoreReport], bytes]] = {
    ".json": as_json.render,
    ".md": as_markdown.render,
}

# Name of the class's file -> what makes it.
PER_CLASS: dict[str, Callable[[Iterable[ScoreReport]], bytes]] = {
    "scores.csv": as_csv.render,
}
