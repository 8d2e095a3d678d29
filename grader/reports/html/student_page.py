"""Page of a student: the score, and for lost points the feedback with the lines of code that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from grader.models import QuestionResult, ScoreReport, Status
from grader.reports.feedback import feedback
from grader.reports.html.code_listing import lines, numbered
from grader.reports.html.environment import render_template
from grader.reports.html.limits import CONTEXT_LINES, MAX_LISTING_LINES
from grader.reports.html.sanitize import prose
from grader.reports.html.submission_view import Definition, ShownCell, SubmissionView, definition_spans

RAISED = "it went wrong here"


@dataclass(frozen=True)
class Listing:
    """Lines of a student's code with their numbers and notes."""

    title: Markup
    cell: int  # number of the cell; 0 for a module
    place: str
    code: Markup
    more: int = 0


def render(report: ScoreReport, view: SubmissionView, beside: str = "", stamp: str = "", ask: str = "") -> bytes:
    """Return the page in UTF-8.

    :param beside: file name of the submission's own page, if there is one
    :param ask: address of the form in which the student can ask about a result, if there is one
    """
    shown = feedback(report)
    definitions = view.definitions(question.name for question in report.questions)
    return render_template(
        "student.html",
        styles=["student.css", *grade_styles(report)],
        stamp=stamp,
        feedback=shown,
        report=report,
        listings={
            question.name: listings(question, view, definitions.get(question.name)) for question in report.questions
        },
        lost=[question for question in shown.questions if question.lost],
        right=[question for question in shown.questions if not question.lost],
        beside=quote(beside),
        ask=ask,
        missing_reason=view.missing_reason if report.status == "graded" else None,
    )


def grade_styles(report: ScoreReport) -> list[str]:
    """Return the style sheet of what a policy or people changed, for a report in which they did."""
    return ["grade.css"] if report.grade else []


def listings(question: QuestionResult, view: SubmissionView, own: Definition | None) -> list[Listing]:
    """Return the student's function, and other code that raised, with the lines that raised marked."""
    if question.status is Status.PASSED:
        return []
    raised = [place for case in question.cases if (place := view.place(case.message))]
    shown = []
    if own:
        here = {line for cell, line in raised if cell is own.cell and own.first <= line <= own.last}
        shown.append(listing(f"Your `{question.name}`", own.cell, range(own.first, own.last + 1), here))
    elsewhere: dict[int, tuple[ShownCell, set[int]]] = {}
    for cell, line in raised:
        if not (own and cell is own.cell and own.first <= line <= own.last):
            elsewhere.setdefault(cell.number, (cell, set()))[1].add(line)
    for cell, at in elsewhere.values():
        shown.append(listing("Where it went wrong", cell, _around(cell, at), at))
    return shown


def _around(cell: ShownCell, at: set[int]) -> range:
    """Return the lines of the function around `at`, or else CONTEXT_LINES on each side."""
    for _, first, last in definition_spans(cell.text):
        if first <= min(at) and max(at) <= last:
            return range(first, last + 1)
    return range(max(1, min(at) - CONTEXT_LINES), max(at) + CONTEXT_LINES + 1)


def listing(title: str, cell: ShownCell, wanted: range, raised: Iterable[int]) -> Listing:
    """Return lines of a cell: at most MAX_LISTING_LINES, around the first that raised."""
    marked = set(raised)
    first, last = wanted.start, min(wanted.stop - 1, len(lines(cell.text)))
    if last - first >= MAX_LISTING_LINES:
        first = max(first, min([min(marked, default=first) - MAX_LISTING_LINES // 2, last - MAX_LISTING_LINES + 1]))
    until = min(last, first + MAX_LISTING_LINES - 1)
    place = f"line {first}" if first == until else f"lines {first} to {until}"
    code = numbered(cell.text, first, until, dict.fromkeys(sorted(marked), RAISED))
    return Listing(prose(title), cell.number, place, code, (last - wanted.start) - (until - first))
