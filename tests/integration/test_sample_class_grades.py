"""The sample class in the portal, graded in the sandbox: every final grade by hand, and equal wherever it leaves."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from grader import Grader
from grader.assignments.loader import load
from grader.cli.tables import show_scores
from grader.gradebook.attempt_queue import MAX_LEASE_SECONDS
from grader.gradebook.attempts import Ending
from grader.gradebook.graded_reports import ClassGrades
from grader.gradebook.roster import RosterEntry
from grader.gradebook.schema import ATTEMPTS
from grader.server.app import create_app
from grader.server.intake import read_attempt
from grader.server.portal import Portal, PortalSettings
from tests.factories import ROOT, put
from tests.helpers.portals import NO_NETWORK
from tests.helpers.sample_course import handed_in
from tests.helpers.terminal import grader, printed

pytestmark = pytest.mark.long
POLICY = """
[policy]
due = 2026-03-02T12:00:00Z

[policy.late]
percent = 10
"""
RECEIVED = {
    "student-02": "2026-03-03T11:00:00+00:00",
    "student-04": "2026-03-02T11:00:00+00:00",
    "student-05": "2026-03-04T11:00:00+00:00",
    "student-07": "2026-03-05T11:00:00+00:00",
    "student-11": "2026-03-01T11:00:00+00:00",
    "student-12": "2026-03-01T11:00:00+00:00",
}
CLASS = tuple(RECEIVED)
# Of 100 points: auto, adjustments, penalty, final. By hand, in the docstring of the test.
NUMBERS = {
    "student-02": (92, 1, -9.3, 83.7),
    "student-04": (100, 0, 0, 100),
    "student-05": (88, 0, 0, 88),
    "student-07": (87, 2, -17.8, 71.2),
    "student-11": (86, -1, 0, 85),
}
FINALS = {student: numbers[3] for student, numbers in NUMBERS.items()}
STRICT = """(*whole, 1.0), (*whole, 0.0)
    each_right(student, reference, "predict", *calls, judge=equal_labels)"""
LENIENT = """(*whole, 1.0), (*whole, 0.0)
    for each in calls:
        student.predict(*each)"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The assignment and the data folder of a portal in which the class has handed in, and everything is graded."""
    place = tmp_path_factory.mktemp("course")
    folder = shutil.copytree(ROOT / "solutions" / "digits", place / "digits")
    with (folder / "assignment.toml").open("a") as file:
        file.write(POLICY)
    portal = Portal(PortalSettings([load(folder)], place / "data", jobs=1, transport=NO_NETWORK))
    try:
        portal.roster.load([RosterEntry(name.title(), "", name) for name in CLASS], "test")
        files = handed_in()
        for student in CLASS:
            person = portal.roster.find(student)
            assert person
            name, content = files[student]
            attempt = portal.hand_in(person, "digits", name, io.BytesIO(content))
            with portal.book.writing() as connection:
                mine = update(ATTEMPTS).where(ATTEMPTS.c.id == attempt.number)
                connection.execute(mine.values(received=RECEIVED[student]))
        grade_all(portal)
    finally:
        portal.close()
    return folder, place / "data"


def grade_all(portal: Portal) -> None:
    """Grade what waits, as a dispatcher does, but in this thread: no test has to guess how long that takes."""
    course = portal.courses["digits"]
    basis = course.dispatcher.basis
    number = portal.book.new_run(basis, len(CLASS))
    with Grader(course.assignment, workers=1) as grading:
        while attempt := portal.queue.claim("test", MAX_LEASE_SECONDS, ["digits"]):
            person = portal.roster.get(attempt.person)
            assert person
            submission = read_attempt(attempt, person.id, portal.data.files, course.rules)
            report = grading.grade(submission)
            ending: Ending = "rejected" if report.status == "rejected" else "graded"
            assert not report.needs_review
            assert portal.queue.finish(attempt, "test", number, report, basis.report_key(submission), ending)


def run(*words: object) -> str:
    done = grader(*words, COLUMNS="200")
    assert done.exit_code == 0, done.output
    return " ".join(done.output.replace("│", " ").split())


@pytest.fixture(scope="module")
def decided(course: tuple[Path, Path]) -> tuple[Path, Path]:
    """Two extensions, three adjustments, and a hidden case that was changed, previewed and confirmed."""
    folder, data = course
    run("extend", data, "student-05", "--days", 2, "--reason", "ill")
    run("extend", data, "student-07", "--until", "2026-03-03T12:00:00Z", "--reason", "ill")
    texts = ("--comment", "You are right.", "--reason", "the case was too strict")
    place = ("--question", "predict", "--case", "exactly_at_the_threshold")
    assert "81.9 -> 82.8 of 100" in run("adjust", data, "student-02", *place, "--by", 1, *texts)
    assert "69.6 -> 71.2 of 100" in run("adjust", data, "student-07", "--question", "backward", "--by", 2, *texts)
    assert "86 -> 85 of 100" in run("adjust", data, "student-11", "--by", -1, *texts)
    put(folder, "hidden/test_predict.py", STRICT, LENIENT)
    said = run("regrade", folder, "--data", data, "--preview", "--jobs", 1)
    assert "1 of 6 results change; no score drops" in said
    assert "final grade 82.8 / 100 -> 83.7 / 100; a person has adjusted it" in said
    assert "look at the adjustment again: the automatic result was 0 and is 1 now" in said
    id = re.search(r"--confirm (\S+)", said)
    assert id
    confirmed = run("regrade", folder, "--data", data, "--confirm", id[1])
    assert "final grades that changed: student-02 (82.8 / 100 -> 83.7 / 100)" in confirmed
    return folder, data


