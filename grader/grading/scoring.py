"""Turns case results into question results and the score report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from grader.gradebook.fingerprint import grader_version
from grader.gradebook.report_size import truncate_report
from grader.models import Assignment, CaseResult, Question, QuestionResult, ScoreReport, Status, Submission
from grader.statuses import STATUSES, severity


def apply_needs(cases: Sequence[CaseResult], needs: Mapping[str, Sequence[str]]) -> list[CaseResult]:
    """Take the points from each passed case that needs another case which didn't pass.

    :param needs: case name -> names of the cases that it needs, which may need others themselves
    """
    settled = {case.name: case for case in cases}
    changed = True
    while changed:
        changed = False
        for case in list(settled.values()):
            lacking = [settled[name] for name in needs.get(case.name, ()) if settled[name].status is not Status.PASSED]
            if case.status is Status.PASSED and lacking:
                settled[case.name] = _without_points(case, lacking[0])
                changed = True
    return list(settled.values())


def _without_points(case: CaseResult, lacking: CaseResult) -> CaseResult:
    message = f'This passes, but it earns points only together with "{lacking.title.rstrip(".")}".'
    return replace(case, status=Status.SKIPPED, points=0.0, message=message)


def question_result(question: Question, cases: Sequence[CaseResult], substituted: Sequence[str] = ()) -> QuestionResult:
    """Return the result of a question: the sum of its cases' points. Its status is the most severe of its cases.

    :param substituted: names that were substituted by the solution's functions
    """
    # Without a single case nothing was judged: no points, and manual review.
    worst = max((case.status for case in cases), key=severity, default=Status.INTERNAL)
    return QuestionResult(
        name=question.name,
        score=_round(sum(case.points for case in cases if case.status is Status.PASSED), question.points),
        max_score=question.points,
        status=worst,
        cases=tuple(cases),
        lent=tuple(substituted),
    )


def report(
    assignment: Assignment,
    submission: Submission,
    questions: Sequence[QuestionResult],
    *,
    protections: Sequence[str],
    notes: Sequence[str] = (),
    sandbox_notes: Sequence[str] = (),
    seconds: float = 0.0,
    load_seconds: float = 0.0,
    peak_memory_bytes: int = 0,
) -> ScoreReport:
    """Return the report of a graded submission, cut to the size limits of report_size.py."""
    whole = ScoreReport(
        student=submission.student,
        file=submission.file,
        digest=submission.digest,
        assignment=assignment.name,
        assignment_digest=assignment.digest,
        grader_version=grader_version(),
        status="graded",
        score=_round(sum(question.score for question in questions), assignment.max_score),
        max_score=assignment.max_score,
        needs_review=any(STATUSES[question.status].needs_review for question in questions),
        sandbox=tuple(protections),
        questions=tuple(questions),
        notes=(*submission.notes, *notes),
        seconds=round(seconds, 3),
        id=submission.id,
        late=submission.late,
        handed_in=submission.handed_in,
        sandbox_notes=tuple(sandbox_notes),
        name=submission.name,
        load_seconds=round(load_seconds, 3),
        peak_memory_bytes=peak_memory_bytes,
        limits=assignment.limits,
    )
    return truncate_report(whole)


def rejected_report(assignment: Assignment, submission: Submission, reason: str) -> ScoreReport:
    """Return the report of a submission that can't be read: score 0, with the reason as a note."""
    empty = report(assignment, submission, (), protections=(), notes=(reason,))
    return replace(empty, status="rejected")


def internal_error_report(
    assignment: Assignment, submission: Submission, problem: str, protections: Sequence[str]
) -> ScoreReport:
    """Return the report of a submission whose grading failed on our side: no points, and manual review."""
    case = CaseResult("grader", "Grader error", Status.INTERNAL, 0.0, 0.0, problem)
    questions = [question_result(question, [case]) for question in assignment.questions]
    return report(assignment, submission, questions, protections=protections)


def unstorable_report(report: ScoreReport, problem: str) -> ScoreReport:
    """Return the report that replaces one the gradebook can't store: no points, and manual review."""
    case = CaseResult("grader", "The report could not be stored", Status.INTERNAL, 0.0, 0.0, problem)
    questions = [QuestionResult(each.name, 0.0, each.max_score, Status.INTERNAL, (case,)) for each in report.questions]
    return replace(
        report, status="graded", score=0.0, needs_review=True, questions=tuple(questions), notes=(), sandbox_notes=()
    )


def _round(points: float, most: float) -> float:
    """Return points in hundredths, at most `most`. All points stay what they are, such as 1/6."""
    return most if points > most or math.isclose(points, most) else min(round(points, 2), most)
