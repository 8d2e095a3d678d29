"""The cases of a question as lines of Markdown, in few words: what went wrong is told once, and first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader._util.escaping import escape_markdown, markdown_code, one_line
from grader._util.wording import count_words, format_number, limit_words
from grader.gradebook.report_size import MAX_MESSAGE
from grader.models import CaseResult, Status
from grader.statuses import STATUS_TEXT, STATUSES

MESSAGE = 45  # words of one message that are shown
SHORT = 25  # characters of what a function was called with that are shown again
TAIL = 9  # words for what is told of cases that aren't listed
LINE = re.compile(r"line \d+: .*")
NUMBERS = re.compile(r"\([\d, ]*\)|\[[\d, ]*\]|[-\d.e+]+")  # nothing may follow a run: looking for it is quadratic
NOT_AGAIN = " was not called again: "  # as the handle says it of a function that hung or ended the process


def same_ending(cases: Sequence[CaseResult]) -> CaseResult | None:
    """The first case, when one and the same thing kept every case from being judged."""
    first, *_ = cases
    ended = first.status not in (Status.PASSED, Status.FAILED)
    same = {(case.status, case.message.partition(NOT_AGAIN)[2] or case.message) for case in cases}
    return first if ended and len(same) == 1 else None


def told_once(cases: Sequence[CaseResult]) -> str:
    """What kept every case from being judged, when that is one and the same thing; empty when it isn't."""
    if not (first := same_ending(cases)):
        return ""
    called = first.called if STATUSES[first.status].shows_call else ""
    return (_sentence(first.message) or f"{STATUS_TEXT[first.status].capitalize()}.") + _called(called)


def lines(cases: Sequence[CaseResult], room: int) -> Iterator[str]:
    """A line for each case. Where the words don't suffice, those that are right are told together, then details go."""
    heads = {id(case): _head(case) for case in cases}
    lost = [case for case in cases if case.status != Status.PASSED]
    right = [case for case in cases if case.status == Status.PASSED]
    room -= TAIL if right else 2
    needed = sum(count_words(heads[id(case)]) for case in lost)
    while lost and (needed > room or (len(lost) < len(cases) - len(right) and needed > room - MESSAGE)):
        needed -= count_words(heads[id(lost.pop())])
    room -= needed
    details = dict(_details(lost, room))
    room -= sum(map(count_words, details.values()))
    named = right if sum(count_words(heads[id(case)]) for case in right) <= room else []
    for case in cases:
        if case in lost or case in named:
            yield f"- {heads[id(case)]}{details.get(id(case), '')}"
    if more := len(cases) - len(right) - len(lost):
        yield f"- And {more} more."
    if right and not named:
        earned = format_number(sum(case.points for case in right))
        yield f"- All other requirements are met ({STATUS_TEXT[Status.PASSED]}, {earned} of {earned})."


def _head(case: CaseResult) -> str:
    verdict = f"{STATUS_TEXT[case.status]}, {format_number(case.points)} of {format_number(case.max_points)}"
    return f"**{escape_markdown(case.title) or escape_markdown(case.name)}** ({verdict})"


def _details(lost: Sequence[CaseResult], room: int) -> Iterator[tuple[int, str]]:
    """What went wrong in each case, as long as there is room: messages, then what the function was called with."""
    told: set[str] = set()
    said: dict[int, str] = {}
    for case in lost:
        text = "the same" if case.message and pattern(case.message) in told else _sentence(case.message)
        if count_words(text) <= room:
            room -= count_words(text)
            told.add(pattern(case.message))
            said[id(case)] = text
    for case in lost:
        text = said.get(id(case), "")
        more = _again(case.called) if text == "the same" else _called(case.called)
        if count_words(more) <= room:
            room -= count_words(more)
            text = (text + more).strip()
        yield id(case), f": {text}" if text else ""


def _again(told: str) -> str:
    return f" with {markdown_code(told)}" if 0 < len(told) <= SHORT else ""


def _sentence(message: str) -> str:
    text = one_line(limit_words(message, MESSAGE))
    # The full stop comes before Markdown is escaped: a message "1" would begin a list as "1."
    return escape_markdown(text if not text or text.endswith((".", "?", "!", "…")) else f"{text}.")


def _called(told: str) -> str:
    return f" It was called with {markdown_code(told)}." if told else ""


def pattern(message: str) -> str:
    """What a message has in common with others that tell the same of other numbers."""
    message = message[:MAX_MESSAGE]
    line = LINE.search(message)
    return NUMBERS.sub(_hash, message.partition(": ")[0]) + (line[0] if line else "")


def _hash(found: re.Match[str]) -> str:
    """A sign for numbers. Of a run of their signs, such as 2.5e-3, what stands behind the last digit stays."""
    if found[0][0] in "([":
        return "#"
    number = found[0].rstrip("-.e+")
    return "#" + found[0][len(number) :] if number else found[0]
