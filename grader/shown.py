"""One student's report on a terminal: wrapped to its width, and told in words as well as in colours."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.model import CaseResult, QuestionResult, ScoreReport, Status
from grader.reporters.as_markdown import bar
from grader.text import one_line
from grader.words import LATE, STATUS, listed, number, points, verdict

COLOUR = {Status.PASSED: "green", Status.FAILED: "red", Status.INTERNAL: "magenta"}  # the others: yellow


def show_report(report: ScoreReport, console: Console) -> None:
    _say(console, f"{report.student}: {verdict(report)}", "bold")
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
            _say(console, f"- {note}", "red" if report.status == "rejected" else "")


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
        ending = Text(STATUS[question.status] + one_line(lent), _colour(question))
        table.add_row(Text(one_line(question.name, 100)), score, filled, ending)
    return table


def _question(question: QuestionResult, console: Console) -> None:
    console.print()
    _say(console, f"{question.name}: {number(question.score)} of {points(question.max_score)}", "bold")
    if question.diagnosis:
        _say(console, question.diagnosis.hint, "cyan", 2)
    for case in question.cases:
        _case(case, console)


def _case(case: CaseResult, console: Console) -> None:
    ending = f"{STATUS[case.status]}, {number(case.points)} of {number(case.max_points)}"
    title = Text.assemble("- ", one_line(case.title or case.name, 300), " (", (ending, _colour(case)), ")")
    console.print(Padding(title, (0, 0, 0, 2)))
    if case.status is Status.PASSED:
        return
    for text in (case.message, f"It was called with {case.called}." if case.called else ""):
        if text:
            _say(console, text, "", 4)


def _colour(result: QuestionResult | CaseResult) -> str:
    return COLOUR.get(result.status, "yellow")


def _say(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    console.print(Padding(Text(one_line(text), style), (0, 0, 0, indent)))
