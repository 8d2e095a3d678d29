"""Gradescope export: results.json in the format of a Gradescope autograder.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/. The file has `score` and `tests`. Each test has
score, max_score, status (passed or failed), name, name_format, output, output_format and visibility (hidden,
after_due_date, after_published or visible). A test is a hidden case. Its output is what the student's report says, so
it is visible.
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
MAX_OUTPUT = 20_000  # characters of the output for the submission


def render(report: ScoreReport) -> bytes:
    """Return results.json of one student."""
    tests = [_test(question, case) for question in report.questions for case in question.cases]
    results: dict[str, Any] = {
        "score": round(report.score, 2),
        "execution_time": round(report.seconds, 3),
        "output": plain("\n".join(_output(report)), MAX_OUTPUT),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }
    return msgspec.json.format(msgspec.json.encode(escape_surrogates(results)), indent=2) + b"\n"


def _output(report: ScoreReport) -> Iterator[str]:
    """Yield the notes on the submission and the hint of each question, which a test has no field for."""
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
    lines = [] if case.status is Status.PASSED else [STATUS_TEXT[case.status], case.message, called]
    return {
        "name": plain(f"{question.name}: {case.title}"),
        "name_format": "text",
        "score": round(case.points, 2),
        "max_score": round(case.max_points, 2),
        "status": "passed" if case.status is Status.PASSED else "failed",
        "output": plain("\n".join(part for part in lines if part)),
        "output_format": "text",
        "visibility": "visible",
    }
