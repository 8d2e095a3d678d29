"""A budget of late days that the assignments of a gradebook share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace

from grader.cli.regrade_view import describe_drops
from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.attempts import Ending
from grader.gradebook.audit import AuditLog
from grader.gradebook.current_policy import store_policy
from grader.gradebook.extensions import Extensions
from grader.gradebook.graded_reports import ClassGrades
from grader.gradebook.grades import grade_of, grades, grades_of
from grader.gradebook.late_days import assignments_after
from grader.gradebook.regrade_grades import attempts_to_regrade, regraded_grades
from grader.gradebook.regraded import Regrade
from grader.gradebook.regrades import GradesDrop, Regrades
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


def previewed(book: Gradebook, state: Ending) -> Regrade:
    """Return a preview that makes of ada's file for `a` one that is right, or one that can't be read."""
    numbers = attempts_to_regrade(book, "a")
    regrade = Regrades(book).start("a", numbers, "eve", preview=True, queued=False)
    (attempt,) = AttemptQueue(book).numbered(numbers)
    status: Literal["graded", "rejected"] = "rejected" if state == "rejected" else "graded"
    made = scored_report("ada", 10.0 * (state == "graded"), max_score=10.0, assignment="a", status=status)
    assert Regrades(book).keep(regrade, attempt, replace(BASIS, assignment="a"), made, state, state)
    return regrade


def effects(book: Gradebook, regrade: Regrade) -> list[tuple[str, str, str, bool]]:
    """Return assignment, grade before and after, and whether it drops, of each grade of ada that a regrade changes."""
    (grade,) = regraded_grades(book, regrade, Regrades(book).attempts(regrade)).values()
    named = (("a", grade.final), *((each.assignment, each.final) for each in grade.later))
    return [(name, final.before, final.after, final.drops) for name, final in named]


def test_a_preview_says_which_later_grades_it_changes(book: Gradebook) -> None:
    """A file that can't be read takes no late day, so that c has one more; read after all, it takes that one again."""
    unreadable = previewed(book, "rejected")
    changes = [("a", "10 / 10", "rejected", True), ("c", "9 / 10", "10 / 10", False)]
    assert effects(book, unreadable) == changes
    assert finals(book)["c"] == 9
    Regrades(book).confirm("a", unreadable.public_id, "eve", lower=True)
    confirmed = Regrades(book).get("a", unreadable.public_id)
    assert confirmed and effects(book, confirmed) == changes
    assert finals(book)["c"] == 10

    readable = previewed(book, "graded")
    assert effects(book, readable) == [("a", "rejected", "10 / 10", False), ("c", "10 / 10", "9 / 10", True)]
    with pytest.raises(GradesDrop, match="1 grade would drop") as problem:
        Regrades(book).confirm("a", readable.public_id, "eve")
    assert describe_drops(problem.value.drops) == "1 final grade would drop: ada in c (10 / 10 -> 9 / 10)"
    Regrades(book).confirm("a", readable.public_id, "eve", lower=True)
    assert finals(book)["c"] == 9
    logged = [
        (each.target, each.before, each.after) for each in AuditLog(book).entries(100) if each.what == "change grade"
    ]
    assert ("c ada", "10 / 10", "9 / 10") in logged


def test_a_simulation_says_what_it_does_not_look_at(book: Gradebook, tmp_path: Path) -> None:
    """Assignments due later that share the budget, under the policy of now or under the other one."""
    (tmp_path / "none.toml").write_text("[policy]\n")
    call = ("policy", "simulate", "none.toml", ".", "--assignment")
    told = grader_in(tmp_path, *call, "a").stdout
    assert "not looked at: b, c: due later, with the same budget of late days" in " ".join(told.split())
    assert json.loads(grader_in(tmp_path, *call, "a", "--json").stdout)["not_looked_at"] == ["b", "c"]
    assert "not looked at" not in grader_in(tmp_path, *call, "d").stdout
