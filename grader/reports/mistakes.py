"""Which answers show the same mistake, so that one answer to a request reaches all who made it."""

from __future__ import annotations

import hashlib

import msgspec

from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from grader.reports.feedback import message_pattern


def mistake_at(report: ScoreReport, question: str, case: str) -> str | None:
    """Return the digest of what went wrong at a case; None if it passed, or the report doesn't have it.

    Two digests are equal for one question, case and diagnosis; without a diagnosis, for one status and message but for
    the numbers in it.
    """
    found = find_case(report, question, case)
    if found is None or found[1].status is Status.PASSED:
        return None
    answered, result = found
    seen = ("diagnosis", answered.diagnosis.name) if answered.diagnosis else (result.status, _pattern(result))
    return hashlib.sha256(msgspec.json.encode([question, case, *seen])).hexdigest()


def find_case(report: ScoreReport, question: str, case: str) -> tuple[QuestionResult, CaseResult] | None:
    """Return a case of a report with its question; None if the report doesn't have it."""
    for answered in report.questions:
        if answered.name == question:
            return next(((answered, result) for result in answered.cases if result.name == case), None)
    return None


def _pattern(result: CaseResult) -> str:
    return message_pattern(result.message).encode("utf-8", "backslashreplace").decode()
