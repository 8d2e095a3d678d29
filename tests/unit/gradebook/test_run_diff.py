"""Two runs side by side: whose score changed, in which question, and through which cases."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from grader.cli.tables import show_comparison
from grader.gradebook.fingerprint import RunFingerprint
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
from grader.models import CaseResult, QuestionResult, ScoreReport, Status
from tests.conftest import RIGHT

BASIS = RunFingerprint("digits", "a1", "1.0", "sandbox full")
NEWER = msgspec.structs.replace(BASIS, assignment_digest="a2")


def case(name: str, status: Status, worth: float = 2.0, message: str = "") -> CaseResult:
    points = worth if status is Status.PASSED else 0.0
    return CaseResult(name, f"The {name} is right.", status, points, worth, message)


SHAPE, VALUE = case("shape", Status.PASSED), case("value", Status.PASSED)
WRONG = case("value", Status.FAILED, message="other numbers")


def report(student: str, *cases: CaseResult, **changes: object) -> ScoreReport:
    """With one question, f, and a question g that is always right."""
    score = sum(one.points for one in cases)
    status = Status.PASSED if score == 4 else Status.FAILED
    made = ScoreReport(
        student=student,
        file="digits.ipynb",
        digest="d1",
        assignment="digits",
        assignment_digest="a1",
        grader_version="1.0",
        status="graded",
        score=score + 1,
        max_score=5.0,
        needs_review=False,
        sandbox=(),
        questions=(
            QuestionResult("f", score, 4.0, status, cases),
            QuestionResult("g", 1.0, 1.0, Status.PASSED, (case("all", Status.PASSED, 1.0),)),
        ),
        notes=(),
        seconds=0.5,
    )
    return msgspec.structs.replace(made, **changes)


REJECTED = {"status": "rejected", "score": 0.0, "questions": (), "notes": ("the file is empty",)}


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
        [report("ada", SHAPE, VALUE), report("bob", SHAPE, VALUE)],
        [report("ada", SHAPE, WRONG), report("bob", SHAPE, VALUE)],
    )
    why = CaseChange("value", "The value is right.", Status.PASSED, Status.FAILED, 2.0, 0.0, "other numbers")
    assert found.changed == [StudentChange("ada", "5 / 5", "3 / 5", (), (QuestionChange("f", 4.0, 2.0, (why,)),), -2.0)]
    assert (found.same, found.only_before, found.only_after) == (1, [], [])
    assert found.differences == (("assignment digest", "a1", "a2"),)


def test_what_was_wrong_before_says_what_it_was(book: Gradebook) -> None:
    """A case that is passed now shows the message that it had."""
    (change,) = compared(book, [report("ada", SHAPE, WRONG)], [report("ada", SHAPE, VALUE)]).changed
    assert change.questions[0].cases[0].message == "other numbers"


def test_points_that_move_within_a_total_are_seen(book: Gradebook) -> None:
    """The same score with other points in its questions is a change."""
    old = report("ada", SHAPE, WRONG)
    f, g = old.questions
    moved = (msgspec.structs.replace(f, score=3.0), msgspec.structs.replace(g, score=0.0))
    (change,) = compared(book, [old], [msgspec.structs.replace(old, questions=moved)]).changed
    assert [(question.name, question.before, question.after) for question in change.questions] == [
        ("f", 2.0, 3.0),
        ("g", 1.0, 0.0),
    ]


def test_cases_that_came_went_or_are_worth_something_else(book: Gradebook) -> None:
    """None stands for a case or a question that one of the two versions doesn't have."""
    old = report("ada", case("shape", Status.PASSED, 4.0), case("old", Status.FAILED))
    new = report("ada", case("shape", Status.PASSED, 1.0), case("new", Status.PASSED, 1.0))
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
    right = report("", SHAPE, VALUE)
    news = {
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
    back = compared(book, [report("lost", **REJECTED)], [report("lost", SHAPE, VALUE)])
    assert back.changed[0].reasons == ("no longer rejected: the file is empty",)
    assert (back.changed[0].before, back.changed[0].after) == ("rejected", "5 / 5")


NAMES = st.lists(st.sampled_from(["ada", "Ada", "bob", "Bob", "cleo", "ß", "ss", "É"]), unique=True)


@given(NAMES, NAMES)
def test_everyone_is_in_just_one_place(olds: list[str], news: list[str]) -> None:
    """Students of one run alone are listed, those of both are compared, in whatever order they came."""
    with Gradebook.open(Path(":memory:")) as book:
        found = compared(book, [report(name, SHAPE) for name in olds], [report(name, SHAPE, VALUE) for name in news])
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
    found = compared(book, [report(f"a{nasty}", SHAPE, VALUE)], [report(f"a{nasty}", SHAPE, wrong), report(nasty)])
    screen = io.StringIO()
    show_comparison(found, Console(file=screen, width=200))
    assert not set("\x1b\u202e") & set(screen.getvalue())
    assert r"\x1b[2J[red]\u202e" in screen.getvalue()


def test_the_command_shows_whose_score_changed_and_why(tiny_folder: Path, tmp_path: Path) -> None:
    """After a case was mended: the students that it concerns, the question and the case; --json has the same."""

    def grader(*arguments: str) -> str:
        command = [sys.executable, "-m", "grader", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(RIGHT)
    (folder / "bob.py").write_text(RIGHT.replace("2 * x", "2 * x + 1"))
    grader("grade", "class", "--assignment", str(tiny_folder))
    path = tiny_folder / "hidden" / "test_double.py"
    path.write_text(path.read_text().replace("close(student.double(0), 0)", "close(student.double(0), 0, atol=1)"))
    grader("grade", "class", "--assignment", str(tiny_folder))
    shown = " ".join(grader("diff", "out").replace("│", " ").split())
    assert "bob 2 / 5 -> 3 / 5 double 0 -> 1" in shown
    assert "Zero stays zero." in shown
    assert "ada" not in shown
    assert "1 changed, 1 the same" in shown
    (change,) = json.loads(grader("diff", "out", "1", "2", "--json"))["changed"]
    assert [one["name"] for question in change["questions"] for one in question["cases"]] == ["zero"]
    done = subprocess.run([sys.executable, "-m", "grader", "diff", "out", "1"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 2
