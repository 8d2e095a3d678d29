"""Hand-ins that runs left in the gradebook, and the grades that follow from them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook.audit import AuditLog
from grader.gradebook.current_policy import store_policy, stored_policy
from grader.gradebook.grades import class_records, grade_of, grades, grades_of, student_record
from grader.gradebook.handins import parse_time
from grader.gradebook.store import Gradebook
from grader.models import Status
from grader.policies import LateRule, Policy
from tests.factories import BASIS, case, question, report
from tests.helpers.terminal import grader_in

NAME = BASIS.assignment
DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
POLICY = Policy(due=DUE, zone="Europe/Berlin", late=LateRule(percent=10))
FILE = "gradebook.sqlite"


def add(book: Gradebook, run: int, student: str, score: float, digest: str, **fields: Any) -> None:
    status = Status.PASSED if score else Status.FAILED
    cases = (case("shape", worth=10.0, status=status),)
    values = {"score": score, "max_score": 20.0, "assignment": NAME, "digest": digest} | fields
    book.add(run, report(question("double", *cases), student=student, **values), f"{student} {digest} {run}")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of two runs: ada was late with her second file, bob's file was graded twice, cleo's can't be read."""
    with Gradebook.open(tmp_path / FILE) as book:
        first = book.new_run(BASIS, 3)
        add(book, first, "ada", 12.0, "a1", handed_in="2026-12-01 23:00:00 UTC")
        add(book, first, "bob", 10.0, "b1", handed_in="2026-12-01T20:00:00+01:00")
        add(book, first, "cleo", 0.0, "c1", status="rejected")
        second = book.new_run(BASIS, 3)
        add(book, second, "ada", 18.0, "a2", handed_in="2026-12-02 23:00:00 UTC")
        add(book, second, "bob", 14.0, "b1", handed_in="2026-12-01T20:00:00+01:00")
        store_policy(book, NAME, POLICY, "grader grade")
    return tmp_path


def test_each_file_is_a_hand_in_with_its_newest_result(out: Path) -> None:
    """Its number stays, so that an adjustment of it survives a regrade."""
    with Gradebook.open(out / FILE) as book:
        records = {each.student: each for each in class_records(book, NAME)}
        assert [(each.number, each.score, each.digest) for each in records["ada"].handins] == [
            (1, 12.0, "a1"),
            (4, 18.0, "a2"),
        ]
        assert [(each.number, each.score) for each in records["bob"].handins] == [(2, 14.0)]
        assert [each.state for each in records["cleo"].handins] == ["rejected"]
        assert student_record(book, NAME, "ada") == records["ada"]
        assert records["ada"].handins[0].questions[0].cases[0].name == "shape"


def test_grades_follow_the_stored_policy(out: Path) -> None:
    """Ada's last file is a day late; with the best one it still counts, 16.2 against 12. A change is in the log."""
    with Gradebook.open(out / FILE) as book:
        assert grade_of(book, NAME, "ada").sentence == "18 of 20; 10 % off for 1 day late"
        assert {name: grade.final for name, grade in grades(book, NAME)} == {"ada": 16.2, "bob": 14.0, "cleo": 0.0}
        store_policy(book, NAME, POLICY, "grader grade")
        store_policy(book, NAME, Policy(due=DUE), "B. Instructor")
        assert grade_of(book, NAME, "ada").final == 18
        entries = [(each.who, each.what) for each in AuditLog(book).entries(10)]
        assert entries == [("B. Instructor", "change policy"), ("grader grade", "change policy")]
        assert stored_policy(book, "another") == Policy()


def test_the_grades_of_some_students_are_those_of_the_class(out: Path) -> None:
    """Pages show a part of a class; a student without a file has the maximum of the others."""
    with Gradebook.open(out / FILE) as book:
        everybody = dict(grades(book, NAME))
        assert grades_of(book, NAME, list(everybody)) == everybody
        assert grades_of(book, NAME, ["bob"]) == {"bob": everybody["bob"]}
        assert grades_of(book, NAME, []) == {}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-12-01T23:59:00.5+01:00", "2026-12-01T22:59:00.5Z"),
        ("2026-12-01 23:59:00 UTC", "2026-12-01T23:59Z"),
        ("2026-12-01 14:59:00.25 America/Los_Angeles", "2026-12-01T22:59:00.25Z"),
        ("2026-12-01 23:59", "2026-12-01T22:59Z"),
    ],
)
def test_times_of_platforms(text: str, time: str) -> None:
    """With an offset, with the name of a zone, or local to the policy's zone."""
    assert parse_time(text, "Europe/Berlin") == datetime.fromisoformat(time)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-12-01 23:59", "9999-12-31 23:59 UTC", "2026-12-01 10:00 ../etc/x"]
)
def test_times_that_nobody_can_tell(text: str) -> None:
    """None, and no error, whatever a platform wrote."""
    assert parse_time(text) is None


def test_explain_says_why_a_grade_is_what_it_is(out: Path) -> None:
    """As a sentence and line by line, with the due date by the clock of the course."""
    told = grader_in(out, "policy", "explain", ".", "ad").stdout
    assert told.startswith("ada: 16.2 of 20\n18 of 20; 10 % off for 1 day late\n")
    assert "due: 2026-12-02 00:59+01:00 (Europe/Berlin)" in told
    assert "\nfile 1, 2026-12-02 00:00+01:00: 12, worth 12\nfile 2, " in told
    assert "18, worth 16.2 (10 % off for 1 day late), counts\n" in told
    found = json.loads(grader_in(out, "policy", "explain", ".", "ada", "--json").stdout)
    assert [(each["worth"], each["counts"]) for each in found["files"]] == [(12, False), (16.2, True)]
    assert (found["student"], found["grade"]["final"], found["grade"]["handin"]) == ("ada", 16.2, 4)


def test_simulate_says_who_gains_and_changes_nothing(out: Path) -> None:
    """Without a penalty ada gains 1.8; with 50 % a day her first file would be better, which counts with "best"."""
    (out / "mild.toml").write_text("[policy]\nblind = true\n")
    told = grader_in(out, "policy", "simulate", "mild.toml", ".").stdout
    assert "+1.8" in told and "1 gain, 0 lose, 2 keep their grade; +1.8 points in all" in told
    (out / "hard.toml").write_text('[policy]\ndue = 2026-12-01T23:59:00Z\ncounts = "best"\nlate = {percent = 50}\n')
    found = json.loads(grader_in(out, "policy", "simulate", "hard.toml", ".", "--json").stdout)
    assert [(each["student"], each["points"]) for each in found["lose"]] == [("ada", -4.2)]
    assert "16.2 of 20" in grader_in(out, "policy", "explain", ".", "ada").stdout


def test_a_wrong_file_is_an_error_with_its_line(out: Path) -> None:
    """Exit code 2, one sentence."""
    (out / "wrong.toml").write_text("[policy]\ndew = 1\n")
    done = grader_in(out, "policy", "simulate", "wrong.toml", ".")
    assert done.returncode == 2
    assert done.stderr == "grader: wrong.toml:2: unknown key 'dew' in [policy]; did you mean 'due'?\n"
