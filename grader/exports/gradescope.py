"""Gradescope export: results.json in the format of a Gradescope autograder.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/. The file has `score` and `tests`. Each test has
score, max_score, status (passed or failed), name, name_format, output, output_format and visibility (hidden,
after_due_date, after_published or visible). A test is a hidden case. Its output is what the student's report says.
Gradescope hides the total score while a test with points is hidden; it doesn't say so of the output of the submission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from grader._util.escaping import escape_surrogates, plain, quote_text
from grader._util.wording import join_with_and
from grader.models import CaseResult, QuestionResult, ScoreReport
from grader.reports.feedback import CaseFeedback, QuestionFeedback, SubmissionFeedback, feedback
from grader.statuses import STATUS_TEXT

FILE = "results.json"
MAX_OUTPUT = 20_000  # characters of the output for the submission
VISIBLE = "visible"
WITHHELD = "Some results are not shown yet. Your course decides when you see them."


def render(report: ScoreReport) -> bytes:
    """Return the content of results.json."""
    return encode_results(gradescope_results(report))


def encode_results(results: dict[str, Any]) -> bytes:
    """Return results as JSON in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(escape_surrogates(results)), indent=2) + b"\n"


def always(question: str) -> str:
    """Return the visibility of results that students see at once."""
    return VISIBLE


def gradescope_results(
    report: ScoreReport, visibility: Callable[[str], str] = always, further: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the content of results.json as an object.

    The output for the submission says nothing about a question whose results aren't visible yet: its hint is in the
    output of a test. Notes and times of the whole submission could say something about it, so they are left out too.

    :param visibility: of the tests of a question, by its name
    :param further: sentences for the output, after those of the report
    """
    shown = feedback(report)
    when = {question.name: visibility(question.name) for question in report.questions}
    withheld = any(each != VISIBLE for each in when.values())
    words = [WITHHELD] if withheld else list(_words(shown))
    for question in shown.questions:
        if when[question.name] == VISIBLE:
            words += (f"{question.name}: {text}" for text in _question_words(question, when))
    same = set(when.values())
    results = {
        "score": round(report.final, 2),
        "execution_time": round(report.seconds, 3),
        "output": plain("\n".join([*words, *further]), MAX_OUTPUT),
        "output_format": "text",
        "visibility": same.pop() if len(same) == 1 else VISIBLE,
        "tests": [
            test
            for result, question in zip(report.questions, shown.questions, strict=True)
            for test in _tests(result, question, when)
        ],
    }
    if withheld:
        del results["execution_time"]
    return results


def _words(shown: SubmissionFeedback) -> Iterator[str]:
    """Yield what concerns the whole submission."""
    for notice in shown.notices:
        yield f"{notice.headline} {notice.text}".strip()
    yield from shown.report.notes
    for note in shown.report.sandbox_notes:
        yield f"{shown.sandbox_notes_intro} {quote_text(note)}"


def _question_words(question: QuestionFeedback, when: Mapping[str, str]) -> Iterator[str]:
    """Yield what concerns a whole question, and no case of it alone.

    A dependency that was substituted was wrong, so it is named only to those who see its results.
    """
    yield from question.corrections
    if question.hint:
        yield question.hint
    own = (VISIBLE, when[question.name])
    if names := [name for name in question.substituted if when.get(name, VISIBLE) in own]:
        yield f"graded with a correct {join_with_and(names)}"


def _tests(result: QuestionResult, question: QuestionFeedback, when: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Yield the test of each case. If they aren't visible yet, the first lost one also says what concerns them all."""
    visibility = when[question.name]
    common = [] if visibility == VISIBLE else list(_question_words(question, when))
    lost = [case for case in question.cases if not case.passed]
    first = next(iter(lost or question.cases), None)
    for case, said in zip(result.cases, question.cases, strict=True):
        yield _test(result, case, said, visibility, common if said is first else [])


def _test(
    question: QuestionResult, case: CaseResult, said: CaseFeedback, visibility: str, common: Sequence[str]
) -> dict[str, object]:
    called = f"It was called with {said.called}." if said.called else ""
    parts = [*([] if said.passed else [STATUS_TEXT[case.status], said.message, called]), *said.corrections, *common]
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
