"""Page of a submission: its cells, or the parts of its module, with the feedback beside them.

No code of it runs. Markdown is sanitised, and of outputs only text and PNG pictures are shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from grader._util.escaping import quote_text
from grader.models import ScoreReport
from grader.reports.feedback import QuestionFeedback, feedback
from grader.reports.html.code_listing import numbered
from grader.reports.html.environment import render_template
from grader.reports.html.limits import (
    MAX_CELL_OUTPUTS,
    MAX_FLAG_TEXT,
    MAX_LEFT_OUT,
    MAX_OUTPUT_LINES,
    MAX_OUTPUT_TEXT,
    MAX_OUTPUT_TYPE,
)
from grader.reports.html.markdown_cells import markdown
from grader.reports.html.page_room import Room
from grader.reports.html.pictures import embed_png
from grader.reports.html.sanitize import output_text
from grader.reports.html.student_page import RAISED, grade_styles
from grader.reports.html.submission_view import Definition, ShownCell, SubmissionView

Flags = dict[tuple[int, int], str]  # (cell, line) -> note


@dataclass(frozen=True)
class Part:
    """Cell, or some lines of a module, with the feedback on the questions that it answers."""

    kind: str
    cell: int
    body: Markup
    cut: int = 0
    outputs: list[tuple[str, str]] = field(default_factory=list)  # kind ("text", "picture", "note") and content
    questions: list[QuestionFeedback] = field(default_factory=list)


def render(report: ScoreReport, view: SubmissionView, beside: str = "", stamp: str = "") -> bytes:
    """Return the page in UTF-8. `beside` is the file name of the student's page."""
    report_feedback = feedback(report)
    questions = {question.name: question for question in report_feedback.questions}
    definitions = view.definitions(questions)
    flags = _flags(report, view)
    make = _notebook if view.is_notebook else _module
    return render_template(
        "student_notebook.html",
        styles=["student.css", "student_notebook.css", *grade_styles(report)],
        stamp=stamp,
        feedback=report_feedback,
        report=report,
        beside=quote(beside),
        parts=list(make(view, definitions, questions, flags)),
        absent=[question for name, question in questions.items() if name not in definitions],
        left_out=view.left_out,
        missing_reason=view.missing_reason,
    )


def _flags(report: ScoreReport, view: SubmissionView) -> Flags:
    """Return the lines that a note or a message names. A note of the submission's own process is quoted."""
    flags: Flags = {}
    for note in report.sandbox_notes:
        if place := view.place(note):
            flags.setdefault((place[0].number, place[1]), quote_text(note.partition(": ")[2], MAX_FLAG_TEXT))
    for case in (case for question in report.questions for case in question.cases):
        if place := view.place(case.message):
            flags.setdefault((place[0].number, place[1]), RAISED)
    return flags


def _notebook(
    view: SubmissionView, definitions: dict[str, Definition], questions: dict[str, QuestionFeedback], flags: Flags
) -> Iterator[Part]:
    at = defaultdict(list)
    for name, definition in definitions.items():
        at[definition.cell.number].append(questions[name])
    room = Room()
    for cell in view.cells:
        if cell.kind == "markdown":
            yield Part("markdown", 0, markdown(cell.text, cell.attachments, room), cell.cut)
        elif cell.kind == "code":
            code = numbered(cell.text, 1, cell.text.count("\n") + 1, _cell_flags(flags, cell))
            yield Part("code", cell.number, code, cell.cut, list(_outputs(cell.outputs, room)), at[cell.number])
        else:
            yield Part("raw", 0, Markup("{}").format(output_text(cell.text, MAX_OUTPUT_TEXT)), cell.cut)


def _module(
    view: SubmissionView, definitions: dict[str, Definition], questions: dict[str, QuestionFeedback], flags: Flags
) -> Iterator[Part]:
    """Yield a part for each statement that answers questions, and for the lines between."""
    for cell in view.cells:
        last = cell.text.count("\n") + 1
        done = 0
        for begin, end in sorted({(each.first, each.last) for each in definitions.values()}):
            yield from _between(cell, done + 1, begin - 1, flags)
            answered = [
                questions[name] for name, each in definitions.items() if (each.first, each.last) == (begin, end)
            ]
            yield Part(
                "code", 0, numbered(cell.text, max(begin, done + 1), end, _cell_flags(flags, cell)), questions=answered
            )
            done = max(done, end)
        yield from _between(cell, done + 1, last, flags)


def _between(cell: ShownCell, first: int, last: int, flags: Flags) -> Iterator[Part]:
    """Yield a part with lines of a module, without empty lines at both ends; nothing if all are empty."""
    lines = cell.text.split("\n")
    while first <= last and not lines[first - 1].strip():
        first += 1
    while first <= last and not lines[last - 1].strip():
        last -= 1
    cut = cell.cut if last == len(lines) else 0
    if first <= last:
        yield Part("code", 0, numbered(cell.text, first, last, _cell_flags(flags, cell)), cut)


def _cell_flags(flags: Flags, cell: ShownCell) -> dict[int, str]:
    return {line: text for (number, line), text in flags.items() if number == cell.number}


def _outputs(outputs: Sequence[Any], room: Room) -> Iterator[tuple[str, str]]:
    """Yield text and PNG pictures as long as there is room, then a note about the rest."""
    left_out: dict[str, None] = {}
    if len(outputs) > MAX_CELL_OUTPUTS:
        left_out[f"{len(outputs) - MAX_CELL_OUTPUTS:,} outputs beyond the first {MAX_CELL_OUTPUTS}"] = None
    for output in outputs[:MAX_CELL_OUTPUTS]:
        kind, content, pixels = _output(output) if room.scanned > 0 else ("", "", 0)
        room.scanned -= len(content)
        if kind == "other":
            left_out[content] = None
        elif not kind or not room.take(content, pixels):
            left_out["outputs beyond what a page holds"] = None
        elif content:
            yield kind, content
    if left_out:
        yield "note", f"Not shown here: {', '.join(list(left_out)[:MAX_LEFT_OUT])}."


def _output(output: Any) -> tuple[str, str, int]:
    """Return kind, content and pixels of an output. The content is text, the data URL of a picture, or a type."""
    if not isinstance(output, dict):
        return "text", "", 0
    data = output.get("data")
    if isinstance(data, dict):
        if found := embed_png(data.get("image/png")):
            return "picture", found.address, found.pixels
        if text := _text(data.get("text/plain")):
            return "text", text, 0
        name = output_text(str(next(iter(data), "")), MAX_OUTPUT_TYPE)
        return ("other", f"an output of type {name}", 0) if data else ("text", "", 0)
    if output.get("output_type") == "error":
        return "text", _text(output.get("traceback"), "\n") or _text(output.get("evalue")), 0
    return "text", _text(output.get("text")), 0


def _text(value: Any, between: str = "") -> str:
    lines = value[:MAX_OUTPUT_LINES] if isinstance(value, list) else [value]
    return output_text(between.join(line for line in lines if isinstance(line, str)), MAX_OUTPUT_TEXT).rstrip()
