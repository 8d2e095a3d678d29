"""Lists about a course that several tables know parts of: its assignments, and the grades that students learn."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from grader._util.wording import format_number
from grader.gradebook.flags import VERSION_OF
from grader.gradebook.grades import grades
from grader.gradebook.report_places import score_at
from grader.gradebook.schema import FLAGS
from grader.gradebook.store import Gradebook


def known_assignments(book: Gradebook) -> list[str]:
    """Return the assignments that were graded, and those that a portal offers, sorted."""
    with book.reading() as connection:
        found = connection.scalars(select(FLAGS.c.name).where(FLAGS.c.name.startswith(VERSION_OF, autoescape=True)))
        offered = {name.removeprefix(VERSION_OF) for name in found}
    return sorted(offered | set(book.assignments()))


def check_question(book: Gradebook, assignment: str, question: str) -> None:
    """Raise NoSuchPlace if the reports of an assignment have no such question. Without a report, nobody can tell."""
    report = next(iter(book.for_assignment(assignment)), None)
    if report and report.questions:
        score_at(report, question)


def announced_grades(book: Gradebook, assignment: str) -> Iterator[tuple[str, str]]:
    """Yield each student with the grade that they learn by a release, for the audit log."""
    for student, grade in grades(book, assignment):
        points = f"{format_number(grade.final)} of {format_number(grade.max)}"
        yield student, points if grade.state == "graded" else grade.state
