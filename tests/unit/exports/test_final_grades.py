"""A class with a policy, extensions, adjustments and a changed hidden case: one set of numbers, wherever they leave."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.cli.tables import show_comparison, show_export_summary, show_scores
from grader.exports import FORMATS
from grader.exports.export import ExportError, ExportRequest, export
from grader.exports.summary import ExportSummary
from grader.gradebook.adjustments import Adjustments
from grader.gradebook.current_policy import store_policy
from grader.gradebook.extensions import Extensions
from grader.gradebook.graded_reports import ClassGrades, student_report
from grader.gradebook.releases import Releases
from grader.gradebook.run_diff import choose_runs, diff_runs
from grader.gradebook.store import Gradebook
from grader.models import QuestionResult, ScoreReport, Status
from grader.policies import Adjustment, Extension, LateRule, Policy
from grader.policies.release import EVERYTHING
from grader.reports import PER_CLASS, markdown
from grader.reports.html import class_page
from tests.factories import BASIS, NEWER, case, question, report
from tests.helpers.terminal import printed

NOW = datetime(2026, 3, 10, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = Policy(due=DUE, late=LateRule(percent=10))
CLASS = ("ada", "bob", "cy", "dot", "eve", "fay", "gus", "hal", "ivy")
# Of 20 points: auto, adjustments, penalty, final. By hand, in the docstring of the test.
NUMBERS = {
    "ada": (20, 0, 0, 20),
    "bob": (16, 0, -1.6, 14.4),
    "cy": (12, 0, 0, 12),
    "dot": (20, 0, -4, 16),
    "eve": (20, 2, -2, 20),
    "fay": (12, 8, -2, 18),
    "ivy": (16, -1, 0, 15),
}
FINALS = {student: numbers[3] for student, numbers in NUMBERS.items()}


def answered(numbers: bool, zero: bool, last: Status = Status.PASSED) -> tuple[QuestionResult, QuestionResult]:
    """Two questions of 12 and 8 points."""
    passed = {True: Status.PASSED, False: Status.FAILED}
    first = question("double", case("numbers", passed[numbers], worth=8.0), case("zero", passed[zero], worth=4.0))
    return first, question("quadruple", case("all", last, worth=8.0))


def handed_in(student: str, day: int, *questions: QuestionResult, **more: object) -> ScoreReport:
    number = str(100 + CLASS.index(student))
    fields = {"student": student, "id": number, "assignment": "digits", "digest": student * 9, "max_score": 20.0}
    return report(*questions, **{**fields, "handed_in": f"2026-03-{day:02}T11:00:00+00:00", **more})


def results(zero_is_strict: bool) -> Iterator[ScoreReport]:
    """The class before and after the hidden case `zero` was changed: bob's answer is wrong now, and eve's right."""
    yield handed_in("ada", 2, *answered(True, True))
    yield handed_in("bob", 3, *answered(True, not zero_is_strict))
    yield handed_in("cy", 4, *answered(True, True, Status.FAILED))
    yield handed_in("dot", 5, *answered(True, True))
    yield handed_in("eve", 2, *answered(True, zero_is_strict))
    yield handed_in("fay", 3, *answered(True, True, Status.INTERNAL), needs_review=True)
    yield handed_in("gus", 2, status="rejected", score=0.0, notes=("the file is empty",))
    yield handed_in("hal", 2, *answered(True, True, Status.INTERNAL), needs_review=True)
    yield handed_in("ivy", 2, *answered(True, False))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of results of the class, made once."""
    folder = tmp_path_factory.mktemp("class")
    with Gradebook.open(folder / "gradebook.sqlite") as book:
        for basis, strict in ((BASIS, False), (NEWER, True)):
            run = book.new_run(basis, len(CLASS))
            for one in results(strict):
                book.add(run, one, f"{one.student} {strict}")
            book.finish_run(run)
        store_policy(book, "digits", POLICY, "test")
        until = datetime(2026, 3, 3, 12, tzinfo=UTC)
        extensions = [("cy", Extension(0, "ira", NOW, "ill", days=2)), ("dot", Extension(0, "ira", NOW, until=until))]
        Extensions(book).add("digits", [(who, msgspec.structs.replace(one, reason="ill")) for who, one in extensions])
        texts: dict[str, Any] = {"comment": "The wording was <unclear>.", "reason": "r"}
        unclear = Adjustment(0, "ira", NOW, "double", "zero", 2.0, basis_points=0.0, **texts)
        Adjustments(book).add("digits", "eve", unclear)
        Adjustments(book).add("digits", "fay", Adjustment(0, "ira", NOW, "quadruple", verdict="passed", **texts))
        Adjustments(book).add("digits", "ivy", Adjustment(0, "ira", NOW, points=-1.0, **texts))
    return folder


