"""A student's grade as its reader may see it: what counts, and how it came about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from grader.gradebook.attempt_worth import AttemptWorth, record_worths
from grader.gradebook.requests import StudentRequest
from grader.gradebook.roster import Person
from grader.policies import Adjustment, Grade, Policy
from grader.policies.compare import StudentRecord
from grader.policies.corrections import holding
from grader.policies.lateness import StudentDeadline, late_sentence
from grader.policies.policy import LateRule
from grader.server.portal import Portal
from grader.server.visible import is_staff


class DueDateView(msgspec.Struct, frozen=True):
    """A student's due date, and what it costs to miss it."""

    due: datetime  # by the clock of the policy's zone
    own: bool  # whether an extension made it later than the class's
    seconds_left: float  # below 0 when it is over
    late: str  # what a file of now has, or once it is over: "10 % off for 1 day late"; empty if it isn't late


class GradeView(msgspec.Struct, frozen=True):
    """Grade of a student, and what people gave and answered."""

    grade: Grade | None  # None as long as its reader may not see it
    policy: Policy
    handins: int  # number of files that the student handed in
    deadline: DueDateView | None
    adjustments: tuple[Adjustment, ...]  # those that hold; for the staff alone
    requests: tuple[StudentRequest, ...]
    late_days: int  # of the student's budget that assignments due before have left
    worths: dict[int, AttemptWorth]  # of each attempt with a score, by its number; for `AssignmentView.see`

    @property
    def adds(self) -> bool:
        """Return whether the grade says more than the score of the newest submission does."""
        return self.grade is not None and (len(self.grade.ledger) > 1 or self.policy.counts != "last")


def view_grade(portal: Portal, assignment: str, record: StudentRecord, viewer: Person) -> GradeView:
    """Return a student's grade as a viewer may see it."""
    policy = portal.courses[assignment].policy
    grade = record.grade(policy)
    staff = is_staff(viewer)
    hidden = not staff and portal.view(assignment).disclosure.withheld
    return GradeView(
        grade=None if hidden else grade,
        policy=policy,
        handins=len(record.handins),
        deadline=_deadline(policy, grade.due, min(record.days_used), datetime.now(UTC)) if grade.due else None,
        adjustments=tuple(holding(record.adjustments)) if staff else (),
        requests=tuple(portal.requests.of_student(assignment, record.student)),
        late_days=max(0, policy.late.free_days - min(record.days_used)),
        worths=record_worths(record, policy),
    )


def _deadline(policy: Policy, due: datetime, days_used: int, now: datetime) -> DueDateView:
    """Return a due date as it is now.

    :param days_used: late days that assignments due before took
    """
    first_late = due + policy.grace + timedelta(milliseconds=1)
    late = StudentDeadline(policy, due, policy.late.free_days - days_used).lateness(now if now > due else first_late)
    sentence = late_sentence(late, policy.late, kept=policy.late == LateRule()) if late.elapsed else ""
    local = due.astimezone(ZoneInfo(policy.zone or "UTC"))
    return DueDateView(local, due != policy.due, (due - now).total_seconds(), sentence)
