"""Two runs side by side: whose score changed, in which question, and through which cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.cli.tables import show_comparison
from grader.gradebook.run_diff import (
    CaseChange,
    QuestionChange,
    RunDiff,
    RunDiffError,
    StudentChange,
    choose_runs,
    diff_runs,
)
from grader.gradebook.store import Gradebook
from grader.models import QuestionResult, ScoreReport, Status
from tests.factories import BASIS, NEWER, REJECTED, SHAPE, VALUE, WRONG, case, compared_report
from tests.helpers.terminal import printed


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(tmp_path / "book") as opened:
        yield opened


def compared(book: Gradebook, olds: list[ScoreReport], news: list[ScoreReport]) -> RunDiff:
    for basis, reports in ((BASIS, olds), (NEWER, news)):
        run = book.new_run(basis, len(reports))
        for one in reports:
            book.add(run, one, "")
        book.finish_run(run)
    return diff_runs(book, *choose_runs(book, ()))


def test_a_changed_score_is_explained_case_by_case(book: Gradebook) -> None:
    """Only the questions and cases that ended in another way are told, with the later message."""
    found = compared(
        book,
        [compared_report("ada", SHAPE, VALUE), compared_report("bob", SHAPE, VALUE)],
        [compared_report("ada", SHAPE, WRONG), compared_report("bob", SHAPE, VALUE)],
    )
    why = CaseChange("value", "The value is right.", Status.PASSED, Status.FAILED, 2.0, 0.0, "other numbers")
    assert found.changed == [StudentChange("ada", "5 / 5", "3 / 5", (), (QuestionChange("f", 4.0, 2.0, (why,)),), -2.0)]
    assert (found.same, found.only_before, found.only_after) == (1, [], [])
    assert found.differences == (("assignment digest", "a1", "a2"),)


def test_what_was_wrong_before_says_what_it_was(book: Gradebook) -> None:
    """A case that is passed now shows the message that it had."""
    (change,) = compared(book, [compared_report("ada", SHAPE, WRONG)], [compared_report("ada", SHAPE, VALUE)]).changed
    assert change.questions[0].cases[0].message == "other numbers"


def test_points_that_move_within_a_total_are_seen(book: Gradebook) -> None:
    """The same score with other points in its questions is a change."""
    old = compared_report("ada", SHAPE, WRONG)
    f, g = old.questions
    moved = (msgspec.structs.replace(f, score=3.0), msgspec.structs.replace(g, score=0.0))
    (change,) = compared(book, [old], [msgspec.structs.replace(old, questions=moved)]).changed
    assert [(question.name, question.before, question.after) for question in change.questions] == [
        ("f", 2.0, 3.0),
        ("g", 1.0, 0.0),
    ]


def test_cases_that_came_went_or_are_worth_something_else(book: Gradebook) -> None:
    """None stands for a case or a question that one of the two versions doesn't have."""
    old = compared_report("ada", case("shape", Status.PASSED, worth=4.0), case("old", Status.FAILED))
    new = compared_report("ada", case("shape", Status.PASSED, worth=1.0), case("new", Status.PASSED, worth=1.0))
    new = msgspec.structs.replace(new, questions=(new.questions[0], QuestionResult("h", 0, 1, Status.MISSING, ())))
    (change,) = compared(book, [old], [new]).changed
    assert [(question.name, question.before, question.after) for question in change.questions] == [
        ("f", 4.0, 2.0),
        ("h", None, 0.0),
        ("g", 1.0, None),
    ]
    cases = {
        one.name: (one.before, one.after, one.points_before, one.points_after) for one in change.questions[0].cases
    }
    assert cases == {
        "shape": (Status.PASSED, Status.PASSED, 4.0, 1.0),
        "new": (None, Status.PASSED, None, 1.0),
        "old": (Status.FAILED, None, 0.0, None),
    }


def test_reasons_beside_the_cases_are_told(book: Gradebook) -> None:
    """Another submission, a rejection or its end, and reports that a person must look at."""
    right = compared_report("", SHAPE, VALUE)
    news: dict[str, dict[str, Any]] = {
        "another": {"digest": "d2", "score": 4.0},
        "lost": REJECTED,
        "review": {"needs_review": True, "score": 0.0},
    }
    olds = [msgspec.structs.replace(right, student=name) for name in news]
    found = compared(book, olds, [msgspec.structs.replace(right, student=name, **news[name]) for name in news])
    assert {change.student: change.reasons for change in found.changed} == {
        "another": ("another submission",),
        "lost": ("rejected: the file is empty",),
        "review": ("the later report needs review",),
    }
    back = compared(book, [compared_report("lost", **REJECTED)], [compared_report("lost", SHAPE, VALUE)])
    assert back.changed[0].reasons == ("no longer rejected: the file is empty",)
    assert (back.changed[0].before, back.changed[0].after) == ("rejected", "5 / 5")


NAMES = st.lists(st.sampled_from(["ada", "Ada", "bob", "Bob", "cleo", "ß", "ss", "É"]), unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the last two runs are compared each time
@given(olds=NAMES, news=NAMES)
def test_everyone_is_in_just_one_place(book: Gradebook, olds: list[str], news: list[str]) -> None:
    """Students of one run alone are listed, those of both are compared, in whatever order they came."""
    found = compared(
        book,
        [compared_report(name, SHAPE) for name in olds],
        [compared_report(name, SHAPE, VALUE) for name in news],
    )
    assert {change.student for change in found.changed} == set(olds) & set(news)
    assert set(found.only_before) == set(olds) - set(news)
    assert set(found.only_after) == set(news) - set(olds)


def test_the_last_two_finished_runs_are_compared(book: Gradebook) -> None:
    """Runs that were stopped are passed over, unless they are asked for; what isn't there is told."""
    with pytest.raises(RunDiffError, match="no two finished runs"):
        choose_runs(book, ())
    numbers = [book.new_run(BASIS, 0) for _ in range(4)]
    for number in (numbers[0], numbers[2]):
        book.finish_run(number)
    assert [run.number for run in choose_runs(book, ())] == [numbers[0], numbers[2]]
    assert [run.number for run in choose_runs(book, (4, 2))] == [4, 2]
    with pytest.raises(RunDiffError, match="no run 9"):
        choose_runs(book, (1, 9))


def test_nothing_in_a_report_moves_the_cursor(book: Gradebook) -> None:
    """Control characters and markup of students show as text."""
    nasty = "\x1b[2J[red]\u202e"
    wrong = case("value", Status.FAILED, message=nasty)
    found = compared(
        book,
        [compared_report(f"a{nasty}", SHAPE, VALUE)],
        [compared_report(f"a{nasty}", SHAPE, wrong), compared_report(nasty)],
    )
    text = printed(show_comparison, found, 200)
    assert not set("\x1b\u202e") & set(text)
    assert r"\x1b[2J[red]\u202e" in text
