"""The feedback on a submission as plain text: one view model, which every format renders in its own markup.

Texts may hold what a student wrote. A renderer escapes each of them for where it goes (grader/_util/escaping.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader._util.wording import LATE_NOTE, SANDBOX_NOTE_PREFIX, format_number, format_points
from grader.gradebook.report_size import MAX_MESSAGE
from grader.models import CaseResult, Exhibit, QuestionResult, ScoreReport, Status, TimeUse
from grader.statuses import STATUS_TEXT, STATUSES

HIDDEN_ONLY = "The checks that came with the assignment don't cover what was lost here, so they may pass all the same."
REJECTED = ("This submission could not be graded.", "The notes below say why.")
NEEDS_REVIEW = ("A person will look at this report.", "Something failed on our side, so the score isn't final.")
LINE = re.compile(r"line \d+: .*")
NUMBER = re.compile(r"\([\d, ]*\)|\[[\d, ]*\]|[-\d.e+]+")  # nothing may follow a run: looking for it is quadratic
NOT_CALLED_AGAIN = " was not called again: "  # as the handle says it of a function that hung or ended the process


@dataclass(frozen=True)
class CaseFeedback:
    """What a report says about one hidden case."""

    title: str
    status: Status
    outcome: str  # "wrong, 0 of 2"
    message: str  # what went wrong
    message_pattern: str  # the message without its numbers
    repeated: bool  # a case above has the same message but for numbers
    called: str  # the arguments of the call that went wrong
    exhibits: tuple[Exhibit, ...]
    points: float
    time_use: TimeUse | None  # of a case that timed out; for instructors, no page of a student shows it

    @property
    def passed(self) -> bool:
        return self.status is Status.PASSED


@dataclass(frozen=True)
class QuestionFeedback:
    """What a report says about one question."""

    name: str
    status: Status
    status_text: str
    score: float
    max_score: float
    substituted: tuple[str, ...]  # questions whose right version stood in for the student's
    hint: str  # about a known mistake
    blocked: str  # the one thing that kept every case from being judged; empty when cases ended differently
    blocked_call: str  # the arguments of the call that it happened in, where that explains it
    hidden_only: str  # a sentence, where the public checks don't cover what was lost
    cases: tuple[CaseFeedback, ...]

    @property
    def lost(self) -> bool:
        """Whether there is anything to say but that it is right."""
        return self.score < self.max_score or self.status is not Status.PASSED

    @property
    def points(self) -> str:
        return f"{format_number(self.score)} of {format_number(self.max_score)}"

    @property
    def not_checked(self) -> str:
        return f"None of the {len(self.cases)} requirements could be checked"


@dataclass(frozen=True)
class Notice:
    """Something about the whole submission that a reader should see first."""

    tone: str  # "wrong" or "wait"
    headline: str  # empty where `text` says all
    text: str


@dataclass(frozen=True)
class SubmissionFeedback:
    """What a report says about one submission."""

    report: ScoreReport
    score: str  # "7"
    max_score: str  # "40 points"
    notices: tuple[Notice, ...]
    questions: tuple[QuestionFeedback, ...]
    sandbox_notes_intro: str  # introduces the notes of the submission's own process
    protections: str


def feedback(report: ScoreReport) -> SubmissionFeedback:
    """Return what a report says, in words."""
    return SubmissionFeedback(
        report=report,
        score=format_number(report.score),
        max_score=format_points(report.max_score),
        notices=tuple(_notices(report)),
        questions=tuple(question_feedback(question) for question in report.questions),
        sandbox_notes_intro=SANDBOX_NOTE_PREFIX,
        protections=_protections(report),
    )


def _notices(report: ScoreReport) -> Iterator[Notice]:
    if report.late:
        yield Notice("wait", "", LATE_NOTE)
    if report.status == "rejected":
        yield Notice("wrong", *REJECTED)
    if report.needs_review:
        yield Notice("wait", *NEEDS_REVIEW)


def _protections(report: ScoreReport) -> str:
    if report.sandbox:
        return f"Protections in force: {', '.join(report.sandbox)}."
    return "No protections were in force." if report.status == "graded" else "No code was run."


def question_feedback(question: QuestionResult) -> QuestionFeedback:
    """Return what a report says about one question."""
    blocker = _blocker(question.cases)
    lost = [case for case in question.cases if case.status is not Status.PASSED]
    return QuestionFeedback(
        name=question.name,
        status=question.status,
        status_text=STATUS_TEXT[question.status],
        score=question.score,
        max_score=question.max_score,
        substituted=question.lent,
        hint=question.diagnosis.hint if question.diagnosis else "",
        blocked=(blocker.message or f"{STATUS_TEXT[blocker.status].capitalize()}.") if blocker else "",
        blocked_call=blocker.called if blocker and STATUSES[blocker.status].shows_call else "",
        hidden_only=HIDDEN_ONLY if lost and all(case.beyond for case in lost) else "",
        cases=tuple(_cases(question.cases)),
    )


def _blocker(cases: Sequence[CaseResult]) -> CaseResult | None:
    """Return the first case, when one and the same thing kept every case from being judged."""
    if not cases or cases[0].status in (Status.PASSED, Status.FAILED):
        return None
    reasons = {(case.status, case.message.partition(NOT_CALLED_AGAIN)[2] or case.message) for case in cases}
    return cases[0] if len(reasons) == 1 else None


def _cases(cases: Sequence[CaseResult]) -> Iterator[CaseFeedback]:
    seen: set[str] = set()
    for case in cases:
        pattern = message_pattern(case.message)
        yield CaseFeedback(
            title=case.title or case.name,
            status=case.status,
            outcome=f"{STATUS_TEXT[case.status]}, {format_number(case.points)} of {format_number(case.max_points)}",
            message=case.message,
            message_pattern=pattern,
            repeated=bool(case.message) and pattern in seen,
            called=case.called,
            exhibits=case.exhibits,
            points=case.points,
            time_use=case.time_use,
        )
        seen.add(pattern)


def message_pattern(message: str) -> str:
    """Return a message without its numbers: messages of one mistake have it in common."""
    message = message[:MAX_MESSAGE]
    line = LINE.search(message)
    return NUMBER.sub(_placeholder, message.partition(": ")[0]) + (line[0] if line else "")


def _placeholder(found: re.Match[str]) -> str:
    """Return a sign for numbers. Of a run of their signs, such as 2.5e-3, what stands behind the last digit stays."""
    if found[0][0] in "([":
        return "#"
    numeral = found[0].rstrip("-.e+")
    return "#" + found[0][len(numeral) :] if numeral else found[0]
