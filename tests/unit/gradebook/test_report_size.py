"""A report has a size that it can't exceed, and one that can't be stored costs its own student alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.execution import output as write
from grader.execution.output import OutputFolder
from grader.gradebook import store
from grader.gradebook.errors import ReportUnstorable
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.report_size import (
    MAX_CALL_SUMMARY,
    MAX_CASE_BYTES,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_NOTES,
    MAX_REPORT,
    max_report_bytes,
    truncate_report,
)
from grader.gradebook.store import Gradebook
from grader.grading import scoring
from grader.grading.exhibits import Exhibits
from grader.grading.limits import MAX_CURVE_POINTS, MAX_EXHIBITS, MAX_PICTURE_SIDE, MAX_PICTURES, MAX_STEPS, MAX_TEXT
from grader.models import Assignment, CaseResult, Exhibit, Question, ScoreReport, Status
from grader.reports import PER_STUDENT
from grader.reports import json as as_json
from tests.factories import submission
from tests.helpers.effort import examples

COSTLIEST = "\udc80"  # a character that takes seven bytes of JSON
HUGE = COSTLIEST * 9_000
QUESTION = Question("f", 1.0)


def exhibits() -> list[tuple[Exhibit, ...]]:
    """Of each kind two, as large as they come."""
    name, taker = COSTLIEST * MAX_NAME, Exhibits()
    shape = np.zeros((0, 2**40))
    ways: dict[str, tuple[Any, ...]] = {
        "flow": (
            name,
            [COSTLIEST * MAX_TEXT] * 2 * MAX_STEPS,
            [shape] * 2 * MAX_STEPS,
            [np.zeros((1,) * 32)] * 2 * MAX_STEPS,
        ),
        "curve": (name, np.full(9 * MAX_CURVE_POINTS, -1.23456e-300), np.arange(9 * MAX_CURVE_POINTS) % 7 / 3),
        "pictures": (
            name,
            np.ones((9 * MAX_PICTURES, MAX_PICTURE_SIDE, MAX_PICTURE_SIDE)),
            np.full(9 * MAX_PICTURES, -1.23456e-300),
            np.zeros(72),
        ),
    }
    made = []
    for kind, values in ways.items():
        for _ in range(3):
            getattr(taker, kind)(*values)
        made.append(taker.render())
        taker.clear()
    assert [len(shown) for shown in made] == [MAX_EXHIBITS] * 3
    return made


def whole(assignment: Assignment, cases: list[CaseResult], **more: Any) -> ScoreReport:
    question = scoring.question_result(QUESTION, cases)
    notes = {"notes": (HUGE,) * 300, "sandbox_notes": (HUGE,) * 300}
    return scoring.report(
        assignment, submission("x"), [question], protections=("own process",) * 10, **{**notes, **more}
    )


def largest_case(shown: tuple[Exhibit, ...]) -> CaseResult:
    points = 1 / 3 * 1e-300
    return CaseResult(HUGE, HUGE, Status.OUT_OF_MEMORY, points, points, HUGE, HUGE, exhibits=shown)


def test_the_largest_report_keeps_its_limit(tiny: Assignment) -> None:
    """Every text, note and exhibit as large as it can come: the bytes are those that the number of cases allows."""
    for shown in exhibits():
        empty, few, many = (as_json.render(whole(tiny, [largest_case(shown)] * count)) for count in (0, 1, 20))
        assert len(empty) < max_report_bytes(0, 1)
        assert len(many) < max_report_bytes(20, 1)
        assert len(many) - len(few) < 19 * MAX_CASE_BYTES
        assert len(many) > len(few) > 0.2 * MAX_CASE_BYTES  # the limit isn't one that nothing comes near
    assert max_report_bytes(900, 100) < MAX_REPORT
    assert MAX_REPORT < 1_000_000_000  # which SQLite takes


def test_the_largest_report_is_stored_and_read(tiny: Assignment, tmp_path: Path) -> None:
    """It comes back as it was, but for half characters, which are shown as escapes."""
    made = whole(tiny, [largest_case(shown) for shown in exhibits()])
    with Gradebook.open(tmp_path / "gradebook.sqlite") as book:
        book.add(book.new_run(RunFingerprint.for_run(tiny), 1), made, "k")
        (read,) = book.latest_reports()
    assert read.questions[0].cases[0].exhibits[0].title.startswith("\\udc80")
    assert len(read.questions[0].cases) == 3


TEXTS = st.text(max_size=3).flatmap(lambda text: st.sampled_from([1, 99, 1000]).map(lambda times: text * times))
CASES = st.builds(CaseResult, TEXTS, TEXTS, st.just(Status.FAILED), st.just(0.0), st.just(1.0), TEXTS, TEXTS)


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(CASES, max_size=3), st.lists(TEXTS, max_size=80), st.lists(TEXTS, max_size=80))
def test_what_is_over_a_limit_is_cut(cases: list[CaseResult], notes: list[str], told: list[str]) -> None:
    """What is within the limits stays as it is; a cut text ends with an ellipsis; the last note is always there."""
    question = scoring.question_result(QUESTION, cases)
    made = ScoreReport(
        *("ada", "f.py", "d", "a", "d", "1", "graded", 0.0, 1.0, False, (), (question,), tuple(notes), 0.0),
        sandbox_notes=tuple(told),
    )
    cut = truncate_report(made)
    assert truncate_report(cut) is cut
    assert len(cut.notes) == min(MAX_NOTES, len(notes))
    pairs = list(zip(cut.questions[0].cases, cases, strict=True))
    for name, limit in (
        ("name", MAX_NAME),
        ("title", MAX_NAME),
        ("message", MAX_MESSAGE),
        ("called", MAX_CALL_SUMMARY),
    ):
        for new, old in ((getattr(one, name), getattr(other, name)) for one, other in pairs):
            assert new == old if len(old) <= limit else len(new) == limit and new.endswith("…")
    if notes:
        assert cut.notes[-1][:9] == notes[-1][:9]


# ---- what can't be stored


@pytest.fixture
def output(tiny: Assignment, tmp_path: Path) -> Iterator[OutputFolder]:
    with OutputFolder.open(
        tmp_path / "out", RunFingerprint.for_run(tiny), [submission("x", who) for who in ("ada", "bob")]
    ) as opened:
        yield opened


def report_of(assignment: Assignment, who: str, message: str = "", **changes: Any) -> ScoreReport:
    case = CaseResult("c", "It works.", Status.FAILED, 0, 1, message)
    made = scoring.report(assignment, submission("x", who), [scoring.question_result(QUESTION, [case])], protections=())
    return msgspec.structs.replace(made, **changes)


@pytest.mark.parametrize("how", ["too large", "no number", "no text"])
def test_what_cannot_be_stored_costs_its_own_student(
    output: OutputFolder, tiny: Assignment, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A report in its place says that a person must look; the log says why, and the others are stored."""
    monkeypatch.setattr(store, "MAX_REPORT", 1500)
    broken = {
        "too large": report_of(tiny, "ada", "x" * 9000),
        "no number": report_of(tiny, "ada", score=float("nan")),
        "no text": report_of(tiny, "ada", notes=(object(),)),
    }[how]
    stored = output.add(broken)
    output.add(report_of(tiny, "bob"))
    assert stored.needs_review
    assert (stored.status, stored.score) == ("graded", 0)
    assert "ada" in output.problems[0]
    assert [report.needs_review for report in output.reports()] == [True, False]
    assert (output.counts.graded, output.counts.review) == (2, 1)
    output.finish(output.problems)
    assert "ada" in output.log.read_text()


