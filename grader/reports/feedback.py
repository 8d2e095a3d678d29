"""View model of the feedback on a submission, as plain text. Each format renders it in its own markup.

Texts may hold what a student wrote. A renderer has to escape them for its format (grader/_util/escaping.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader._util.wording import LATE_NOTE, SANDBOX_NOTE_PREFIX, format_number, format_points
from grader.gradebook.report_size import MAX_MESSAGE
from grader.models import CaseResult, Exhibit, QuestionResult, ScoreReport, Status, TimeUse
from grader.statuses import STATUS_TEXT, STATUSES

HIDDEN_ONLY = "The public checks of the assignment don't cover the points lost here, so they may pass nevertheless."
REJECTED = ("This submission could not be graded.", "The notes below say why.")
NEEDS_REVIEW = (
    "Needs manual review.",
    "The score isn't final: a grader error occurred, or time ran out on a busy machine.",
)
LINE = re.compile(r"line \d+: .*")
NUMBER = re.compile(r"\([\d, ]*\)|\[[\d, ]*\]|[-\d.e+]+")  # no lookahead after a run: it would take quadratic time
NOT_CALLED_AGAIN = " was not called again: "  # of student_proxy: a function that hung or crashed before


@dataclass(frozen=True)
class CaseFeedback:
    """Feedback on one hidden case."""

    title: str
    status: Status
    outcome: str  # "wrong, 0 of 2"
    message: str  # why the case failed
    message_pattern: str  # the message without its numbers
    repeated: bool  # whether the message of an earlier case differs only in numbers
    called: str  # arguments of the call that failed
    exhibits: tuple[Exhibit, ...]
    points: float
    time_use: TimeUse | None  # of a case that timed out; for instructors, not on pages of students

    @property
    def passed(self) -> bool:
        """Return whether the case passed."""
        return self.status is Status.PASSED


@dataclass(frozen=True)
class QuestionFeedback:
    """Feedback on one question."""

    name: str
    status: Status
    status_text: str
    score: float
    max_score: float
    substituted: tuple[str, ...]  # questions whose correct answer replaced the student's
    hint: str  # on a known mistake; may be empty
    blocked: str  # the single reason why no case could be checked; empty if there are several
    blocked_call: str  # arguments of the call that blocked the cases; may be empty
    hidden_only: str  # sentence for a question whose lost points the public checks don't cover; may be empty
    cases: tuple[CaseFeedback, ...]

    @property
    def lost(self) -> bool:
        """Return whether points were lost or a case didn't pass."""
        return self.score < self.max_score or self.status is not Status.PASSED

    @property
    def points(self) -> str:
        """Return the score as text: "3 of 5"."""
        return f"{format_number(self.score)} of {format_number(self.max_score)}"

    @property
    def not_checked(self) -> str:
        """Return a sentence, without full stop, for a question that is `blocked`."""
        if len(self.cases) == 1:
            return "Its requirement couldn't be checked"
        return f"None of the {len(self.cases)} requirements could be checked"


@dataclass(frozen=True)
class Notice:
    """Notice about the submission, shown before everything else."""

    tone: str  # "wrong" or "wait"
    headline: str  # may be empty
    text: str


@dataclass(frozen=True)
class SubmissionFeedback:
    """Feedback on one submission."""

    report: ScoreReport
    score: str  # "7"
    max_score: str  # "40 points"
    notices: tuple[Notice, ...]
    questions: tuple[QuestionFeedback, ...]
    sandbox_notes_intro: str  # sentence before the notes of the submission's own process
    protections: str


def feedback(report: ScoreReport) -> SubmissionFeedback:
    """Return the feedback in a report."""
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
    """Return the feedback on one question."""
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
    """Return the first case if no case could be checked, all for one reason; else None."""
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
    """Return a message with its numbers replaced, so that messages about one mistake are equal."""
    message = message[:MAX_MESSAGE]
    line = LINE.search(message)
    return NUMBER.sub(_placeholder, message.partition(": ")[0]) + (line[0] if line else "")


def _placeholder(found: re.Match[str]) -> str:
    """Return "#" for a number or list of numbers. Keep the punctuation after its last digit: "2.5e-3." -> "#."."""
    if found[0][0] in "([":
        return "#"
    numeral = found[0].rstrip("-.e+")
    return "#" + found[0][len(numeral) :] if numeral else found[0]
