"""One student's report as Markdown: the score, a table of the questions, and the feedback on lost points.

Text that a student may have written is escaped by grader/_util/escaping.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader._util.escaping import escape_markdown, markdown_code, one_line, quote_text
from grader._util.wording import count_words, format_number, join_with_and, limit_words
from grader.models import ScoreReport, Status
from grader.reports.feedback import MAX_CORRECTION, CaseFeedback, QuestionFeedback, SubmissionFeedback, feedback
from grader.statuses import STATUS_TEXT

BAR_WIDTH = 10  # blocks of the bar of a score
MAX_QUESTION_WORDS = 160  # of feedback on a question: readers don't read more
MAX_MESSAGE_WORDS = 45  # of one message
MAX_SHORT_ARGUMENTS = 25  # characters of arguments that are repeated after "the same"
SUMMARY_LINE_WORDS = 9  # that are reserved for the line about cases that aren't listed


def render(report: ScoreReport) -> bytes:
    """Return the report as Markdown in UTF-8."""
    view = feedback(report)
    parts = (_head(view), _table(view), _lost(view), _notes(view), _foot(view))
    return ("\n".join(line for part in parts for line in part) + "\n").encode()


def _head(view: SubmissionFeedback) -> Iterator[str]:
    report = view.report
    yield f"# {escape_markdown(report.assignment)}: {escape_markdown(report.display_name)}"
    yield ""
    yield f"**{view.score} of {view.max_score}** for {markdown_code(report.file)}"
    for notice in view.notices:
        yield ""
        text = escape_markdown(notice.text, MAX_CORRECTION) if notice.tone == "grade" else notice.text
        yield f"**{notice.headline}** {text}" if notice.headline else text


def _table(view: SubmissionFeedback) -> Iterator[str]:
    if not view.questions:
        return
    yield ""
    yield "| question | score | of | | |"
    yield "|---|---:|---:|---|---|"
    for question in view.questions:
        cells = (
            escape_markdown(question.name),
            question.scored,
            format_number(question.max_score),
            bar(question.final, question.max_score),
            question.status_text + _substituted(question),
        )
        yield f"| {' | '.join(cells)} |"


def _substituted(question: QuestionFeedback) -> str:
    names = join_with_and([markdown_code(name) for name in question.substituted])
    names = names.replace("|", "\\|")  # for a cell of a table
    return f", graded with a correct {names}" if names else ""


def bar(score: float, max_score: float) -> str:
    """Return a bar of BAR_WIDTH blocks: full only for full marks, empty only for no points."""
    share = score / max_score if max_score > 0 else 1.0
    blocks = BAR_WIDTH if share >= 1 else min(BAR_WIDTH - 1, max(1, round(share * BAR_WIDTH))) if share > 0 else 0
    return "█" * blocks + "░" * (BAR_WIDTH - blocks)


def _lost(view: SubmissionFeedback) -> Iterator[str]:
    for question in view.questions:
        if question.lost:
            yield from _question(question)


def _question(question: QuestionFeedback) -> Iterator[str]:
    yield ""
    yield f"## {escape_markdown(question.name)}: {question.points}"
    if question.hint:
        yield ""
        yield escape_markdown(question.hint)
    for text in question.corrections:
        yield ""
        yield escape_markdown(text, MAX_CORRECTION)
    if not question.cases:
        return
    yield ""
    if question.blocked:
        yield f"{_sentence(question.blocked)}{_call_sentence(question.blocked_call)} {question.not_checked}."
        return
    if question.hidden_only:
        yield question.hidden_only
        yield ""
    yield from _cases(
        question.cases, MAX_QUESTION_WORDS - count_words(question.hidden_only) - count_words(question.hint)
    )


def _cases(cases: Sequence[CaseFeedback], room: int) -> Iterator[str]:
    """Yield a line for each case, with at most `room` words in all.

    If the words don't suffice, passed cases share a line, then details of the others are left out, then cases. What a
    person said is never left out.
    """
    heads = {id(case): _case_head(case) for case in cases}
    lost = [case for case in cases if not case.passed]
    right = [case for case in cases if case.passed]
    room -= SUMMARY_LINE_WORDS if right else 2
    needed = sum(count_words(heads[id(case)]) for case in lost)
    while lost and (needed > room or (len(lost) < len(cases) - len(right) and needed > room - MAX_MESSAGE_WORDS)):
        needed -= count_words(heads[id(lost.pop())])
    room -= needed
    details = dict(_details(lost, room))
    room -= sum(map(count_words, details.values()))
    named = right if sum(count_words(heads[id(case)]) for case in right) <= room else []
    listed = [case for case in cases if case in lost or case in named or case.corrections]
    for case in listed:
        yield f"- {heads[id(case)]}{details.get(id(case), '')}"
        yield from (f"  - {escape_markdown(text, MAX_CORRECTION)}" for text in case.corrections)
    if more := sum(not case.passed and case not in listed for case in cases):
        yield f"- And {more} more."
    if right := [case for case in right if case not in listed]:
        earned = format_number(sum(case.points for case in right))
        yield f"- All other requirements are met ({STATUS_TEXT[Status.PASSED]}, {earned} of {earned})."


def _case_head(case: CaseFeedback) -> str:
    return f"**{escape_markdown(case.title)}** ({case.outcome})"


def _details(lost: Sequence[CaseFeedback], room: int) -> Iterator[tuple[int, str]]:
    """Yield id(case) and its details, with at most `room` words: messages first, then the arguments of calls."""
    seen: set[str] = set()
    messages: dict[int, str] = {}
    for case in lost:
        text = "the same" if case.message and case.message_pattern in seen else _sentence(case.message)
        if count_words(text) <= room:
            room -= count_words(text)
            seen.add(case.message_pattern)
            messages[id(case)] = text
    for case in lost:
        text = messages.get(id(case), "")
        more = _with_arguments(case.called) if text == "the same" else _call_sentence(case.called)
        if count_words(more) <= room:
            room -= count_words(more)
            text = (text + more).strip()
        yield id(case), f": {text}" if text else ""


def _with_arguments(called: str) -> str:
    return f" with {markdown_code(called)}" if 0 < len(called) <= MAX_SHORT_ARGUMENTS else ""


def _call_sentence(called: str) -> str:
    return f" It was called with {markdown_code(called)}." if called else ""


def _sentence(message: str) -> str:
    text = one_line(limit_words(message, MAX_MESSAGE_WORDS))
    # Add the full stop before escaping: "1." would begin a list in Markdown.
    return escape_markdown(text if not text or text.endswith((".", "?", "!", "…")) else f"{text}.")


def _notes(view: SubmissionFeedback) -> Iterator[str]:
    report = view.report
    if report.notes:
        yield ""
        yield "## Notes"
        yield ""
        yield from (f"- {escape_markdown(note)}" for note in report.notes)
    if report.sandbox_notes:
        yield ""
        yield view.sandbox_notes_intro
        yield ""
        yield from (f"- {escape_markdown(quote_text(note))}" for note in report.sandbox_notes)


def _foot(view: SubmissionFeedback) -> Iterator[str]:
    """Yield the protections that were in force, and the digests and version that identify the grading."""
    report = view.report
    yield ""
    yield "---"
    yield ""
    yield escape_markdown(view.protections)
    yield ""
    yield (
        f"Submission {markdown_code(report.digest[:12])}, assignment {markdown_code(report.assignment_digest[:12])}, "
        f"grader {markdown_code(report.grader_version)}."
    )
