"""Write a report as JSON, Markdown, CSV or HTML pages.

A reporter is a function. A new format is one file with one function, and one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from grader.models import ScoreReport
from grader.reports import csv as as_csv
from grader.reports import json as as_json
from grader.reports import markdown

# Ending of a student's file -> what makes it.
PER_STUDENT: dict[str, Callable[[ScoreReport], bytes]] = {
    ".json": as_json.render,
    ".md": markdown.render,
}

# Name of the class's file -> what makes it.
PER_CLASS: dict[str, Callable[[Iterable[ScoreReport]], bytes]] = {
    "scores.csv": as_csv.render,
}
