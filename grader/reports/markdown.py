"""One student's report as a Markdown page: the score, a table of the questions, and what was lost where.

Every text that a student may have written goes through grader/_util/escaping.py: it is shown, never interpreted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader._util.escaping import code, markdown, one_line, quoted
from grader._util.wording import listed, number, shortened, words
from grader.models import ScoreReport, Status
from grader.reports.feedback import CaseFeedback, QuestionFeedback, SubmissionFeedback, feedback
from grader.statuses import STATUS_WORDS

BAR = 10  # blocks
WORDS = 160  # for a question: readers don't get further
MESSAGE = 45  # words of one message
SHORT = 25  # characters of a call's arguments that stand beside "the same"
TAIL = 9  # words for the line about cases that aren't listed


def render(report: ScoreReport) -> bytes:
    """Return the page of a report, in UTF-8."""
    shown = feedback(report)
    parts = (_head(shown), _table(shown), _lost(shown), _notes(shown), _foot(shown))
    return ("\n".join(line for part in parts for line in part) + "\n").encode()


def _head(shown: SubmissionFeedback) -> Iterator[str]:
    report = shown.report
    yield f"# {markdown(report.assignment)}: {markdown(report.titled)}"
    yield ""
    yield f"**{shown.score} of {shown.max_score}** for {code(report.file)}"
    for notice in shown.notices:
        yield ""
        yield f"**{notice.headline}** {notice.text}" if notice.headline else notice.text


def _table(shown: SubmissionFeedback) -> Iterator[str]:
    if not shown.questions:
        return
    yield ""
    yield "| question | score | of | | |"
    yield "|---|---:|---:|---|---|"
    for question in shown.questions:
        cells = (
            markdown(question.name),
            number(question.score),
            number(question.max_score),
            bar(question.score, question.max_score),
            question.status_text + _substituted(question),
        )
        yield f"| {' | '.join(cells)} |"


def _substituted(question: QuestionFeedback) -> str:
    names = listed([code(name) for name in question.substituted]).replace("|", "\\|")  # this is a cell of a table
    return f", graded with a correct {names}" if names else ""


def bar(score: float, of: float) -> str:
    """Return a bar of blocks: full only when every point is there, empty only when none is."""
    share = score / of if of > 0 else 1.0
    blocks = BAR if share >= 1 else min(BAR - 1, max(1, round(share * BAR))) if share > 0 else 0
    return "█" * blocks + "░" * (BAR - blocks)


def _lost(shown: SubmissionFeedback) -> Iterator[str]:
    for question in shown.questions:
        if question.lost:
            yield from _question(question)


def _question(question: QuestionFeedback) -> Iterator[str]:
    yield ""
    yield f"## {markdown(question.name)}: {question.points}"
    if question.hint:
        yield ""
        yield markdown(question.hint)
    if not question.cases:
        return
    yield ""
    if question.blocked:
        yield f"{_sentence(question.blocked)}{_called(question.blocked_call)} {question.not_checked}."
        return
    if question.hidden_only:
        yield question.hidden_only
        yield ""
    yield from _cases(question.cases, WORDS - words(question.hidden_only) - words(question.hint))


def _cases(cases: Sequence[CaseFeedback], room: int) -> Iterator[str]:
    """Yield a line for each case, in no more than `room` words.

    Where these don't suffice, cases that passed share a line, then details of the others are left out, then cases.
    """
    heads = {id(case): _case_head(case) for case in cases}
    lost = [case for case in cases if not case.passed]
    right = [case for case in cases if case.passed]
    room -= TAIL if right else 2
    needed = sum(words(heads[id(case)]) for case in lost)
    while lost and (needed > room or (len(lost) < len(cases) - len(right) and needed > room - MESSAGE)):
        needed -= words(heads[id(lost.pop())])
    room -= needed
    details = dict(_details(lost, room))
    room -= sum(map(words, details.values()))
    named = right if sum(words(heads[id(case)]) for case in right) <= room else []
    for case in cases:
        if case in lost or case in named:
            yield f"- {heads[id(case)]}{details.get(id(case), '')}"
    if more := len(cases) - len(right) - len(lost):
        yield f"- And {more} more."
    if right and not named:
        earned = number(sum(case.points for case in right))
        yield f"- All other requirements are met ({STATUS_WORDS[Status.PASSED]}, {earned} of {earned})."


def _case_head(case: CaseFeedback) -> str:
    return f"**{markdown(case.title)}** ({case.outcome})"


def _details(lost: Sequence[CaseFeedback], room: int) -> Iterator[tuple[int, str]]:
    """Yield what went wrong in each case, as long as there is room: messages first, then the arguments of calls."""
    seen: set[str] = set()
    messages: dict[int, str] = {}
    for case in lost:
        text = "the same" if case.message and case.message_pattern in seen else _sentence(case.message)
        if words(text) <= room:
            room -= words(text)
            seen.add(case.message_pattern)
            messages[id(case)] = text
    for case in lost:
        text = messages.get(id(case), "")
        more = _called_again(case.called) if text == "the same" else _called(case.called)
        if words(more) <= room:
            room -= words(more)
            text = (text + more).strip()
        yield id(case), f": {text}" if text else ""


def _called_again(called: str) -> str:
    return f" with {code(called)}" if 0 < len(called) <= SHORT else ""


def _called(called: str) -> str:
    return f" It was called with {code(called)}." if called else ""


def _sentence(message: str) -> str:
    text = one_line(shortened(message, MESSAGE))
    # The full stop comes before Markdown is escaped: a message "1" would begin a list as "1."
    return markdown(text if not text or text.endswith((".", "?", "!", "…")) else f"{text}.")


def _notes(shown: SubmissionFeedback) -> Iterator[str]:
    report = shown.report
    if report.notes:
        yield ""
        yield "## Notes"
        yield ""
        yield from (f"- {markdown(note)}" for note in report.notes)
    if report.sandbox_notes:
        yield ""
        yield shown.said_inside
        yield ""
        yield from (f"- {markdown(quoted(note))}" for note in report.sandbox_notes)


def _foot(shown: SubmissionFeedback) -> Iterator[str]:
    """Yield what is needed to grade the submission again, and what stood between its code and the grader."""
    report = shown.report
    yield ""
    yield "---"
    yield ""
    yield markdown(shown.protections)
    yield ""
    yield (
        f"Submission {code(report.digest[:12])}, assignment {code(report.assignment_digest[:12])}, "
        f"grader {code(report.grader_version)}."
    )