@pytest.fixture
def book(out: Path) -> Iterator[Gradebook]:
    with Gradebook.open_existing(out / "gradebook.sqlite") as opened:
        yield opened


def roster(path: Path, to: str) -> Path:
    """The class as Canvas or Moodle exports it."""
    rows: list[Sequence[str]]
    if to == "canvas":
        rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "digits (1)"]]
        rows += [["Points Possible", "", "", "", "", "20"]]
        rows += [[name, str(100 + number), "", name, "One", ""] for number, name in enumerate(CLASS)]
    else:
        rows = [["Identifier", "Full name", "Status", "Grade", "Maximum Grade", "Last modified (grade)"]]
        rows += [
            [f"Participant {100 + number}", name, "Submitted", "", "20.00", "-"] for number, name in enumerate(CLASS)
        ]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def leave(book: Gradebook, out: Path, path: Path, to: str, **wish: Any) -> tuple[ExportSummary, bytes]:
    named = roster(path / f"{to}-roster.csv", to) if to in ("canvas", "moodle") else None
    summary = export(book, out, ExportRequest(to, named, output=path / f"{to}.out", **wish))
    return summary, (path / f"{to}.out").read_bytes()


def test_every_number_is_the_same_wherever_it_leaves(book: Gradebook, out: Path, tmp_path: Path) -> None:
    """Of 20 points (double: numbers 8, zero 4; quadruple 8), due on 2 March at 12:00, 10 % off a day:

    ada  20, on time                                                              20
    bob  16 since the changed case; 1 day late: 10 % of 16 are 1.6                14.4
    cy   12; 2 days late, but 2 days of extension                                 12
    dot  20; handed in on 5 March, extended to 3 March: 2 days, 20 % are 4        16
    eve  20 since the changed case; +2 for zero from before; no more than 20      20
    fay  12, and 8 by the verdict of a person; 1 day late: 10 % of 20 are 2       18
    gus  rejected: no grade
    hal  for review: no grade
    ivy  16, -1 for the whole                                                     15
    """
    scores = {row["student"]: row for row in rows_of(PER_CLASS["scores.csv"](ClassGrades(book, "digits").reports()))}
    names = ("auto", "adjustment", "penalty", "final")
    assert {who: tuple(float(scores[who][name]) for name in names) for who in NUMBERS} == NUMBERS
    assert {who: float(scores[who]["score"]) for who in FINALS} == FINALS
    assert [scores[who]["status"] for who in ("fay", "gus", "hal")] == ["graded", "rejected", "graded"]
    assert [who for who in CLASS if scores[who]["needs_review"] == "true"] == ["hal"]
    assert {scores[who]["attempt"] for who in FINALS} == {"1"}

    summary, content = leave(book, out, tmp_path, "csv")
    exported = {row["student"]: row for row in rows_of(content)}
    assert {who: tuple(float(exported[who][name]) for name in names) for who in NUMBERS} == NUMBERS
    assert exported["gus"]["score"] == exported["gus"]["final"] == ""

    for to, title in (("canvas", "digits (1)"), ("moodle", "Grade")):
        summary, content = leave(book, out, tmp_path, to)
        graded = dict(zip(CLASS, (row[title] for row in rows_of(content)[-len(CLASS) :]), strict=True))
        assert {who: float(cell) for who, cell in graded.items() if cell} == FINALS
        said = printed(show_export_summary, summary, 200)
        assert "7 final grades: 3 with a penalty, 3 adjusted" in said
        assert (summary.review, summary.not_graded) == (["hal"], ["gus"])

    table = printed(show_scores, ClassGrades(book, "digits").reports(), 300)
    for who, final in FINALS.items():
        assert re.search(rf"\b{who}\b\W+{final:g} / 20\b", table)
    assert "10 % off for 1 day late" in table

    run = book.runs()[-1]
    page = class_page.render(ClassGrades(book, "digits").reports(), run, lambda student: "").decode()
    for who, final in FINALS.items():
        assert f"<bdi>{who}</bdi><td role=cell>{final:g}<td" in page
    assert "graded, penalty, adjusted" in page and "These are final grades" in page


