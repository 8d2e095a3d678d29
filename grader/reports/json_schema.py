"""JSON Schema of the report, for programs that read it: `python -m grader.reports.json_schema` prints it.

docs/report.schema.json is the published copy.
"""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from grader.models import ScoreReport
from grader.reports.json import WITH_GRADE, WITHOUT_GRADE

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "Report of one submission"
VERSIONS = (
    "1: `score` is the grade. 2: `grade` says what a policy and people made of it, and `grade.final` is the grade."
)


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of both versions of a report."""
    (_, components) = msgspec.json.schema_components([ScoreReport], ref_template="#/$defs/{name}")
    report = components.pop("ScoreReport")
    properties = report["properties"]
    properties["schema"] = {"enum": [WITHOUT_GRADE, WITH_GRADE], "description": VERSIONS}
    properties["grade"] = {"$ref": "#/$defs/ReportGrade"}
    report["required"] = ["schema", *report["required"]]
    has_grade = {"properties": {"schema": {"const": WITH_GRADE}}}
    grade = {"if": has_grade, "then": {"required": ["grade"]}, "else": {"not": {"required": ["grade"]}}}
    return {"$schema": DIALECT, **report, "title": TITLE, **grade, "$defs": components}


def render() -> bytes:
    """Return the JSON Schema as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report_schema()), indent=2) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(render())
