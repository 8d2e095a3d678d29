"""JSON export for programs: each row of the roster with the complete report, and the reports without a row."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from grader._util.escaping import escape_surrogates
from grader.exports.roster_match import MatchedGrades
from grader.reports import json as as_json

SCHEMA = 1


def render(matched: MatchedGrades) -> bytes:
    """Return JSON with `students` (rows of the roster, or all students without one) and `unmatched` reports."""
    rows: dict[str, list[dict[str, str] | None]] = defaultdict(list)
    if matched.table:
        for row, grade in matched.pairs:
            if grade:  # the report of a group has several rows
                rows[grade.student].append(dict(zip(matched.table.header, row.cells, strict=True)))
    students: list[dict[str, object]] = []
    unmatched: list[msgspec.Raw] = []
    for report in matched.reports():
        encoded = msgspec.Raw(as_json.render(report))
        if report.student in rows or not matched.table:
            students += [{"roster": row, "report": encoded} for row in rows.get(report.student) or [None]]
        else:
            unmatched.append(encoded)
    if matched.table:
        for row, grade in matched.pairs:
            if not grade:
                cells = dict(zip(matched.table.header, row.cells, strict=True))
                students.append({"roster": cells, "report": None})
    content = {"schema": SCHEMA, "assignment": matched.assignment, "students": students, "unmatched": unmatched}
    return msgspec.json.format(msgspec.json.encode(_plain(content)), indent=2) + b"\n"


def _plain(value: object) -> object:
    """Escape lone surrogates, which JSON can't hold; raw JSON has none."""
    if isinstance(value, msgspec.Raw):
        return value
    if isinstance(value, dict):
        return {escape_surrogates(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else escape_surrogates(value)
