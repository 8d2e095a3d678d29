"""Grades a submission as PrairieLearn's external grader: /grade/student -> /grade/results/results.json.

What can't be read isn't gradable, which costs no attempt; so is a submission on which the grader itself fails.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader._util.atomic_files import write_atomically
from grader._util.escaping import escape_surrogates
from grader._util.wording import format_number
from grader.delivery.one_submission import LEVEL, GradedHere, Identity, grade_here, open_bundle, read_folder
from grader.delivery.prepare import make_private
from grader.errors import GraderError
from grader.exports.gradescope import gradescope_results
from grader.models import ScoreReport
from grader.reports.feedback import feedback

ROOT = Path("/grade")
MAX_RESULT_BYTES = 900_000  # PrairieLearn reads a megabyte
OUTPUT_LIMITS = (20_000, 2_000, 200, 0)  # characters of each test's output, until the result is small enough


def main() -> int:
    """Grade, and write the results. Return the exit code."""
    root = Path(sys.argv[1]) if sys.argv[1:] else ROOT
    results = root / "results"
    results.mkdir(exist_ok=True)
    try:
        (root / "data").chmod(0o700)
        assignment, settings = open_bundle(root / "tests")
        make_private(root / "tests", assignment)
        submission = read_folder(root / "student", assignment, Identity())
        content = question_results(grade_here(assignment, submission, settings.minutes))
    except (GraderError, OSError) as problem:
        content = not_gradable(
            ["The grader itself failed. This costs no attempt: submit again, or tell your instructor."]
        )
        print(f"No result, and no attempt lost: {problem}")
    write_atomically(results / "results.json", content)
    return 0


def question_results(graded: GradedHere) -> bytes:
    """Return results.json, below PrairieLearn's limit of size."""
    report = graded.report
    if report.status == "rejected":
        return not_gradable(report.notes)
    results = _results(report, graded.remarks)
    tests = results["tests"]
    for limit in OUTPUT_LIMITS:
        shorter = [{**test, "output": test["output"][:limit]} for test in tests]
        content = _encoded({**results, "tests": shorter})
        if len(content) <= MAX_RESULT_BYTES:
            return content
    return _encoded({**results, "tests": []})


def not_gradable(reasons: Sequence[str]) -> bytes:
    """Return results.json of a submission that can't be graded, with the reasons."""
    return _encoded({"gradable": False, "format_errors": list(reasons)})


def _results(report: ScoreReport, remarks: Sequence[str]) -> dict[str, Any]:
    level = f"Graded at the sandbox level {LEVEL}. {feedback(report).protections}"
    said = gradescope_results(report, further=[*remarks, level])
    score = min(1.0, report.score / report.max_score) if report.max_score > 0 else 0.0
    points = f"{format_number(report.score)} of {format_number(report.max_score)} points"
    return {
        "gradable": True,
        "score": score,
        "message": points,
        "output": said["output"],
        "tests": [
            {
                "name": test["name"],
                "points": test["score"],
                "max_points": test["max_score"],
                "output": test["output"],
            }
            for test in said["tests"]
        ],
    }


def _encoded(results: dict[str, Any]) -> bytes:
    return msgspec.json.encode(escape_surrogates(results))


if __name__ == "__main__":
    sys.exit(main())
