"""What a person at the terminal sees: progress while it works, a table and a last word at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from grader.model import QuestionResult, ScoreReport, Status
from grader.text import one_line
from grader.words import number
from grader.write import Output


def progress(reports: Iterable[ScoreReport], total: int, console: Console) -> Iterator[ScoreReport]:
    """Passes the reports on, and shows how far they are: a bar on a terminal, a line each elsewhere."""
    if not console.is_terminal:
        for done, report in enumerate(reports, 1):
            console.print(f"{done}/{total} {one_line(report.student)}: {_score(report)}", markup=False, highlight=False)
            yield report
        return
    columns = (
        *(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        ),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)
        for report in reports:
            bar.update(task, advance=1, description=one_line(report.student, 30))
            yield report


def show(reports: Sequence[ScoreReport], console: Console) -> None:
    """The table: a line for each student, with the questions that lost points."""
    table = Table(title=None)
    table.add_column("student", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("points lost", overflow="fold")
    for report in reports:
        table.add_row(Text(one_line(report.student, 100)), _score(report), _lost(report))
    console.print(table)


def summary(reports: Sequence[ScoreReport], output: Output, console: Console) -> None:
    """How many, how good, where the files are, and what needs a person."""
    graded = [report for report in reports if report.status == "graded"]
    words = [f"{len(graded)} graded", f"{len(reports) - len(graded)} rejected"]
    if graded:
        words.append(f"mean {number(sum(report.score for report in graded) / len(graded))}")
    if review := [report.student for report in reports if report.needs_review]:
        words.append(f"{len(review)} to be looked at by a person ({output.log})")
    _line(console, ", ".join(words))
    _line(console, f"reports: {output.reports}   scores: {output.folder / 'scores.csv'}")


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _score(report: ScoreReport) -> str:
    if report.status == "rejected":
        return "rejected"
    return f"{number(report.score)} / {number(report.max_score)}"


def _lost(report: ScoreReport) -> Text:
    if report.status == "rejected":
        return Text(one_line(report.notes[-1], 300), style="red")
    lost = [question for question in report.questions if question.status is not Status.PASSED]
    return Text(", ".join(map(_question, lost)), style="yellow" if report.score else "red")


def _question(question: QuestionResult) -> str:
    why = "" if question.status is Status.FAILED else f" {question.status.replace('_', ' ')}"
    return f"{question.name} -{number(question.max_score - question.score)}{why}"
