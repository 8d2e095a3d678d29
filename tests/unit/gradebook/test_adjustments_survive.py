"""Adjustments and regrades in any order, against a model: nothing that a person decided is lost, and each is flagged
exactly when the automatic result beneath it isn't the one that it was made upon.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from grader.gradebook.adjustments import Adjustments
from grader.gradebook.graded_reports import counting_report
from grader.gradebook.grades import grade_of
from grader.gradebook.report_places import Change, new_adjustment, score_at
from grader.gradebook.store import Gradebook
from grader.models import CaseResult, QuestionResult, Status
from grader.policies import Adjustment
from grader.policies.corrections import holding
from tests.factories import BASIS, report
from tests.helpers.effort import examples

WORTH = {"shape": 2.0, "numbers": 3.0}
PLACES = (("", ""), ("double", ""), ("double", "shape"), ("double", "numbers"))
POINTS = st.integers(0, 8).map(lambda quarters: quarters / 4)
DIFFERENCES = st.integers(-8, 8).map(lambda quarters: quarters / 4)


class AdjustmentMachine(RuleBasedStateMachine):
    """One student, whose results and adjustments the model holds as plain numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.book = Gradebook.open(Path(self.folder.name) / "gradebook.sqlite")
        self.kept = Adjustments(self.book)
        self.auto: dict[str, float] = {}
        self.made: list[Adjustment] = []
        self.withdrawn: set[int] = set()

    def teardown(self) -> None:
        self.book.close()
        self.folder.cleanup()

    @initialize()
    def grade(self) -> None:
        self.regrade(0.0, 0.0)

    @rule(shape=POINTS, numbers=POINTS)
    def regrade(self, shape: float, numbers: float) -> None:
        """Another run gives the file other points."""
        self.auto = {"shape": shape, "numbers": numbers}
        cases = tuple(CaseResult(name, name, Status.PASSED, self.auto[name], most) for name, most in WORTH.items())
        total = shape + numbers
        made = QuestionResult("double", total, 5.0, Status.PASSED, cases)
        fields = {"student": "ada", "score": total, "max_score": 5.0, "assignment": BASIS.assignment, "digest": "d1"}
        self.book.add(self.book.new_run(BASIS, 1), report(made, **fields), "k")

    @rule(place=st.sampled_from(PLACES), by=DIFFERENCES)
    def add_points(self, place: tuple[str, str], by: float) -> None:
        self.adjust(place, Change(by=by))

    @rule(place=st.sampled_from(PLACES), points=POINTS)
    def set_points(self, place: tuple[str, str], points: float) -> None:
        self.adjust(place, Change(points=points))

    @rule(place=st.sampled_from(PLACES), passed=st.booleans())
    def decide(self, place: tuple[str, str], passed: bool) -> None:
        self.adjust(place, Change(verdict="passed" if passed else "failed"))

    def adjust(self, place: tuple[str, str], change: Change) -> None:
        beneath = counting_report(self.book, BASIS.assignment, "ada")
        made = new_adjustment(beneath, "eve", change, "c", "r", *place)
        self.made.append(self.kept.add(BASIS.assignment, "ada", made))

    @precondition(lambda self: len(self.made) > len(self.withdrawn))
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        left = [each.number for each in self.made if each.number not in self.withdrawn]
        number = data.draw(st.sampled_from(left))
        self.kept.withdraw(BASIS.assignment, number, "eve", "r")
        self.withdrawn.add(number)

    @invariant()
    def every_adjustment_is_there(self) -> None:
        rows = self.kept.of_student(BASIS.assignment, "ada")
        assert [each for each in rows if each.withdraws is None] == self.made
        assert {each.number for each in holding(rows)} == {one.number for one in self.in_force()}

    @precondition(lambda self: self.auto)
    @invariant()
    def the_grade_is_that_of_the_model(self) -> None:
        grade = grade_of(self.book, BASIS.assignment, "ada")
        assert grade.final == pytest.approx(self.expected(), abs=1e-6)
        assert sum(line.points for line in grade.ledger) == pytest.approx(grade.final, abs=1e-6)
        beneath = counting_report(self.book, BASIS.assignment, "ada")
        assert beneath
        changed = [
            each.number
            for each in self.in_force()
            if each.basis_points != score_at(beneath, each.question, each.case)[0]
        ]
        assert [each.number for each in grade.flagged] == changed

    def in_force(self) -> list[Adjustment]:
        return [each for each in self.made if each.number not in self.withdrawn]

    def expected(self) -> float:
        """The points of the student: those of cases and questions first, those of the whole last."""
        points = {("double", name): value for name, value in self.auto.items()}
        points["double", ""] = total = sum(self.auto.values())
        most = {("double", name): value for name, value in WORTH.items()} | {("double", ""): 5.0}
        for each in self.in_force():
            if each.question:
                place = (each.question, each.case)
                change = self.new_points(each, points[place], most[place]) - points[place]
                points[place] += change
                total += change
                if each.case:
                    points[each.question, ""] += change
        total = min(5.0, max(0.0, total))
        for each in self.in_force():
            if not each.question:
                total = self.new_points(each, total, 5.0)
        return min(5.0, max(0.0, total))

    @staticmethod
    def new_points(each: Adjustment, now: float, most: float) -> float:
        if each.verdict:
            return most if each.verdict == "passed" else 0.0
        assert each.points is not None
        return each.points if each.absolute else now + each.points


TestAdjustmentMachine = AdjustmentMachine.TestCase
TestAdjustmentMachine.settings = settings(max_examples=examples(12), stateful_step_count=12, deadline=None)
TestAdjustmentMachine = pytest.mark.thorough(TestAdjustmentMachine)
