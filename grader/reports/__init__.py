"""Renderers of reports: JSON, Markdown, CSV, HTML.

Each format is a module with a function `render`. A new format needs such a module, and an entry in a table below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from grader.models import ScoreReport
from grader.reports import csv as as_csv
from grader.reports import json as as_json
from grader.reports import markdown

# Suffix of a student's file -> renderer.
PER_STUDENT: dict[str, Callable[[ScoreReport], bytes]] = {
    ".json": as_json.render,
    ".md": markdown.render,
}

# Name of a file about the class -> renderer.
PER_CLASS: dict[str, Callable[[Iterable[ScoreReport]], bytes]] = {
    "scores.csv": as_csv.render,
}
