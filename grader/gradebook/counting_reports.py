"""The report of each student that counts: of the hand-in that their grade is made of."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from grader.gradebook.attempt_lists import REAL
from grader.gradebook.grades import grade_of, grades
from grader.gradebook.schema import ATTEMPTS, ENTRIES, PEOPLE, RESULTS, RUNS
from grader.gradebook.store import Gradebook, column_text
from grader.models import ScoreReport
from grader.policies import Grade


def counting_report(book: Gradebook, assignment: str, student: str) -> ScoreReport | None:
    """Return the report that counts for a student; None if there is none."""
    return _report(book, assignment, student, grade_of(book, assignment, student))


def counting_reports(book: Gradebook, assignment: str) -> Iterator[ScoreReport]:
    """Yield the report that counts of each student who has one, sorted by student, one in memory at a time."""
    for student, grade in grades(book, assignment):
        report = _report(book, assignment, student, grade)
        if report:
            yield report


def _report(book: Gradebook, assignment: str, student: str, grade: Grade) -> ScoreReport | None:
    if grade.handin is None:
        return None
    number = _result_of_attempt(book, assignment, student, grade.handin) or _result_of_file(
        book, assignment, student, grade.handin
    )
    return book.report(number) if number else None


def _result_of_attempt(book: Gradebook, assignment: str, student: str, handin: int) -> int | None:
    """Return the result of a hand-in of the portal; None if it isn't one of this student."""
    query = select(ATTEMPTS.c.result).join(PEOPLE, PEOPLE.c.id == ATTEMPTS.c.person)
    query = query.where(REAL, ATTEMPTS.c.id == handin, ATTEMPTS.c.assignment == column_text(assignment))
    with book.reading() as connection:
        return connection.scalar(query.where(PEOPLE.c.name_id == column_text(student)))


def _result_of_file(book: Gradebook, assignment: str, student: str, handin: int) -> int | None:
    """Return the newest result of a file that runs graded; `handin` is the number of its first result."""
    digest = select(RESULTS.c.digest).where(RESULTS.c.id == handin).scalar_subquery()
    query = select(ENTRIES.c.result).join(RESULTS, RESULTS.c.id == ENTRIES.c.result)
    query = query.join(RUNS, RUNS.c.id == ENTRIES.c.run).where(RUNS.c.assignment == column_text(assignment))
    query = query.where(ENTRIES.c.student == column_text(student), RESULTS.c.digest == digest)
    with book.reading() as connection:
        return connection.scalar(query.order_by(ENTRIES.c.run.desc()).limit(1))
