"""What another result of a hand-in does to a student's grade: for the difference of two runs, and for regrades."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from grader._util.wording import format_number
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.graded_reports import has_grades
from grader.gradebook.grades import class_records
from grader.gradebook.handins import StoredResult, handin_state, question_scores
from grader.gradebook.points import Points
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
    drops: bool = False  # whether it falls, in points or as a share of the maximum

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
            self._records = {each.student: each for each in class_records(book, assignment, self._policy)}

    def __bool__(self) -> bool:
        """Return whether a policy or a person has a say in any grade."""
        return bool(self._records)

    def between_runs(self, old: ScoreReport, new: ScoreReport) -> FinalChange | None:
        """Return what a newer report of a student did to their grade; None if no policy and no person has a say.

        Each grade is made of what had been handed in by then.
        """
        record = self._records.get(old.student)
        return final_change(_as_of(record, old), _as_of(record, new), self._policy) if record else None


def final_change(before: StudentRecord, after: StudentRecord, policy: Policy) -> FinalChange:
    """Return the difference between the grades of two records of a student.

    A grade drops by its final points alone: a score that falls in a file that doesn't count costs nothing, and a score
    that rises may lower the grade, as of a newer file that could not be read before. A grade that isn't certain yet,
    which students don't see, can't drop.
    """
    old, new = before.grade(policy), after.grade(policy)
    flagged = tuple(dict.fromkeys(each.reason for each in new.flagged))
    certain = old.state in ("graded", "rejected")
    return FinalChange(
        before=_as_text(old),
        after=_as_text(new),
        by=round(new.final - old.final, 2),
        adjusted=bool(holding(before.adjustments)),
        flagged=flagged,
        drops=certain and Points(new.final, new.max).is_below(Points(old.final, old.max)),
    )


def with_results(record: StudentRecord, results: Mapping[int, StoredResult | ScoreReport]) -> StudentRecord:
    """Return a record in which some hand-ins have other results.

    :param results: by number of the hand-in
    """
    handins = (_with_result(each, results[each.number]) if each.number in results else each for each in record.handins)
    return msgspec.structs.replace(record, handins=tuple(handins))


def _as_of(record: StudentRecord, report: ScoreReport) -> StudentRecord:
    """Return a record as it was when a report was the newest."""
    found = next((each for each in record.handins if each.digest == report.digest), None)
    if found is None:
        return record
    earlier = tuple(each for each in record.handins if each.number < found.number)
    return msgspec.structs.replace(record, handins=(*earlier, _with_result(found, report)))


def _with_result(handin: HandIn, report: StoredResult | ScoreReport) -> HandIn:
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
