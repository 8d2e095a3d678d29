"""One student's report as a Markdown page: the score, a table of the questions, and what was lost where.

Every text that a student may have written goes through grader._util.escaping: here it is shown, never interpreted.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader._util.escaping import escape_markdown, markdown_code, quote_text
from grader._util.wording import (
    LATE_NOTE,
    SANDBOX_NOTE_PREFIX,
    count_words,
    format_number,
    format_points,
    join_with_and,
)
from grader.models import QuestionResult, ScoreReport, Status
from grader.reports.feedback import lines, told_once
from grader.statuses import STATUS_TEXT

BAR = 10  # blocks
WORDS = 160  # for a question: more isn't read
BEYOND = "The checks that came with the assignment don't cover what was lost here, so they may pass all the same."


def render(report: ScoreReport) -> bytes:
    parts = (_head(report), _table(report), _lost(report), _notes(report), _foot(report))
    return ("\n".join(line for part in parts for line in part) + "\n").encode()


def _head(report: ScoreReport) -> Iterator[str]:
    yield f"# {escape_markdown(report.assignment)}: {escape_markdown(report.display_name)}"
    yield ""
    yield f"**{format_number(report.score)} of {format_points(report.max_score)}** for {markdown_code(report.file)}"
    if report.late:
        yield ""
        yield LATE_NOTE
    if report.status == "rejected":
        yield ""
        yield "**This submission could not be graded.** The notes below say why."
    if report.needs_review:
        yield ""
        yield "**A person will look at this report:** something failed on our side, so the score isn't final."


def _table(report: ScoreReport) -> Iterator[str]:
    if not report.questions:
        return
    yield ""
    yield "| question | score | of | | |"
    yield "|---|---:|---:|---|---|"
    for question in report.questions:
        cells = (
            escape_markdown(question.name),
            format_number(question.score),
            format_number(question.max_score),
            bar(question.score, question.max_score),
            STATUS_TEXT[question.status] + _lent(question),
        )
        yield f"| {' | '.join(cells)} |"


def _lent(question: QuestionResult) -> str:
    """What was right is told too: someone else's mistake was not paid for twice."""
    names = join_with_and([markdown_code(name) for name in question.lent]).replace(
        "|", "\\|"
    )  # this is a cell of a table
    return f", graded with a correct {names}" if names else ""


def bar(score: float, of: float) -> str:
    """Full only when every point is there, empty only when none is."""
    share = score / of if of > 0 else 1.0
    blocks = BAR if share >= 1 else min(BAR - 1, max(1, round(share * BAR))) if share > 0 else 0
    return "█" * blocks + "░" * (BAR - blocks)


def _lost(report: ScoreReport) -> Iterator[str]:
    for question in report.questions:
        if question.score < question.max_score or question.status != Status.PASSED:
            yield from _question(question)


def _question(question: QuestionResult) -> Iterator[str]:
    head = f"{escape_markdown(question.name)}: {format_number(question.score)} of {format_number(question.max_score)}"
    yield ""
    yield f"## {head}"
    if question.diagnosis:
        yield ""
        yield escape_markdown(question.diagnosis.hint)
    if not question.cases:
        return
    yield ""
    if only := told_once(question.cases):
        yield f"{only} None of the {len(question.cases)} requirements could be checked."
        return
    beyond = BEYOND if all(case.beyond for case in question.cases if case.status != Status.PASSED) else ""
    if beyond:
        yield beyond
        yield ""
    yield from lines(
        question.cases, WORDS - count_words(beyond) - count_words(question.diagnosis.hint if question.diagnosis else "")
    )


def _notes(report: ScoreReport) -> Iterator[str]:
    if report.notes:
        yield ""
        yield "## Notes"
        yield ""
        yield from (f"- {escape_markdown(note)}" for note in report.notes)
    if report.sandbox_notes:
        yield ""
        yield SANDBOX_NOTE_PREFIX
        yield ""
        yield from (f"- {escape_markdown(quote_text(note))}" for note in report.sandbox_notes)


def _foot(report: ScoreReport) -> Iterator[str]:
    """What is needed to grade the same again, and what stood between the student's code and the grader."""
    yield ""
    yield "---"
    yield ""
    if report.sandbox:
        yield f"Protections in force: {', '.join(map(escape_markdown, report.sandbox))}."
    else:
        yield "No protections were in force." if report.status == "graded" else "No code was run."
    yield ""
    yield (
        f"Submission {markdown_code(report.digest[:12])}, assignment {markdown_code(report.assignment_digest[:12])}, "
        f"grader {markdown_code(report.grader_version)}."
    )
