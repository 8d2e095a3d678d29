"""The canonical report as JSON.

A report whose score is the grade has version 1 of the schema. Where a policy or a person changed what counts, it has
`grade` and version 2, so that no reader takes `score` for the grade.

When a submission is graded again, only its measurements differ: `seconds`, `load_seconds` and `peak_memory_bytes`, on a
line each, and `time_use`, on several lines.
"""

from __future__ import annotations

from typing import Any

import msgspec

from grader._util.escaping import escape_surrogates
from grader.models import ScoreReport

POINTS = frozenset({"score", "max_score", "points", "max_points", "auto", "adjustments", "penalty", "final"})
WITHOUT_GRADE, WITH_GRADE = 1, 2  # versions of the schema


def as_fields(report: ScoreReport) -> dict[str, Any]:
    """Return the fields of the JSON, `schema` first: readers need it to read the rest."""
    fields: dict[str, Any] = msgspec.to_builtins(report)
    del fields["schema"]
    if report.grade is None:
        del fields["grade"]
    return {"schema": WITH_GRADE if report.grade else WITHOUT_GRADE, **fields}


def render(report: ScoreReport) -> bytes:
    """Return a report as indented JSON in UTF-8. Points have two decimals."""
    fields = {**as_fields(report), "seconds": round(report.seconds, 3)}
    return msgspec.json.format(msgspec.json.encode(escape_surrogates(_rounded(fields))), indent=2) + b"\n"


def _rounded(value: Any) -> Any:
    """Return a value with its points rounded to two decimals: 0.3, not 0.30000000000000004."""
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: round(float(item), 2) if key in POINTS else _rounded(item) for key, item in value.items()}
    return value
