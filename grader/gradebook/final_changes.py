"""What another result of a hand-in does to a student's grade: for the difference of two runs, and for regrades."""

from __future__ import annotations

import msgspec

from grader._util.wording import format_number
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.graded_reports import has_grades
from grader.gradebook.grades import class_records, handin_state, question_scores
from grader.gradebook.store import Gradebook
from grader.models import ScoreReport
from grader.policies import Grade, HandIn, Policy
from grader.policies.compare import StudentRecord
from grader.policies.corrections import holding


class FinalChange(msgspec.Struct, frozen=True):
    """Final grade of a student before and after, under the policy and the adjustments of now."""

    before: str  # 16.2 / 20, or rejected
    after: str
    by: float  # change in points
    adjusted: bool  # whether a person has adjusted the student's grade
    flagged: tuple[str, ...]  # why a person should look at an adjustment again

    def sentences(self, arrow: str = "->") -> list[str]:
        """Return what happens to the grade, and what a person should look at."""
        adjusted = "; a person has adjusted it" if self.adjusted else ""
        again = [f"look at the adjustment again: {reason}" for reason in self.flagged]
        return [f"final grade {self.before} {arrow} {self.after}{adjusted}", *again]


class FinalChanges:
    """Final grades of a class with other results. It reads what the grades depend on once.

    :param policy: instead of the stored one
    """

    def __init__(self, book: Gradebook, assignment: str, policy: Policy | None = None) -> None:
        self._policy = stored_policy(book, assignment) if policy is None else policy
        self._records: dict[str, StudentRecord] = {}
        if has_grades(book, assignment, self._policy):
            self._records = {each.student: each for each in class_records(book, assignment, self._policy.zone)}

    def __bool__(self) -> bool:
        """Return whether a policy or a person has a say in any grade."""
        return bool(self._records)

    def between_runs(self, old: ScoreReport, new: ScoreReport) -> FinalChange | None:
        """Return what a newer report of a student did to their grade; None if no policy and no person has a say.

        Each grade is made of what had been handed in by then.
        """
        record = self._records.get(old.student)
        return self._change(record, _as_of(record, old), _as_of(record, new)) if record else None

    def of_handin(
        self, student: str, number: int, before: ScoreReport | None, after: ScoreReport | None
    ) -> FinalChange | None:
        """Return what another result of a hand-in does to the grade of its student; None as in `between_runs`.

        :param number: of the hand-in
        :param before: its report before; None if it is the one that counts now, as for `after`
        """
        record = self._records.get(student)
        if record is None:
            return None
        return self._change(record, _with_report(record, number, before), _with_report(record, number, after))

    def _change(self, record: StudentRecord, old: StudentRecord, new: StudentRecord) -> FinalChange:
        before, after = old.grade(self._policy), new.grade(self._policy)
        by = round(after.final - before.final, 2)
        flagged = tuple(dict.fromkeys(each.reason for each in after.flagged))
        return FinalChange(_as_text(before), _as_text(after), by, bool(holding(record.adjustments)), flagged)


def _as_of(record: StudentRecord, report: ScoreReport) -> StudentRecord:
    """Return a record as it was when a report was the newest."""
    found = next((each for each in record.handins if each.digest == report.digest), None)
    if found is None:
        return record
    earlier = tuple(each for each in record.handins if each.number < found.number)
    return msgspec.structs.replace(record, handins=(*earlier, _with_result(found, report)))


def _with_report(record: StudentRecord, number: int, report: ScoreReport | None) -> StudentRecord:
    """Return a record in which a hand-in has another report."""
    if report is None:
        return record
    handins = (_with_result(each, report) if each.number == number else each for each in record.handins)
    return msgspec.structs.replace(record, handins=tuple(handins))


def _with_result(handin: HandIn, report: ScoreReport) -> HandIn:
    return msgspec.structs.replace(
        handin,
        state=handin_state(report),
        score=report.score,
        max_score=report.max_score,
        questions=question_scores(report),
    )


def _as_text(grade: Grade) -> str:
    if grade.state not in ("graded", "review"):
        return grade.state
    return f"{format_number(grade.final)} / {format_number(grade.max)}"