def test_a_format_that_cannot_be_made_costs_that_file(
    output: OutputFolder, tiny: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gradebook has the report, the other format is written, and an earlier run's file isn't left standing."""

    def broken(report: ScoreReport) -> bytes:
        raise RecursionError("a mistake of ours")

    output.add(report_of(tiny, "ada"))
    monkeypatch.setitem(PER_STUDENT, ".md", broken)
    output.add(report_of(tiny, "ada", "another"))
    found = sorted(path.name for path in output.reports_folder.iterdir())
    assert found == ["ada.json"]
    assert "another" in (output.reports_folder / "ada.json").read_text()
    assert "a mistake of ours" in output.problems[0]


# ---- what an earlier grader has stored


def test_a_report_that_is_too_large_to_be_read_is_told_in_its_place(
    output: OutputFolder, tiny: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gradebook can be read, compared and shown; the report counts for nothing, and isn't taken over."""
    output.add(report_of(tiny, "ada", "x" * 1900))
    output.add(report_of(tiny, "bob"))
    monkeypatch.setattr(store, "MAX_REPORT", 1500)
    ada, bob = output.reports()
    assert not bob.needs_review
    assert ada.needs_review
    assert (ada.student, ada.score, ada.questions) == ("ada", 0.0, ())
    assert ada.notes[0].startswith("the stored report has 0 MB")
    (left,) = output.reuse()
    assert left.student == "ada"


def test_long_texts_of_an_earlier_grader_are_cut_when_they_are_read(output: OutputFolder, tiny: Assignment) -> None:
    """So that nobody who reads a report has to look through megabytes."""
    output.add(report_of(tiny, "ada"))
    path = output.folder / write.GRADEBOOK
    old = msgspec.to_builtins(report_of(tiny, "ada"))
    old["questions"][0]["cases"][0]["message"] = "e" * 100_000
    del old["sandbox_notes"]  # it had none
    with sqlite3.connect(path) as book:
        book.execute("UPDATE results SET report = ?", (msgspec.json.encode(old),))
    (read,) = output.reports()
    assert len(read.questions[0].cases[0].message) == MAX_MESSAGE
    assert read.sandbox_notes == ()


def test_unstorable_is_no_trouble_of_the_gradebook(tiny: Assignment, tmp_path: Path) -> None:
    """Nothing of such a report gets in, and the next one does."""
    with Gradebook.open(tmp_path / "gradebook.sqlite") as book:
        run = book.new_run(RunFingerprint.for_run(tiny), 2)
        with pytest.raises(ReportUnstorable, match="can't be stored"):
            book.add(run, report_of(tiny, "ada", score=float("inf")), "k")
        book.add(run, report_of(tiny, "bob"), "k")
        assert book.students() == ["bob"]
