"""The commands that correct grades, extend due dates and release results, on a folder of results and a data folder."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli.main import cli
from grader.gradebook.audit import AuditLog
from grader.gradebook.current_policy import store_policy
from grader.gradebook.data_folder import DataFolder
from grader.gradebook.extensions import Extensions
from grader.gradebook.flags import VERSION_OF, Flags
from grader.gradebook.grades import grade_of
from grader.gradebook.releases import Releases
from grader.gradebook.store import Gradebook
from grader.models import Status
from grader.policies import Policy
from tests.factories import BASIS, ROOT, case, question, report
from tests.helpers.portal import load_people
from tests.helpers.terminal import grader_in

TEXTS = ("--comment", "You are right.", "--reason", "the case is too strict")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of results: ada lost 2 of 5 points, otto none."""
    with Gradebook.open(tmp_path / "gradebook.sqlite") as book:
        run = book.new_run(BASIS, 2)
        for student, status in (("ada", Status.FAILED), ("otto", Status.PASSED)):
            cases = (case("shape", worth=2.0, status=status), case("numbers", worth=3.0))
            score = sum(one.points for one in cases)
            fields = {"score": score, "max_score": 5.0, "assignment": BASIS.assignment, "digest": student}
            book.add(run, report(question("double", *cases), student=student, **fields), student)
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in arguments])


def said(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def final(out: Path, student: str) -> float:
    with Gradebook.open(out / "gradebook.sqlite") as book:
        return grade_of(book, BASIS.assignment, student).final


def test_a_case_is_adjusted_and_listed_and_withdrawn(out: Path) -> None:
    """The line says what the grade was and is; who used the command is kept."""
    place = ("--question", "double", "--case", "shape")
    assert "adjustment 1: ada, 3 -> 4.5 of 5" in said(run("adjust", out, "ada", *place, "--by", 1.5, *TEXTS))
    named = ("--name", "A. Instructor")
    assert "ada, 4.5 -> 5 of 5" in said(run("adjust", out, "ada", *place, "--points", 2, *TEXTS, *named))
    assert "set to 2 by A. Instructor," in said(run("adjust", out, "--list"))
    assert "otto, 5 -> 4 of 5" in said(run("adjust", out, "otto", "--by", -1, *TEXTS))
    listed = said(run("adjust", out, "--list"))
    assert "1: ada, double/shape: +1.5 by" in listed and "You are right. (reason: the case is too strict)" in listed
    assert "3: otto, the whole: -1 by" in listed
    assert "adjustment 2 is withdrawn" in said(run("adjust", out, "--withdraw", 2, "--reason", "a mistake"))
    assert "(withdrawn)" in said(run("adjust", out, "ada", "--list")) and final(out, "ada") == 4.5
    rows = json.loads(run("adjust", out, "--list", "--json").stdout)
    assert [(row["student"], row["given"]["number"], row["withdrawn"]) for row in rows] == [
        ("ada", 1, False),
        ("ada", 2, True),
        ("otto", 3, False),
    ]
    again = run("adjust", out, "--withdraw", 2, "--reason", "a mistake")
    assert "adjustment 2 was withdrawn by" in said(again, 2)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("adda", "--by", 1, *TEXTS), "there is no student 'adda'; did you mean ada?"),
        (("ad", "--by", 1, *TEXTS), "there is no student 'ad'; did you mean ada?"),
        (("ada", "--question", "dubble", "--by", 1, *TEXTS), "no question 'dubble'; did you mean 'double'?"),
        (("ada", "--question", "double", "--case", "shap", "--by", 1, *TEXTS), "no case 'shap'; did you mean 'shape'?"),
        (("ada", "--question", "double", "--points", 9, *TEXTS), "9 points are more than the 5 that there are for it"),
        (("ada", "--points", -1, *TEXTS), "there can't be -1 points"),
        (("ada", "--points", "nan", *TEXTS), "at most 1e+06 points"),
        (("ada", *TEXTS), "give one of the three"),
        (("ada", "--by", 1, "--verdict", "passed", *TEXTS), "give one of the three"),
        (("ada", "--by", 1, "--comment", "c"), "the reason is empty"),
        (("ada", "--by", 1, "--reason", "r"), "the comment is empty"),
        ((), "name a student"),
        (("ada", "--by", 1, *TEXTS, "--assignment", "other"), "has no assignment 'other'"),
    ],
)
def test_a_wrong_adjustment_says_what_to_do(out: Path, arguments: tuple[object, ...], why: str) -> None:
    """And changes nothing."""
    assert why in said(run("adjust", out, *arguments), 2)
    assert "there are none" in said(run("adjust", out, "--list"))


