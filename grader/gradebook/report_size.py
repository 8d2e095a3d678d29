"""How large a report can be: what a submission has a say in is cut, so that the hidden cases alone set the size.

In a file of JSON a character takes 7 bytes at most (a lone surrogate is written as \\\\udc80). At most, a case has

    texts: message 2,000 characters, what was called 500, name and title 300 each     3,100 x 7    21,700 bytes
    2 exhibits (see exhibits.py), of which a flow is the largest: a title of 300,
        and 12 steps of 3 texts of 80 characters                                  2 x 3,180 x 7    44,520
    keys, numbers and indentation                                                               below 9,000

which is less than CASE. The rest of a report, 50 notes of the grader's and 50 of the sandbox's included, takes less
than REST, and a question without its cases less than a case. 1,000 cases and questions together fit into MAX_REPORT.
"""

from __future__ import annotations

from msgspec.structs import replace

from grader.models import CaseResult, ScoreReport

MAX_MESSAGE = 2000  # characters
MAX_CALL_SUMMARY = 500
MAX_NAME = 300
MAX_NOTES = 50  # the grader's own; as many of the sandbox's
MAX_CASE_BYTES = 80_000  # bytes of JSON, indented
MAX_REST_BYTES = 2_000_000
MAX_REPORT = 100 << 20  # bytes of JSON as the gradebook holds it


def max_report_bytes(cases: int, questions: int) -> int:
    """Return the bytes that no report on so many cases and questions exceeds."""
    return MAX_REST_BYTES + MAX_CASE_BYTES * (cases + questions)


def truncate_report(report: ScoreReport) -> ScoreReport:
    """Return the report with its texts and notes cut to their limits."""
    if _fits(report):
        return report
    return replace(
        report,
        questions=tuple(replace(each, cases=tuple(map(_cut_case, each.cases))) for each in report.questions),
        notes=_cut_notes(report.notes),
        sandbox_notes=_cut_notes(report.sandbox_notes),
    )


def _fits(report: ScoreReport) -> bool:
    cases = (case for question in report.questions for case in question.cases)
    notes = (report.notes, report.sandbox_notes)
    return (
        all(len(each) <= MAX_NOTES for each in notes)
        and all(len(note) <= MAX_MESSAGE for each in notes for note in each)
        and all(_cut_case(case) is case for case in cases)
    )


def _cut_case(case: CaseResult) -> CaseResult:
    limits = (
        (case.message, MAX_MESSAGE),
        (case.called, MAX_CALL_SUMMARY),
        (case.name, MAX_NAME),
        (case.title, MAX_NAME),
    )
    if all(len(text) <= limit for text, limit in limits):
        return case
    message, called, name, title = (_cut(text, limit) for text, limit in limits)
    return replace(case, message=message, called=called, name=name, title=title)


def _cut_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    """The first notes and the last, which says why a submission was rejected."""
    few = notes if len(notes) <= MAX_NOTES else (*notes[: MAX_NOTES - 1], notes[-1])
    return tuple(_cut(note, MAX_MESSAGE) for note in few)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
