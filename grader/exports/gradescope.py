"""results.json, as an autograder of Gradescope leaves it behind.

https://gradescope-autograders.readthedocs.io/en/latest/specs/ tells of `score` and `tests`; each test with score,
max_score, status (passed or failed), name, name_format, output, output_format and visibility, whose values are
hidden, after_due_date, after_published and visible. A test is a hidden case: what it says is what the student's
report says, so it is visible.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from grader._util.escaping import escape_surrogates, plain, quote_text
from grader._util.wording import LATE_NOTE, SANDBOX_NOTE_PREFIX, join_with_and
from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from grader.statuses import STATUS_TEXT

FILE = "results.json"
MAX_OUTPUT = 20_000  # characters that concern the whole submission


def render(report: ScoreReport) -> bytes:
    tests = [_test(question, case) for question in report.questions for case in question.cases]
    results: dict[str, Any] = {
        "score": round(report.score, 2),
        "execution_time": round(report.seconds, 3),
        "output": plain("\n".join(_words(report)), MAX_OUTPUT),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }
    return msgspec.json.format(msgspec.json.encode(escape_surrogates(results)), indent=2) + b"\n"


def _words(report: ScoreReport) -> Iterator[str]:
    """What concerns the whole submission, and the hint of each question, for a test can't carry it."""
    if report.late:
        yield LATE_NOTE
    yield from report.notes
    for note in report.sandbox_notes:
        yield f"{SANDBOX_NOTE_PREFIX} {quote_text(note)}"
    for question in report.questions:
        if question.diagnosis:
            yield f"{question.name}: {question.diagnosis.hint}"
        if question.lent:
            yield f"{question.name}: graded with a correct {join_with_and(question.lent)}"


def _test(question: QuestionResult, case: CaseResult) -> dict[str, object]:
    called = f"It was called with {case.called}." if case.called else ""
    said = [] if case.status is Status.PASSED else [STATUS_TEXT[case.status], case.message, called]
    return {
        "name": plain(f"{question.name}: {case.title}"),
        "name_format": "text",
        "score": round(case.points, 2),
        "max_score": round(case.max_points, 2),
        "status": "passed" if case.status is Status.PASSED else "failed",
        "output": plain("\n".join(part for part in said if part)),
        "output_format": "text",
        "visibility": "visible",
    }
