"""Regrades and final grades: which attempts grades depend on, and what a regrade does to grades.

The page, the API, the command, and whoever asks whether grades drop, all ask here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
from sqlalchemy import case, func, select

from grader.gradebook.attempt_lists import REAL
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.final_changes import FinalChange, final_change, with_results
from grader.gradebook.grades import grades_of, some_records
from grader.gradebook.handins import StoredResult, decode_result, read_results
from grader.gradebook.late_days import Instead, assignments_after
from grader.gradebook.regraded import Regrade, RegradedAttempt
from grader.gradebook.report_size import MAX_REPORT
from grader.gradebook.schema import ATTEMPTS, PEOPLE, PREVIEWS
from grader.gradebook.store import Readable, column_text
from grader.policies import Policy, days_after
from grader.policies.compare import StudentRecord

TOGETHER = 200  # reports that are read together


class LaterGrade(msgspec.Struct, frozen=True):
    """Final grade for an assignment due later, for which a regrade leaves other late days of a shared budget."""

    assignment: str
    final: FinalChange


class RegradedGrade(msgspec.Struct, frozen=True):
    """Final grade of a student before and after a regrade, or as it would be."""

    person: int  # Person.number
    student: str
    final: FinalChange
    later: tuple[LaterGrade, ...] = ()  # those that change

    @property
    def drops(self) -> int:
        """Return how many final grades of the student drop: for the assignment, and for those due later."""
        return self.final.drops + sum(each.final.drops for each in self.later)


def attempts_to_regrade(book: Readable, assignment: str, students: Collection[str] | None = None) -> list[int]:
    """Return the numbers of the attempts on which grades depend, in their order.

    Those are the newest attempt of each student, and the one that counts. If the best one counts, all do: another may
    be the best when all are graded again.

    :param students: ids of these alone; None for everybody
    """
    theirs = (REAL, ATTEMPTS.c.assignment == column_text(assignment), PEOPLE.c.role == "student")
    query = select(PEOPLE.c.name_id, ATTEMPTS.c.id).join(PEOPLE, PEOPLE.c.id == ATTEMPTS.c.person).where(*theirs)
    with book.reading() as connection:
        rows = [row for row in connection.execute(query) if students is None or row.name_id in students]
    if stored_policy(book, assignment).counts == "best":
        return sorted(row.id for row in rows)
    newest: dict[str, int] = {}
    for row in rows:
        newest[row.name_id] = max(row.id, newest.get(row.name_id, 0))
    counting = {each.handin for each in grades_of(book, assignment, sorted(newest)).values()}
    return sorted({*newest.values(), *(row.id for row in rows if row.id in counting)})


def regraded_grades(book: Readable, regrade: Regrade, found: Sequence[RegradedAttempt]) -> dict[int, RegradedGrade]:
    """Return person -> final grade, of all with a result that a regrade replaces by another, or would replace.

    All results of a student are replaced together; those that stay as they were are left out.

    :param found: attempts of the regrade
    """
    changed = [one for one in found if one.changed and one.kept is None and one.ended]
    names = _names(book, (one.person for one in changed))
    before = read_results(book, [one.result_before for one in changed if one.result_before is not None])
    after = read_results(book, [one.result_after for one in changed if one.result_after is not None])
    previewed = _previewed(book, regrade, [one.number for one in changed if one.result_after is None])
    olds = {one.number: old for one in changed if (old := before.get(one.result_before or 0))}
    news = {one.number: new for one in changed if (new := after.get(one.result_after or 0))} | previewed
    people = {name: number for number, name in names.items()}
    policy = stored_policy(book, regrade.assignment)
    records = some_records(book, regrade.assignment, sorted(people), policy)
    pairs = [(with_results(each, olds), with_results(each, news)) for each in records]
    later = _later_grades(book, regrade.assignment, policy, pairs)
    return {
        people[old.student]: RegradedGrade(
            people[old.student], old.student, final_change(old, new, policy), tuple(later.get(old.student, ()))
        )
        for old, new in pairs
    }


def _later_grades(
    book: Readable, assignment: str, policy: Policy, pairs: Sequence[tuple[StudentRecord, StudentRecord]]
) -> dict[str, list[LaterGrade]]:
    """Return student -> the grades that change because an assignment takes other late days of a shared budget.

    :param pairs: records of the assignment before and after
    """
    names = assignments_after(book, assignment, policy)
    moved = [pair for pair in pairs if _days(pair[0], policy) != _days(pair[1], policy)] if names else []
    before, after = (Instead(assignment, {pair[side].student: pair[side] for pair in moved}) for side in (0, 1))
    found: dict[str, list[LaterGrade]] = {}
    for name in names if moved else ():
        other, students = stored_policy(book, name), sorted(before.records)
        olds = some_records(book, name, students, other, instead=before)
        news = some_records(book, name, students, other, instead=after)
        for old, new in zip(olds, news, strict=True):
            change = final_change(old, new, other)
            if change.before != change.after:
                found.setdefault(old.student, []).append(LaterGrade(name, change))
    return found


def _days(record: StudentRecord, policy: Policy) -> frozenset[int]:
    parts = (record.handins, policy, record.extensions, record.adjustments)
    return days_after(*parts, days_used=record.days_used)


def _names(book: Readable, people: Iterable[int]) -> dict[int, str]:
    """Return number of a person -> their id, of students: others have no grade."""
    numbers, found = sorted(set(people)), dict[int, str]()
    with book.reading() as connection:
        for start in range(0, len(numbers), TOGETHER):
            some = PEOPLE.c.id.in_(numbers[start : start + TOGETHER])
            query = select(*PEOPLE.c["id", "name_id"]).where(some, PEOPLE.c.role == "student")
            found |= {row.id: row.name_id for row in connection.execute(query)}
    return found


def _previewed(book: Readable, regrade: Regrade, attempts: Sequence[int]) -> dict[int, StoredResult]:
    """Return number of an attempt -> what a preview made of it, as far as it can be read."""
    readable = case((func.length(PREVIEWS.c.report) <= MAX_REPORT, PREVIEWS.c.report), else_=None)
    found: dict[int, StoredResult] = {}
    with book.reading() as connection:
        for start in range(0, len(attempts), TOGETHER):
            some = PREVIEWS.c.attempt.in_(attempts[start : start + TOGETHER])
            query = select(PREVIEWS.c.attempt, readable).where(PREVIEWS.c.regrade == regrade.number, some)
            found |= {number: decode_result(text) for number, text in connection.execute(query) if text is not None}
    return found