def test_an_extension_is_in_the_zone_of_the_course(out: Path) -> None:
    """A time without an offset; a day ends at its end there. It is shown in UTC, and can be withdrawn."""
    with Gradebook.open(out / "gradebook.sqlite") as book:
        store_policy(book, BASIS.assignment, Policy(zone="Europe/Berlin"), "test")
    assert "extension 1: ada, until 2026-12-24 22:59+00:00" in said(
        run("extend", out, "ada", "--until", "2026-12-24", "--reason", "ill")
    )
    assert "extension 2: otto, 3 days" in said(run("extend", out, "otto", "--days", 3, "--reason", "ill"))
    run("extend", out, "--withdraw", 2, "--reason", "well")
    listed = said(run("extend", out, "--list"))
    assert "1: ada, until 2026-12-24 22:59+00:00" in listed and "well" not in listed and "(withdrawn)" in listed


def test_a_file_extends_all_or_none(out: Path) -> None:
    """An empty cell has the value of the option; a wrong row is named with its line."""
    file = out / "extensions.csv"
    file.write_text("student,until,days,reason\nada,,2,\notto,2026-12-24T18:00Z,,ill\n")
    said(run("extend", out, "--csv", file, "--reason", "late registration"))
    with Gradebook.open(out / "gradebook.sqlite") as book:
        found = Extensions(book).of_assignment(BASIS.assignment)
        assert [(one.days, one.reason) for one in found["ada"]] == [(2, "late registration")]
        assert [(one.days, one.reason) for one in found["otto"]] == [(None, "ill")]
    for content, why in (
        ("student,days\nada,2\nottto,2\n", ":3: there is no student 'ottto'; did you mean otto?"),
        ("student,days\nada,two\n", ":2: the number of days is 'two'"),
        ("student,until\nada,tomorrow\n", ":2: the date is 'tomorrow'; expected one such as 2026-12-24T18:00+01:00"),
        ("student,until\nada,2026-12-24T18:00\n", "the date is '2026-12-24T18:00'"),
        ("student\nada\n", ":2: give either a date"),
        ("name\nada\n", "needs the columns student"),
    ):
        file.write_text(content)
        assert why in said(run("extend", out, "--csv", file, "--reason", "r"), 2)
    with Gradebook.open(out / "gradebook.sqlite") as book:
        assert {name: len(rows) for name, rows in Extensions(book).of_assignment(BASIS.assignment).items()} == {
            "ada": 1,
            "otto": 1,
        }
    assert "name a student" in said(run("extend", out, "--days", 1, "--reason", "r"), 2)


def test_a_portal_can_extend_before_anybody_handed_in(tmp_path: Path) -> None:
    """The data folder knows its assignments and students before there is a result."""
    data = DataFolder.open(tmp_path / "course")
    with Gradebook.open(data.gradebook) as book:
        load_people(book, ["ada"])
        Flags(book).set(f"{VERSION_OF}tiny", "1", "test")
    assert "extension 1: ada, 2 days" in said(run("extend", data.folder, "ada", "--days", 2, "--reason", "ill"))


def test_results_are_published_once(out: Path) -> None:
    """The audit log has the grade that each student learnt."""
    assert "no question 'dubble'" in said(run("publish", out, "--question", "dubble"), 2)
    assert f"{BASIS.assignment}, double: released" in said(run("publish", out, "--question", "double"))
    assert f"{BASIS.assignment}: released" in said(run("publish", out))
    assert f"{BASIS.assignment}: was released before" in said(run("publish", out))
    with Gradebook.open(out / "gradebook.sqlite") as book:
        assert len(Releases(book).of_assignment(BASIS.assignment)) == 2
        entries = [(one.target, one.after) for one in AuditLog(book).entries(9) if one.what == "tell grade"]
        assert entries == [(f"{BASIS.assignment} otto", "5 of 5"), (f"{BASIS.assignment} ada", "3 of 5")]


def test_the_commands_of_the_guide_work(tmp_path: Path) -> None:
    """Those of the section "Correcting a grade", one after another, as they stand there."""
    with Gradebook.open(tmp_path / "out" / "gradebook.sqlite") as book:
        asked = question("my_dense", case("shape", worth=8.0, status=Status.FAILED))
        fields = {"score": 0.0, "max_score": 8.0, "assignment": BASIS.assignment, "student": "student-02"}
        book.add(book.new_run(BASIS, 1), report(asked, **fields), "k")
    (tmp_path / "extensions.csv").write_text("student,until,days,reason\nstudent-02,,,\n")
    with Gradebook.open(tmp_path / "out" / "gradebook.sqlite") as book:
        store_policy(book, BASIS.assignment, Policy(zone="Europe/Berlin"), "test")
    guide = (ROOT / "docs" / "instructors.md").read_text()
    section = guide.partition("\n## Correcting a grade\n")[2].partition("\n## ")[0]
    commands = [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    assert len(commands) >= 10
    for command in commands:
        program, *words = shlex.split(command)
        done = grader_in(tmp_path, *words)
        assert (program, done.returncode) == ("grader", 0), (command, done.stderr)
    assert final(tmp_path / "out", "student-02") == 8
