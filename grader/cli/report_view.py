"""One student's report on a terminal, wrapped to its width. Colours only repeat what the text says."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.escaping import one_line, quote_text
from grader._util.wording import format_number, format_points, format_score, join_with_and, timeout_reason
from grader.models import ScoreReport
from grader.reports.feedback import MAX_CORRECTION, CaseFeedback, QuestionFeedback, feedback
from grader.reports.markdown import bar
from grader.statuses import STATUSES

NOTICE_COLOURS = {"wrong": "red", "wait": "yellow", "grade": ""}
MIN_WIDTH = 20  # columns of text, also on a narrower terminal


def show_report(report: ScoreReport, console: Console) -> None:
    """Print the report of one student."""
    view = feedback(report)
    _print(console, f"{report.display_name}: {format_score(report)}", "bold")
    _print(console, f"{report.assignment}, {report.file}", "dim")
    for notice in view.notices:
        _print(console, f"{notice.headline} {notice.text}", NOTICE_COLOURS[notice.tone])
    if view.questions:
        console.print(_table(view.questions))
    for question in view.questions:
        if question.lost:
            _question(question, console)
    if report.notes:
        console.print()
        _print(console, "notes", "bold")
        for note in report.notes:
            _print(console, f"- {note}", "red" if report.status == "rejected" else "", hang=2)
    if report.sandbox_notes:
        console.print()
        _print(console, view.sandbox_notes_intro, "bold")
        for note in report.sandbox_notes:
            _print(console, f"- {quote_text(note)}", hang=2)


def _table(questions: Iterable[QuestionFeedback]) -> Table:
    table = Table()
    table.add_column("question", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    for question in questions:
        score = f"{question.scored} / {format_number(question.max_score)}"
        substituted = f", graded with a correct {join_with_and(question.substituted)}" if question.substituted else ""
        filled = Text(bar(question.final, question.max_score), _colour(question))
        status = Text(question.status_text + one_line(substituted), _colour(question))
        table.add_row(Text(one_line(question.name, 100)), score, filled, status)
    return table


def _question(question: QuestionFeedback, console: Console) -> None:
    console.print()
    _print(console, f"{question.name}: {question.scored} of {format_points(question.max_score)}", "bold")
    if question.hint:
        _print(console, question.hint, "cyan", 2)
    for text in question.corrections:
        _print(console, text, "", 2)
    if question.blocked:
        _print(console, question.blocked, _colour(question.cases[0]), 2)
        if question.blocked_call:
            _print(console, f"It was called with {question.blocked_call}.", "", 2)
        _print(console, f"{question.not_checked}.", "", 2)
        _time_use(question.cases[0], console)
        return
    if question.hidden_only:
        _print(console, question.hidden_only, "dim", 2)
    for case in question.cases:
        _case(case, console)


def _case(case: CaseFeedback, console: Console) -> None:
    title = one_line(case.title, 300)
    _print_wrapped(console, Text.assemble("- ", title, " (", (case.outcome, _colour(case)), ")"), 2, hang=2)
    for text in case.corrections:
        _print(console, text, "", 4)
    if case.passed:
        return
    for text in (case.message, f"It was called with {case.called}." if case.called else ""):
        if text:
            _print(console, text, "", 4)
    _time_use(case, console)


def _time_use(case: CaseFeedback, console: Console) -> None:
    """Print why a case timed out. This is for instructors: no page of a student shows it."""
    if case.time_use:
        _print(console, f"{timeout_reason(case.time_use)}.", "dim", 4)


def _colour(result: QuestionFeedback | CaseFeedback) -> str:
    return STATUSES[result.status].colour


def _print(console: Console, text: str, style: str = "", indent: int = 0, hang: int = 0) -> None:
    _print_wrapped(console, Text(one_line(text, MAX_CORRECTION), style), indent, hang)


def _print_wrapped(console: Console, text: Text, indent: int, hang: int) -> None:
    """Print text in lines no wider than the terminal; lines after the first are indented by `hang` more columns."""
    wide = max(MIN_WIDTH, console.width - indent - hang)
    for count, line in enumerate(text.wrap(console, wide)):
        line.rstrip()
        console.print(Text(" " * (indent + hang * (count > 0))) + line, soft_wrap=True)
