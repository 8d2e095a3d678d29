"""One student's report on a terminal: wrapped to its width, and told in words as well as in colours."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.escaping import one_line, quoted
from grader._util.wording import LATE, SAID_INSIDE, listed, number, points, verdict, why_stopped
from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from grader.reports.feedback import told_once
from grader.reports.markdown import bar
from grader.statuses import STATUS_WORDS, STATUSES

NARROW = 20  # columns; less isn't wrapped to


def show_report(report: ScoreReport, console: Console) -> None:
    _say(console, f"{report.titled}: {verdict(report)}", "bold")
    _say(console, f"{report.assignment}, {report.file}", "dim")
    if report.late:
        _say(console, LATE, "yellow")
    if report.needs_review:
        _say(console, "A person must look at this report: something failed on our side.", "magenta")
    if report.questions:
        console.print(_table(report))
    for question in report.questions:
        if question.status is not Status.PASSED or question.score < question.max_score:
            _question(question, console)
    if report.notes:
        console.print()
        _say(console, "notes", "bold")
        for note in report.notes:
            _say(console, f"- {note}", "red" if report.status == "rejected" else "", hang=2)
    if report.sandbox_notes:
        console.print()
        _say(console, SAID_INSIDE, "bold")
        for note in report.sandbox_notes:
            _say(console, f"- {quoted(note)}", hang=2)


def _table(report: ScoreReport) -> Table:
    table = Table()
    table.add_column("question", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    for question in report.questions:
        score = f"{number(question.score)} / {number(question.max_score)}"
        lent = f", graded with a correct {listed(question.lent)}" if question.lent else ""
        filled = Text(bar(question.score, question.max_score), _colour(question))
        ending = Text(STATUS_WORDS[question.status] + one_line(lent), _colour(question))
        table.add_row(Text(one_line(question.name, 100)), score, filled, ending)
    return table


def _question(question: QuestionResult, console: Console) -> None:
    console.print()
    _say(console, f"{question.name}: {number(question.score)} of {points(question.max_score)}", "bold")
    if question.diagnosis:
        _say(console, question.diagnosis.hint, "cyan", 2)
    if told_once(question.cases):
        first, many = question.cases[0], len(question.cases)
        _say(console, first.message or STATUS_WORDS[first.status], _colour(first), 2)
        _say(console, f"None of the {many} requirements could be checked.", "", 2)
        _time_use(first, console)
        return
    for case in question.cases:
        _case(case, console)


def _case(case: CaseResult, console: Console) -> None:
    ending = f"{STATUS_WORDS[case.status]}, {number(case.points)} of {number(case.max_points)}"
    title = one_line(case.title or case.name, 300)
    _wrapped(console, Text.assemble("- ", title, " (", (ending, _colour(case)), ")"), 2, hang=2)
    if case.status is Status.PASSED:
        return
    for text in (case.message, f"It was called with {case.called}." if case.called else ""):
        if text:
            _say(console, text, "", 4)
    _time_use(case, console)


def _time_use(case: CaseResult, console: Console) -> None:
    """Say why a case timed out, for instructors: no page of a student has it."""
    if case.time_use:
        _say(console, f"{why_stopped(case.time_use)}.", "dim", 4)


def _colour(result: QuestionResult | CaseResult) -> str:
    return STATUSES[result.status].colour


def _say(console: Console, text: str, style: str = "", indent: int = 0, hang: int = 0) -> None:
    _wrapped(console, Text(one_line(text), style), indent, hang)


def _wrapped(console: Console, text: Text, indent: int, hang: int) -> None:
    """Lines no wider than the terminal, those after the first `hang` further in, and none with blanks at its end."""
    wide = max(NARROW, console.width - indent - hang)
    for count, line in enumerate(text.wrap(console, wide)):
        line.rstrip()
        console.print(Text(" " * (indent + hang * (count > 0))) + line, soft_wrap=True)