@pytest.mark.parametrize(
    "to", sorted(set(FORMATS) - {"canvas", "moodle", "moodle-feedback", "nbgrader-feedback", "gradescope", "csv"})
)
def test_formats_for_programs_have_the_final_grade(book: Gradebook, out: Path, tmp_path: Path, to: str) -> None:
    """JSON with both, JUnit and nbgrader with what it is made of."""
    _, content = leave(book, out, tmp_path, to)
    if to == "json":
        reports = {one["report"]["student"]: one["report"] for one in json.loads(content)["students"]}
        assert {who: reports[who]["grade"]["final"] for who in FINALS} == FINALS
        assert {reports[who]["schema"] for who in CLASS} == {2}
    elif to == "nbgrader":
        rows = {row["student_id"]: row for row in rows_of(content)}
        bob = rows[str(100 + CLASS.index("bob"))]
        assert (bob["raw_score"], bob["late_submission_penalty"], bob["score"]) == ("16.0", "1.6", "14.4")
    else:
        assert b'name="score" value="14.40"' in content and b'name="penalty" value="-1.60"' in content


def test_a_student_reads_why(book: Gradebook) -> None:
    """The sentence at the top, and the comment at the case."""
    eve = student_report(book, "digits", "eve")
    assert eve
    text = html.unescape(markdown.render(eve).decode())
    assert "**20 of 20 points**" in text
    assert (
        "**Why this grade:** 20 of 20; +2 for double/zero by ira: The wording was <unclear>; no more than 20." in text
    )
    assert "\n  - \\+2 by ira: The wording was <unclear>." in text


def test_the_difference_of_runs_has_final_grades(book: Gradebook) -> None:
    """Whose grade the changed case changed, and which adjustment a person should look at again."""
    found = diff_runs(book, *choose_runs(book, ()))
    finals = {change.student: change.final for change in found.changed if change.final}
    assert {who: (final.before, final.after, final.adjusted) for who, final in finals.items()} == {
        "bob": ("18 / 20", "14.4 / 20", False),
        "eve": ("18 / 20", "20 / 20", True),
    }
    said = printed(show_comparison, found, 250)
    assert "final grade 18 / 20 -> 14.4 / 20" in said
    assert "look at the adjustment again: the automatic result was 0 and is 4 now" in said


def test_grades_that_are_not_released_stay(book: Gradebook, out: Path, tmp_path: Path) -> None:
    """Unless somebody asks for them; after the release they leave."""
    store_policy(book, "digits", msgspec.structs.replace(POLICY, visible="on release"), "test")
    with pytest.raises(ExportError, match=r"aren't released.*--unreleased"):
        leave(book, out, tmp_path, "csv")
    summary, _ = leave(book, out, tmp_path, "csv", unreleased=True)
    assert any("aren't released" in note for note in summary.notes)
    Releases(book).add("digits", EVERYTHING, "ira")
    summary, _ = leave(book, out, tmp_path, "csv")
    assert summary.notes == []
    store_policy(book, "digits", POLICY, "test")


def test_an_earlier_run_is_exported_as_it_was(book: Gradebook, out: Path, tmp_path: Path) -> None:
    """The automatic scores of that run, and a note that says so."""
    summary, content = leave(book, out, tmp_path, "csv", run=1)
    assert {row["student"]: row["score"] for row in rows_of(content)}["bob"] == "20.0"
    assert summary.notes == ["these are the automatic scores of run 1, without penalties and adjustments"]
