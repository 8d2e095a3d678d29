"""A student's own page: the score, and for what was lost what was asked, what came, and the lines that it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from grader._util.escaping import one_line, quote_text
from grader._util.wording import LATE_NOTE, SANDBOX_NOTE_PREFIX, format_number, format_points, join_with_and
from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from grader.reports.feedback import pattern, same_ending
from grader.reports.html.code_listing import lines, numbered
from grader.reports.html.environment import fill
from grader.reports.html.exhibits import drawn
from grader.reports.html.sanitize import prose
from grader.reports.html.submission_view import Definition, ShownCell, Work, spans
from grader.reports.markdown import BEYOND
from grader.statuses import STATUS_TEXT

MAX_LINES = 80  # of a function that are shown
AROUND = 4  # lines on each side of one that raised elsewhere
RAISED = "it went wrong here"


@dataclass(frozen=True)
class ShownCase:
    """A case, in words."""

    case: CaseResult
    title: Markup
    verdict: str
    message: Markup
    called: str
    exhibits: list[dict[str, Any]]


@dataclass(frozen=True)
class Listing:
    """Lines of a student's code, each with its number and what there is to say of it."""

    title: Markup
    cell: int  # its number; 0 for a module
    place: str
    code: Markup
    more: int = 0


@dataclass(frozen=True)
class ShownQuestion:
    """A question, in words, with the code that answers it."""

    name: str
    score: float
    max_score: float
    status: Status
    cases: list[ShownCase]
    lent: Markup
    hint: Markup
    only: Markup  # what kept every case from being judged
    beyond: str
    listings: list[Listing] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        return self.score < self.max_score or self.status is not Status.PASSED

    @property
    def words(self) -> str:
        return STATUS_TEXT[self.status]

    @property
    def points(self) -> str:
        return f"{format_number(self.score)} of {format_number(self.max_score)}"


def render(report: ScoreReport, work: Work, beside: str = "", stamp: str = "") -> bytes:
    """The page. `beside` is the name of the page that shows the work itself, if there is one."""
    definitions = work.definitions(question.name for question in report.questions)
    shown = [
        question_in_words(question, listings(question, work, definitions.get(question.name)))
        for question in report.questions
    ]
    return fill(
        "student.html",
        styles=["student.css"],
        shown=one_line,
        stamp=stamp,
        report=report,
        score=format_number(report.score),
        max_score=format_points(report.max_score),
        questions=shown,
        lost=[question for question in shown if question.lost],
        right=[question for question in shown if not question.lost],
        notes=[prose(note) for note in report.notes],
        said_inside=SANDBOX_NOTE_PREFIX,
        sandbox_notes=[prose(quote_text(note)) for note in report.sandbox_notes],
        late=LATE_NOTE,
        beside=quote(beside),
        why_not=work.why_not if report.status == "graded" else "",
        protections=protections(report),
    )


def protections(report: ScoreReport) -> str:
    if report.sandbox:
        return f"Protections in force: {', '.join(report.sandbox)}."
    return "No protections were in force." if report.status == "graded" else "No code was run."


def question_in_words(question: QuestionResult, code: list[Listing]) -> ShownQuestion:
    passed = question.status is Status.PASSED
    once = same_ending(question.cases) if question.cases and not passed else None
    lost = [case for case in question.cases if case.status is not Status.PASSED]
    return ShownQuestion(
        name=question.name,
        score=question.score,
        max_score=question.max_score,
        status=question.status,
        cases=list(_cases(question.cases)),
        lent=prose(join_with_and([f"`{name}`" for name in question.lent])),
        hint=prose(question.diagnosis.hint) if question.diagnosis else Markup(),
        only=prose(once.message or f"{STATUS_TEXT[once.status].capitalize()}.") if once else Markup(),
        beyond=BEYOND if lost and all(case.beyond for case in lost) else "",
        listings=[] if passed else code,
    )


def _cases(cases: Sequence[CaseResult]) -> Iterator[ShownCase]:
    """What went wrong is told once, where cases differ in nothing but numbers."""
    told: set[str] = set()
    for case in cases:
        again = bool(case.message) and pattern(case.message) in told
        told.add(pattern(case.message))
        yield ShownCase(
            case=case,
            title=prose(case.title or case.name),
            verdict=f"{STATUS_TEXT[case.status]}, {format_number(case.points)} of {format_number(case.max_points)}",
            message=prose("The same as above." if again else case.message),
            called=one_line(case.called),
            exhibits=[drawn(exhibit) for exhibit in case.exhibits],
        )


def listings(question: QuestionResult, work: Work, own: Definition | None) -> list[Listing]:
    """The student's own function, and what of their code raised elsewhere, with the lines marked."""
    if question.status is Status.PASSED:
        return []
    raised = [place for case in question.cases if (place := work.place(case.message))]
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
    """The function that holds these lines, or else a few lines on each side."""
    for _, first, last in spans(cell.text):
        if first <= min(at) and max(at) <= last:
            return range(first, last + 1)
    return range(max(1, min(at) - AROUND), max(at) + AROUND + 1)


def listing(title: str, cell: ShownCell, wanted: range, raised: Iterable[int]) -> Listing:
    """Lines of a cell, around those that raised where there are too many."""
    marked = set(raised)
    first, last = wanted.start, min(wanted.stop - 1, len(lines(cell.text)))
    if last - first >= MAX_LINES:
        first = max(first, min([min(marked, default=first) - MAX_LINES // 2, last - MAX_LINES + 1]))
    until = min(last, first + MAX_LINES - 1)
    place = f"line {first}" if first == until else f"lines {first} to {until}"
    code = numbered(cell.text, first, until, dict.fromkeys(sorted(marked), RAISED))
    return Listing(prose(title), cell.number, place, code, (last - wanted.start) - (until - first))
