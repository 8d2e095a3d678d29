"""The canonical report as JSON. `seconds` is all that differs when the same submission is graded again."""

from __future__ import annotations

from typing import Any

import msgspec

from grader._util.escaping import escape_surrogates
from grader.models import ScoreReport

POINTS = frozenset({"score", "max_score", "points", "max_points"})


def render(report: ScoreReport) -> bytes:
    fields: dict[str, Any] = msgspec.to_builtins(report)
    # The version comes first, so that a reader knows what follows.
    ordered = {"schema": fields.pop("schema"), **fields, "seconds": round(report.seconds, 3)}
    return msgspec.json.format(msgspec.json.encode(escape_surrogates(_rounded(ordered))), indent=2) + b"\n"


def _rounded(value: Any) -> Any:
    """Points with two decimals: no 0.30000000000000004."""
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: round(float(item), 2) if key in POINTS else _rounded(item) for key, item in value.items()}
    return value
