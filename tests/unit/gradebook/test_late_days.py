"""A budget of late days that the assignments of a gradebook share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.current_policy import store_policy
from grader.gradebook.extensions import Extensions
from grader.gradebook.graded_reports import ClassGrades
from grader.gradebook.grades import grade_of, grades, grades_of
from grader.gradebook.late_days import assignments_after
from grader.gradebook.store import Gradebook
from grader.policies import Extension, LateRule, Policy
from tests.factories import BASIS, scored_report
from tests.helpers.portal import DIGEST, load_people
from tests.helpers.terminal import grader_in

SHARED = LateRule(percent=10, free_days=3, free_days_for="course")
NOVEMBER = {"a": 20, "b": 20, "c": 24, "d": 27}  # due dates, at noon
FILE = "gradebook.sqlite"
TOOK_ALL = "(other assignments took 3 of 3 late days)"


def due(assignment: str) -> datetime:
    return datetime(2026, 11, NOVEMBER[assignment], 12, tzinfo=UTC)


@pytest.fixture(params=["abcd", "dcba"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gradebook]:
    """Ada hands in each of the assignments some days late, for 10 points. The first three share three late days.

    The assignments arrive in the database in this order, or in that.
    """
    with Gradebook.open(tmp_path / FILE) as opened:
        (ada,) = load_people(opened, ["ada"])
        queue = AttemptQueue(opened)
        for name in request.param:
            rule = SHARED if name != "d" else LateRule(percent=10, free_days=3)
            store_policy(opened, name, Policy(due=due(name), late=rule), "test")
            days = {"a": 1, "b": 1, "c": 2, "d": 3}[name]
            received = due(name).replace(day=NOVEMBER[name] + days).isoformat()
            queue.hand_in(ada.number, name, "w.py", DIGEST, 1, received, str)
            claimed = queue.claim("w", 60, [name])
            assert claimed
            run = opened.new_run(replace(BASIS, assignment=name), 1)
            made = scored_report("ada", 10.0, max_score=10.0, assignment=name)
            assert queue.finish(claimed, "w", run, made, name, "graded")
        yield opened


def finals(book: Gradebook) -> dict[str, float]:
    return {name: grade_of(book, name, "ada").final for name in NOVEMBER}


def test_assignments_take_late_days_in_the_order_of_their_due_dates(book: Gradebook) -> None:
    """a and b take one each, of one due date by their names; c has one left for two days. d has a budget of its own."""
    assert finals(book) == {"a": 10, "b": 10, "c": 9, "d": 10}
    took = "(other assignments took 2 of 3 late days)"
    assert grade_of(book, "c", "ada").sentence == f"10 of 10; 10 % off for 2 days late, of which 1 is free {took}"


def test_every_reader_has_the_same_grade(book: Gradebook, tmp_path: Path) -> None:
    """One student, some, the class, the reports that leave, and the command."""
    assert dict(grades(book, "c")) == grades_of(book, "c", ["ada"])
    assert {name: each.grade.final for name, each in ClassGrades(book, "c").grades.items()} == {"ada": 9}
    assert "ada: 9 of 10" in grader_in(tmp_path, "policy", "explain", ".", "ada", "--assignment", "c").stdout


def test_an_extension_gives_late_days_back(book: Gradebook) -> None:
    """That of a later assignment changes nothing before it."""
    extension = Extension(0, "eve", due("a"), "ill", days=1)
    Extensions(book).add("a", [("ada", extension)])
    assert finals(book) == {"a": 10, "b": 10, "c": 10, "d": 10}
    Extensions(book).add("c", [("ada", extension)])
    assert finals(book)["b"] == 10


def test_without_a_due_date_or_days_nothing_is_shared(book: Gradebook) -> None:
    """An assignment that leaves the budget gives its days back."""
    store_policy(book, "b", Policy(due=due("b"), late=LateRule(percent=10)), "test")
    assert finals(book) == {"a": 10, "b": 9, "c": 10, "d": 10}
    store_policy(book, "a", Policy(), "test")
    assert finals(book)["c"] == 10


def test_another_policy_takes_other_days(book: Gradebook, tmp_path: Path) -> None:
    """`grader policy simulate` knows what the other assignments took."""
    (tmp_path / "none.toml").write_text("[policy]\n")
    told = grader_in(tmp_path, "policy", "simulate", "none.toml", ".", "--assignment", "c").stdout
    assert "1 gain, 0 lose" in told and "+1 points in all" in told
    (tmp_path / "shared.toml").write_text(
        '[policy]\ndue = 2026-11-27T12:00:00Z\nlate = {percent = 10, free_days = 3, free_days_for = "course"}\n'
    )
    told = grader_in(tmp_path, "policy", "simulate", "shared.toml", ".", "--assignment", "d").stdout
    assert "0 gain, 1 lose" in told and TOOK_ALL in " ".join(told.replace("│", " ").split())


def test_who_may_have_fewer_days_is_known(book: Gradebook) -> None:
    """The assignments after one, whose grades it may change."""
    policy = Policy(due=due("a"), late=SHARED)
    assert assignments_after(book, "a", policy) == ["b", "c"]
    assert assignments_after(book, "c", Policy(due=due("c"), late=SHARED)) == []
    assert assignments_after(book, "d", Policy()) == []
