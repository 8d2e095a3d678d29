"""All of it for a program: each row of the roster with the student's whole report, and the reports without a row."""

from __future__ import annotations

import msgspec

from grader._util.escaping import escape_surrogates
from grader.exports.roster_match import MatchedGrades
from grader.reports import json as as_json

SCHEMA = 1


def render(marks: MatchedGrades) -> bytes:
    """`students` are those of the roster, or everybody without one; `unmatched` has those who stand in no row."""
    rows: dict[str, dict[str, str]] = {}
    if marks.table:
        rows = {
            grade.student: dict(zip(marks.table.header, person.cells, strict=True))
            for person, grade in marks.pairs
            if grade
        }
    students: list[dict[str, object]] = []
    unmatched: list[msgspec.Raw] = []
    for report in marks.reports():
        whole = msgspec.Raw(as_json.render(report))
        if report.student in rows or not marks.table:
            students.append({"roster": rows.get(report.student), "report": whole})
        else:
            unmatched.append(whole)
    if marks.table:
        for person, grade in marks.pairs:
            if not grade:
                cells = dict(zip(marks.table.header, person.cells, strict=True))
                students.append({"roster": cells, "report": None})
    content = {"schema": SCHEMA, "assignment": marks.assignment, "students": students, "unmatched": unmatched}
    return msgspec.json.format(msgspec.json.encode(_plain(content)), indent=2) + b"\n"


def _plain(value: object) -> object:
    """With lone surrogates escaped; what is JSON already has none."""
    if isinstance(value, msgspec.Raw):
        return value
    if isinstance(value, dict):
        return {escape_surrogates(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else escape_surrogates(value)
