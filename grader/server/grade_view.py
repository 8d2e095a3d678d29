"""A student's grade as its reader may see it: what counts, and how it came about."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from grader.gradebook.attempt_worth import AttemptWorth, record_worths
from grader.gradebook.requests import StudentRequest
from grader.gradebook.roster import Person
from grader.policies import Adjustment, Grade, Policy
from grader.policies.compare import StudentRecord
from grader.policies.corrections import holding
from grader.server.portal import Portal
from grader.server.visible import is_staff


class GradeView(msgspec.Struct, frozen=True):
    """Grade of a student, and what people gave and answered."""

    grade: Grade | None  # None as long as its reader may not see it
    policy: Policy
    due: datetime | None  # by the clock of the policy's zone
    own_due: bool  # whether an extension made it later than the class's
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
        due=grade.due and grade.due.astimezone(ZoneInfo(policy.zone or "UTC")),
        own_due=grade.due != policy.due,
        adjustments=tuple(holding(record.adjustments)) if staff else (),
        requests=tuple(portal.requests.of_student(assignment, record.student)),
        late_days=max(0, policy.late.free_days - min(record.days_used)),
        worths=record_worths(record, policy),
    )
