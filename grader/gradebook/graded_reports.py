"""Reports with their grades: of each student the report that counts, and what a policy and people made of its score.

Whatever leaves the grader reads reports here. Where neither a policy nor a person has a say, a report has no grade: its
score is the grade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from grader.gradebook.adjustments import Adjustments
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.extensions import Extensions
from grader.gradebook.grades import class_records, student_record
from grader.gradebook.releases import Releases
from grader.gradebook.runs import student_sort_key
from grader.gradebook.store import Gradebook
from grader.models import Correction, GradeStep, ReportGrade, ScoreReport
from grader.policies import Grade, Policy
from grader.policies.compare import StudentRecord
from grader.policies.corrections import holding
from grader.policies.release import all_released, last_due

BY_HAND = "nothing that could be graded was handed in; the points are a person's"  # note of a report without a result


class CountedGrade(msgspec.Struct, frozen=True):
    """Grade of a student, and the number of the result that it is for; None if it is for none."""

    grade: ReportGrade
    result: int | None


class ClassGrades:
    """Grades of a class as they are now.

    :param policy: instead of the stored one
    """

    def __init__(self, book: Gradebook, assignment: str, policy: Policy | None = None) -> None:
        self.assignment = assignment
        self.policy = stored_policy(book, assignment) if policy is None else policy
        self.grades = dict(_grades(book, assignment, self.policy))  # only where a policy or a person has a say
        self._book = book.for_assignment(assignment)

    def reports(self, key: Callable[[str], tuple[str, str]] = student_sort_key, run: int = 0) -> Iterator[ScoreReport]:
        """Yield the report that counts of each student with its grade, sorted by a key of the student.

        Few are in memory at a time. Who has only points that a person gave has a report without questions.

        :param run: yield the students of this run alone
        """
        if not self.grades:
            yield from self._book.reports(run) if run else self._book.in_order(key)
            return
        results: dict[str, int | None] = dict(self._book.result_numbers(run))
        for name, each in self.grades.items():
            if (name in results or not run) and (each.result or _is_by_hand(each.grade)):
                results[name] = each.result
        ordered = sorted(results, key=key)
        stored = self._book.reports_of(number for name in ordered if (number := results[name]) is not None)
        for name in ordered:
            report = next(stored) if results[name] is not None else _without_result(self.assignment, name)
            yield self.attach(report)

    def attach(self, report: ScoreReport) -> ScoreReport:
        """Return a student's report with their grade."""
        found = self.grades.get(report.student)
        return msgspec.structs.replace(report, grade=found.grade) if found else report


def has_grades(book: Gradebook, assignment: str, policy: Policy | None = None) -> bool:
    """Return whether a policy or a person has a say in any grade of an assignment.

    :param policy: instead of the stored one
    """
    policy = stored_policy(book, assignment) if policy is None else policy
    return policy != Policy() or any(map(holding, Adjustments(book).of_assignment(assignment).values()))


def student_report(book: Gradebook, assignment: str, student: str) -> ScoreReport | None:
    """Return the report that counts of one student, with its grade; None if there is none."""
    report = book.for_assignment(assignment).latest_report(student)
    found = student_grade(book, assignment, student)
    if found is None:
        return report
    if found.result is not None:
        report = book.report(found.result)
    elif _is_by_hand(found.grade):
        report = _without_result(assignment, student)
    return msgspec.structs.replace(report, grade=found.grade) if report else None


def counting_report(book: Gradebook, assignment: str, student: str) -> ScoreReport | None:
    """Return the report of the hand-in that a student's grade is made of, as it was graded; None if there is none."""
    policy = stored_policy(book, assignment)
    result = _result(student_record(book, assignment, student, policy), policy)
    return book.report(result) if result is not None else None


def counting_reports(book: Gradebook, assignment: str) -> Iterator[ScoreReport]:
    """Yield what `counting_report` returns of each student who has one, sorted by student, few in memory at a time."""
    policy = stored_policy(book, assignment)
    results = (_result(record, policy) for record in class_records(book, assignment, policy))
    yield from book.reports_of(result for result in results if result is not None)


def student_grade(book: Gradebook, assignment: str, student: str, policy: Policy | None = None) -> CountedGrade | None:
    """Return the grade of one student; None if neither a policy nor a person has a say.

    :param policy: instead of the stored one
    """
    policy = stored_policy(book, assignment) if policy is None else policy
    if policy == Policy() and not holding(Adjustments(book).of_student(assignment, student)):
        return None
    return _counted(student_record(book, assignment, student, policy), policy)


def record_grade(record: StudentRecord, policy: Policy) -> CountedGrade | None:
    """Return the grade of a student whose record was read; None if neither the policy nor a person has a say."""
    return _counted(record, policy) if policy != Policy() or holding(record.adjustments) else None


def are_released(book: Gradebook, assignment: str, policy: Policy, questions: Iterable[str], now: datetime) -> bool:
    """Return whether students may see their grades: the results of all questions.

    :param questions: names of all questions of the assignment
    """
    due = last_due(policy, Extensions(book).of_assignment(assignment).values())
    return all_released(policy, Releases(book).times(assignment), due, now, questions)


def report_grade(grade: Grade, record: StudentRecord) -> ReportGrade:
    """Return a grade as a report holds it."""
    numbers = sorted(each.number for each in record.handins)
    made = {each.number: each for each in record.adjustments}
    corrections = [
        Correction(person.question, person.case, line.points, person.who, person.comment)
        for line in grade.ledger
        if line.adjustment is not None and (person := made.get(line.adjustment))
    ]
    return ReportGrade(
        state=grade.state,
        auto=grade.auto,
        adjustments=grade.adjustments,
        penalty=grade.penalty,
        final=grade.final,
        max_score=grade.max,
        needs_review=grade.needs_review,
        attempt=numbers.index(grade.handin) + 1 if grade.handin in numbers else 0,
        due=grade.due.isoformat() if grade.due else "",
        late_seconds=grade.late_seconds,
        sentence=grade.sentence,
        steps=tuple(GradeStep(line.kind, line.points, line.sentence) for line in grade.ledger),
        corrections=tuple(corrections),
    )


def _grades(book: Gradebook, assignment: str, policy: Policy) -> Iterator[tuple[str, CountedGrade]]:
    if not has_grades(book, assignment, policy):
        return
    has_policy = policy != Policy()
    for record in class_records(book, assignment, policy):
        if has_policy or holding(record.adjustments):
            yield record.student, _counted(record, policy)


def _counted(record: StudentRecord, policy: Policy) -> CountedGrade:
    grade = record.grade(policy)
    return CountedGrade(report_grade(grade, record), _result_of(grade, record))


def _result(record: StudentRecord, policy: Policy) -> int | None:
    return _result_of(record.grade(policy), record)


def _result_of(grade: Grade, record: StudentRecord) -> int | None:
    """Return the number of the result that a grade is made of; None if it is made of none."""
    return next((each.result for each in record.handins if each.number == grade.handin), None)


def _is_by_hand(grade: ReportGrade) -> bool:
    """Return whether a student without a result has points all the same."""
    return grade.state == "graded"


def _without_result(assignment: str, student: str) -> ScoreReport:
    """Return the report of a student who has nothing but the points that a person gave."""
    return ScoreReport(
        student=student,
        file="",
        digest="",
        assignment=assignment,
        assignment_digest="",
        grader_version="",
        status="rejected",
        score=0.0,
        max_score=0.0,
        needs_review=False,
        sandbox=(),
        questions=(),
        notes=(BY_HAND,),
        seconds=0.0,
    )
