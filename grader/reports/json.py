"""The canonical report as JSON.

When a submission is graded again, only its measurements differ: `seconds`, `load_seconds` and `peak_memory_bytes`, on a
line each, and `time_use`, on several lines.
"""

from __future__ import annotations

from typing import Any

import msgspec

from grader._util.escaping import escape_surrogates
from grader.models import ScoreReport

POINTS = frozenset({"score", "max_score", "points", "max_points"})


def render(report: ScoreReport) -> bytes:
    """Return a report as indented JSON in UTF-8, `schema` first. Points have two decimals."""
    fields: dict[str, Any] = msgspec.to_builtins(report)
    # The version of the schema comes first: readers need it to read the rest.
    ordered = {"schema": fields.pop("schema"), **fields, "seconds": round(report.seconds, 3)}
    return msgspec.json.format(msgspec.json.encode(escape_surrogates(_rounded(ordered))), indent=2) + b"\n"


def _rounded(value: Any) -> Any:
    """Return a value with its points rounded to two decimals: 0.3, not 0.30000000000000004."""
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: round(float(item), 2) if key in POINTS else _rounded(item) for key, item in value.items()}
    return value