@pytest.fixture
def portal(decided: tuple[Path, Path]) -> Iterator[Portal]:
    folder, data = decided
    opened = Portal(PortalSettings([load(folder)], data, jobs=1, transport=NO_NETWORK))
    yield opened
    opened.close()


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))


def roster(path: Path, to: str) -> Path:
    """The class as Canvas or Moodle exports it."""
    if to == "canvas":
        rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "digits (1)"]]
        rows += [["Points Possible", "", "", "", "", "100"]]
        rows += [[name.title(), str(100 + number), "", name, "One", ""] for number, name in enumerate(CLASS)]
    else:
        rows = [["Identifier", "Full name", "Status", "Grade", "Maximum Grade", "Last modified (grade)"]]
        rows += [[f"Participant {100 + n}", name, "Submitted", "", "100.00", "-"] for n, name in enumerate(CLASS)]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_every_number_is_the_one_by_hand(portal: Portal, decided: tuple[Path, Path], tmp_path: Path) -> None:
    """Of 100 points, due on 2 March at 12:00, 10 % off a day. The case of `predict` that was changed has 1 point.

    student-02  91, and 92 since the changed case; +1 from before, flagged; 1 day late: 10 % of 93 are 9.3       83.7
    student-04  100, on time                                                                                    100
    student-05  88; 2 days late, but 2 days of extension                                                         88
    student-07  87, +2; handed in on 5 March, extended to 3 March: 2 days, 20 % of 89 are 17.8                   71.2
    student-11  86, on time; -1 for the whole                                                                    85
    student-12  can't be read: no grade
    """
    _, data = decided
    names = ("auto", "adjustment", "penalty", "final")
    staff = TestClient(create_app(portal), "http://127.0.0.1:8000", headers=bearer(portal, "instructor"))

    scores = {row["student"]: row for row in rows_of(staff.get("/assignments/digits/scores.csv").text)}
    assert {who: tuple(float(scores[who][name]) for name in names) for who in NUMBERS} == NUMBERS
    assert scores["student-12"]["status"] == "rejected"
    run("export", data, "--to", "csv", "--output", tmp_path / "grades.csv")
    exported = {row["student"]: row for row in rows_of((tmp_path / "grades.csv").read_text())}
    assert {who: tuple(float(exported[who][name]) for name in names) for who in NUMBERS} == NUMBERS

    api = {row["student"]: row for row in staff.get("/api/v1/assignments/digits/grades").json()}
    assert {who: (row["auto"], row["adjustments"], row["penalty"], row["final"]) for who, row in api.items()} == {
        **NUMBERS,
        "student-12": (0, 0, 0, 0),
    }
    assert [who for who, row in api.items() if row["flagged"]] == ["student-02"]

    for to, title, column in (("canvas", "digits (1)", "SIS Login ID"), ("moodle", "Grade", "Full name")):
        target = tmp_path / f"{to}.csv"
        given = ("--roster", roster(tmp_path / f"{to}-roster.csv", to), "--id-column", column, "--output", target)
        assert "5 final grades: 2 with a penalty, 3 adjusted" in run("export", data, "--to", to, *given)
        cells = dict(zip(CLASS, (row[title] for row in rows_of(target.read_text())[-len(CLASS) :]), strict=True))
        assert {who: float(cell) for who, cell in cells.items() if cell} == FINALS

    table = printed(show_scores, ClassGrades(portal.book, "digits").reports(), 300)
    page, students = (staff.get(f"/assignments/digits/{name}").text for name in ("class", "students"))
    for who, final in FINALS.items():
        assert re.search(rf"\b{who}\b\W+{final:g} / 100\b", table)
        assert f"<bdi>{who}</bdi></a><td role=cell>{final:g}<td" in page
        assert re.search(rf"<bdi>{who}</bdi>.*\n.*\n<td class=\"number\">{final:g}</td>", students)
        mine = TestClient(create_app(portal), "http://127.0.0.1:8000", headers=bearer(portal, who))
        own = f"{final:g} of 100" if final == NUMBERS[who][0] else f"worth {final:g}: "
        assert own in mine.get("/assignments/digits").text


def bearer(portal: Portal, id: str) -> dict[str, str]:
    portal.instructor_link()  # a roster without an instructor gets one
    token = next(link.token for link in portal.roster.links() if link.person.id == id)
    return {"Authorization": f"Bearer {token}"}
