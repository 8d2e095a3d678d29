"""Grades of a class: what `decide` makes of what students handed in, and of what people gave them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace
from sqlalchemy import func, select

from grader.gradebook.adjustments import adjustments_of_assignment
from grader.gradebook.attempt_lists import REAL
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.handins import read_class, read_some, roster_students
from grader.gradebook.late_days import Instead, days_taken
from grader.gradebook.runs import student_sort_key
from grader.gradebook.schema import ATTEMPTS, PEOPLE
from grader.gradebook.store import Gradebook, Readable, column_text
from grader.policies import Grade, Policy
from grader.policies.compare import StudentRecord

NO_POLICY = Policy()


def grades(book: Gradebook, assignment: str) -> Iterator[tuple[str, Grade]]:
    """Yield the students of an assignment with their grades, sorted by student."""
    policy = stored_policy(book, assignment)
    for record in class_records(book, assignment, policy):
        yield record.student, record.grade(policy)


def grades_of(book: Readable, assignment: str, students: Sequence[str]) -> dict[str, Grade]:
    """Return student -> grade, of some students: pages show a part of a class."""
    policy = stored_policy(book, assignment)
    return {each.student: each.grade(policy) for each in some_records(book, assignment, students, policy)}


def grade_of(book: Readable, assignment: str, student: str) -> Grade:
    """Return the grade of one student."""
    policy = stored_policy(book, assignment)
    return student_record(book, assignment, student, policy).grade(policy)


def class_records(
    book: Readable, assignment: str, policy: Policy = NO_POLICY, zone: str = ""
) -> Iterator[StudentRecord]:
    """Yield what the grades of a class depend on, sorted by student: of everybody in the roster or with a result.

    Hand-ins have questions only where a person's adjustment may need them.

    :param policy: says which other assignments take late days of the same budget, if any do
    :param zone: of times that a platform wrote without one; without it, the policy's
    """
    taken = days_taken(book, assignment, policy)
    for record in read_class(book, assignment, zone or policy.zone):
        yield replace(record, days_used=taken[record.student]) if record.student in taken else record


def some_records(
    book: Readable,
    assignment: str,
    students: Sequence[str],
    policy: Policy,
    *,
    details: bool = False,
    instead: Instead | None = None,
) -> Iterator[StudentRecord]:
    """Yield what the grades of some students depend on, in their order, as `class_records` does.

    :param details: whether all hand-ins have their questions and cases
    :param instead: records of an assignment due before, which say how many late days it took
    """
    taken = days_taken(book, assignment, policy, students, instead)
    for record in read_some(book, assignment, students, policy.zone, details=details):
        yield replace(record, days_used=taken[record.student]) if record.student in taken else record


def student_record(book: Readable, assignment: str, student: str, policy: Policy = NO_POLICY) -> StudentRecord:
    """Return what the grade of one student depends on. All hand-ins have their questions and cases."""
    return next(some_records(book, assignment, [student], policy, details=True))


def students_to_review(book: Gradebook, assignment: str, limit: int) -> list[str]:
    """Return the students whose grade may need a person: with a result in doubt, a bad file, or an adjustment.

    At most `limit` of those with attempts, the newest first.
    """
    query = select(PEOPLE.c.name_id).join(ATTEMPTS, PEOPLE.c.id == ATTEMPTS.c.person)
    query = query.where(REAL, PEOPLE.c.role == "student", ATTEMPTS.c.assignment == column_text(assignment))
    query = query.where(ATTEMPTS.c.state.in_(["review", "rejected"])).group_by(PEOPLE.c.name_id)
    with book.reading() as connection:
        found = connection.scalars(query.order_by(func.max(ATTEMPTS.c.id).desc()).limit(limit)).all()
    return sorted({*found, *adjustments_of_assignment(book, assignment)}, key=student_sort_key)


def student_names(book: Gradebook, assignment: str) -> list[str]:
    """Return the students in the roster, and those with a result for the assignment, sorted."""
    names = {*roster_students(book), *book.for_assignment(assignment).students()}
    return sorted(names, key=student_sort_key)
