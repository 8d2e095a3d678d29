"""View model of the feedback on a submission, as plain text. Each format renders it in its own markup.

Texts may hold what a student wrote. A renderer has to escape them for its format (grader/_util/escaping.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader._util.escaping import one_line
from grader._util.wording import LATE_NOTE, SANDBOX_NOTE_PREFIX, format_change, format_number, format_points
from grader.gradebook.report_size import MAX_MESSAGE
from grader.models import CaseResult, Correction, Exhibit, QuestionResult, ReportGrade, ScoreReport, Status, TimeUse
from grader.statuses import STATUS_TEXT, STATUSES

HIDDEN_ONLY = "The public checks of the assignment don't cover the points lost here, so they may pass nevertheless."
WHY = "Why this grade:"  # before the sentence of its ledger
MAX_CORRECTION = 2500  # characters of a comment with its author
MAX_SENTENCE = 1000  # characters of that sentence; the comments in it stand in full at what they are about
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

    name: str
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
    corrections: tuple[str, ...] = ()  # of people: "+1 by A. Instructor: unclear wording"

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
    corrections: tuple[str, ...] = ()  # of people, of the whole question and of cases that it no longer has
    corrected_by: float = 0.0  # points that people added to it and its cases; below 0 if they took off

    @property
    def lost(self) -> bool:
        """Return whether there is something to read: points were lost, a case didn't pass, or a person changed it."""
        return self.score < self.max_score or self.status is not Status.PASSED or self.is_corrected

    @property
    def is_corrected(self) -> bool:
        """Return whether a person has changed something in it."""
        return bool(self.corrections) or any(case.corrections for case in self.cases)

    @property
    def final(self) -> float:
        """Return the points with what people added."""
        return self.score + self.corrected_by

    @property
    def scored(self) -> str:
        """Return the points as text: "3"; with what people added, "3 + 1"."""
        change = f" {format_change(self.corrected_by)}" if self.is_corrected else ""
        return format_number(self.score) + change

    @property
    def points(self) -> str:
        """Return the score as text: "3 of 5"; with what people added, "3 + 1 of 5"."""
        return f"{self.scored} of {format_number(self.max_score)}"

    @property
    def not_checked(self) -> str:
        """Return a sentence, without full stop, for a question that is `blocked`."""
        if len(self.cases) == 1:
            return "Its requirement couldn't be checked"
        return f"None of the {len(self.cases)} requirements could be checked"


@dataclass(frozen=True)
class Notice:
    """Notice about the submission, shown before everything else."""

    tone: str  # "wrong", "wait" or "grade"
    headline: str  # may be empty
    text: str


@dataclass(frozen=True)
class SubmissionFeedback:
    """Feedback on one submission."""

    report: ScoreReport
    score: str  # "7": the grade
    max_score: str  # "40 points"
    notices: tuple[Notice, ...]
    questions: tuple[QuestionFeedback, ...]
    sandbox_notes_intro: str  # sentence before the notes of the submission's own process
    protections: str


def feedback(report: ScoreReport) -> SubmissionFeedback:
    """Return the feedback in a report, with what people said where it belongs."""
    placed = _placed_corrections(report)
    return SubmissionFeedback(
        report=report,
        score=format_number(report.final),
        max_score=format_points(report.final_max),
        notices=tuple(_notices(report, placed.get("", ()))),
        questions=tuple(question_feedback(question, placed.get(question.name, ())) for question in report.questions),
        sandbox_notes_intro=SANDBOX_NOTE_PREFIX,
        protections=_protections(report),
    )


def _placed_corrections(report: ScoreReport) -> dict[str, list[Correction]]:
    """Return question -> corrections in order; those of the whole, and of lost questions, under an empty name."""
    known = {question.name for question in report.questions}
    placed: dict[str, list[Correction]] = {}
    for each in report.grade.corrections if report.grade else ():
        placed.setdefault(each.question if each.question in known else "", []).append(each)
    return placed


def _notices(report: ScoreReport, corrections: Sequence[Correction]) -> Iterator[Notice]:
    grade = report.grade
    if grade and _is_explained(grade):
        sentence = one_line(grade.sentence, MAX_SENTENCE)
        yield Notice("grade", WHY, sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}.")
    for each in corrections:
        yield Notice("grade", "", correction_text(each, "/".join(filter(None, (each.question, each.case)))))
    if report.late and not (grade and any(step.kind == "late" for step in grade.steps)):
        yield Notice("wait", "", LATE_NOTE)
    if report.status == "rejected":
        yield Notice("wrong", *REJECTED)
    if report.awaits_review:
        yield Notice("wait", *NEEDS_REVIEW)


def _is_explained(grade: ReportGrade) -> bool:
    """Return whether the sentence of a grade says more than its points."""
    return len(grade.steps) > 1 or grade.state != "graded"


def correction_text(correction: Correction, place: str = "") -> str:
    """Return what a person changed: "+1 by A. Instructor: unclear wording".

    :param place: question or case, where the text doesn't stand at it
    """
    points = format_change(correction.points).replace(" ", "")
    comment = f": {correction.comment}" if correction.comment else ""
    where = f" for {place}" if place else ""
    return one_line(f"{points}{where} by {correction.who}{comment}", MAX_CORRECTION)


def _protections(report: ScoreReport) -> str:
    if report.sandbox:
        return f"Protections in force: {', '.join(report.sandbox)}."
    return "No protections were in force." if report.status == "graded" else "No code was run."


def question_feedback(question: QuestionResult, corrections: Sequence[Correction] = ()) -> QuestionFeedback:
    """Return the feedback on one question.

    :param corrections: of the question and its cases
    """
    blocker = _blocker(question.cases)
    lost = [case for case in question.cases if case.status is not Status.PASSED]
    names = {case.name for case in question.cases}
    if any(each.case in names for each in corrections):
        blocker = None  # each case is listed, because people said something about one
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
        cases=tuple(_cases(question.cases, corrections)),
        corrections=tuple(correction_text(each, each.case) for each in corrections if each.case not in names),
        corrected_by=sum(each.points for each in corrections),
    )


def _blocker(cases: Sequence[CaseResult]) -> CaseResult | None:
    """Return the first case if no case could be checked, all for one reason; else None."""
    if not cases or cases[0].status in (Status.PASSED, Status.FAILED):
        return None
    reasons = {(case.status, case.message.partition(NOT_CALLED_AGAIN)[2] or case.message) for case in cases}
    return cases[0] if len(reasons) == 1 else None


def _cases(cases: Sequence[CaseResult], corrections: Sequence[Correction]) -> Iterator[CaseFeedback]:
    seen: set[str] = set()
    placed: dict[str, list[str]] = {}
    for each in corrections:
        placed.setdefault(each.case, []).append(correction_text(each))
    for case in cases:
        pattern = message_pattern(case.message)
        yield CaseFeedback(
            name=case.name,
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
            corrections=tuple(placed.get(case.name, ())),
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
