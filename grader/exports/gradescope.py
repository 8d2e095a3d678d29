"""Gradescope export: results.json in the format of a Gradescope autograder.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/. The file has `score` and `tests`. Each test has
score, max_score, status (passed or failed), name, name_format, output, output_format and visibility (hidden,
after_due_date, after_published or visible). A test is a hidden case. Its output is what the student's report says, so
it is visible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from grader._util.escaping import escape_surrogates, plain, quote_text
from grader._util.wording import join_with_and
from grader.models import CaseResult, QuestionResult, ScoreReport
from grader.reports.feedback import CaseFeedback, SubmissionFeedback, feedback
from grader.statuses import STATUS_TEXT

FILE = "results.json"
MAX_OUTPUT = 20_000  # characters of the output for the submission


def render(report: ScoreReport) -> bytes:
    """Return the content of results.json."""
    return encode_results(gradescope_results(report))


def encode_results(results: dict[str, Any]) -> bytes:
    """Return results as JSON in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(escape_surrogates(results)), indent=2) + b"\n"


def gradescope_results(report: ScoreReport, visibility: str = "visible", further: Sequence[str] = ()) -> dict[str, Any]:
    """Return the content of results.json as an object.

    :param visibility: of the output and of each test
    :param further: sentences for the output, after those of the report
    """
    shown = feedback(report)
    return {
        "score": round(report.final, 2),
        "execution_time": round(report.seconds, 3),
        "output": plain("\n".join([*_words(shown), *further]), MAX_OUTPUT),
        "output_format": "text",
        "visibility": visibility,
        "tests": [
            _test(result, case, said, visibility)
            for result, question in zip(report.questions, shown.questions, strict=True)
            for case, said in zip(result.cases, question.cases, strict=True)
        ],
    }


def _words(shown: SubmissionFeedback) -> Iterator[str]:
    """Yield what concerns the whole submission, and the hint of each question, which a test can't carry."""
    for notice in shown.notices:
        yield f"{notice.headline} {notice.text}".strip()
    yield from shown.report.notes
    for note in shown.report.sandbox_notes:
        yield f"{shown.sandbox_notes_intro} {quote_text(note)}"
    for question in shown.questions:
        yield from (f"{question.name}: {text}" for text in question.corrections)
        if question.hint:
            yield f"{question.name}: {question.hint}"
        if question.substituted:
            yield f"{question.name}: graded with a correct {join_with_and(question.substituted)}"


def _test(question: QuestionResult, case: CaseResult, said: CaseFeedback, visibility: str) -> dict[str, object]:
    called = f"It was called with {said.called}." if said.called else ""
    parts = [*([] if said.passed else [STATUS_TEXT[case.status], said.message, called]), *said.corrections]
    return {
        "name": plain(f"{question.name}: {case.title}"),
        "name_format": "text",
        "score": round(case.points, 2),
        "max_score": round(case.max_points, 2),
        "status": "passed" if said.passed else "failed",
        "output": plain("\n".join(part for part in parts if part)),
        "output_format": "text",
        "visibility": visibility,
    }
