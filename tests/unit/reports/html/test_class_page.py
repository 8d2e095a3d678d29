"""The page of a class: what it tells, that names do nothing, and that it works in a browser and without scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.execution.output import GRADEBOOK, PAGE, OutputFolder
from grader.gradebook.store import Gradebook
from grader.models import Diagnosis, ScoreReport, Status
from grader.reports.html import class_page
from grader.reports.html.page_queue import PageQueue
from grader.reports.html.report_links import report_addresses
from grader.submissions.spool import SubmissionSpool
from tests.factories import ADA, BASIS, LOST, run_of, submission
from tests.helpers.effort import examples
from tests.helpers.page_elements import Parsed
from tests.helpers.pages import a_class, page_of, question
from tests.helpers.report_strategies import REPORTS

if TYPE_CHECKING:
    pass


@cache
def ordinary() -> Parsed:
    return Parsed(page_of(a_class(60)))


@pytest.mark.thorough
def test_two_thousand_students_fit_on_one_page() -> None:
    """Each is there once, by the name as it is; less than 3 MB, and no more than 25 elements for each."""
    reports = a_class(2000)
    page = page_of(reports, lambda student: f"reports/{student[:12].encode().hex() * 9}.html")
    parsed = Parsed(page)
    assert len(page) < 3e6
    assert len(parsed.elements) < 25 * len(reports)
    assert Counter(parsed.students) == Counter(" ".join(report.student.split()) for report in reports)


def test_the_same_reports_make_the_same_page() -> None:
    """Byte for byte."""
    assert page_of(a_class(60)) == page_of([msgspec.structs.replace(report) for report in a_class(60)])


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(REPORTS, max_size=4))
def test_no_text_becomes_markup(reports: list[ScoreReport]) -> None:
    """Whatever is written in reports: the page has elements and attributes of ours only, and leads nowhere else."""
    parsed = Parsed(page_of(reports))
    assert parsed.shapes <= ordinary().shapes
    assert len(parsed.students) == len(reports)
    assert all(link.startswith("#") or link == "scores.csv" for link in parsed.links)


def test_the_page_tells_what_the_class_is_like() -> None:
    """Counts, mean, median, deviation, alpha, bars in words, reasons, mistakes, remarks."""
    reports = [
        student_with("ada", Status.PASSED, Status.PASSED),
        student_with("bob", Status.FAILED, Status.FAILED),
        student_with("cy", Status.FAILED, Status.PASSED, seconds=9.5),
        msgspec.structs.replace(student_with("dan", Status.INTERNAL, Status.PASSED), needs_review=True),
        LOST,
    ]
    page = page_of(reports).decode()
    figures = page.partition("<dl")[2].partition("</dl>")[0]
    told = ["4", "1", "1", "4.00", "4.00", "1.63", "0.67"]  # 6, 2, 4, 4; alpha without the one that is for review
    assert re.findall(r"<dd>(?:<a [^>]*>)?([\d.]+)", figures) == told
    assert "0 to under 0.6 points: 0 students" in page
    assert "5.4 to 6 points: 1 student." in page
    assert "eve</bdi>: is empty" in " ".join(page.split())
    assert "dan</bdi>: q0" in " ".join(page.split())
    assert "cy</bdi>: 9.5 s" in page
    assert "everybody gets it" in page
    assert "With fewer than 30 students (3 here)" in page
    assert re.search(r">2</a> . <strong>q0</strong> <code>wrong_axis</code>", page)


def test_a_relation_is_no_known_mistake() -> None:
    """It is for the student alone: there are as many as there are wrong answers."""
    lost = msgspec.structs.replace(question("q0", Status.FAILED), diagnosis=Diagnosis("numbers", "x", "relation"))
    page = page_of([msgspec.structs.replace(ADA, questions=(lost,), score=lost.score, needs_review=False)]).decode()
    assert "No report names a known mistake." in page


def student_with(name: str, *statuses: Status, seconds: float = 0.1) -> ScoreReport:
    found = tuple(question(f"q{number}", status) for number, status in enumerate(statuses))
    score = sum(one.score for one in found)
    return msgspec.structs.replace(
        ADA, student=name, score=score, max_score=6, questions=found, seconds=seconds, needs_review=False
    )


def test_a_run_that_was_stopped_says_so() -> None:
    """And one without any submission is a page, too."""
    assert "The run was stopped: 1 of 5 submissions" in class_page.render([ADA], run_of(5), lambda student: "").decode()
    assert "There is no submission yet." in page_of([]).decode()


def test_links_lead_to_the_best_report_that_is_there(tmp_path: Path) -> None:
    """HTML before Markdown before JSON; relative, and encoded so that a name is nothing but a name."""
    reports = tmp_path / "my reports"
    reports.mkdir()
    files = ["a?b#c%41.html", "a?b#c%41.md", "javascript:alert(1).md", "한글.json"]
    for name in files:
        (reports / name).touch()
    names = ["a?b#c%41", "javascript:alert(1)", "한글", "nobody"]
    links = [*map(report_addresses(reports, tmp_path), names)]
    assert links[0] == "my%20reports/a%3Fb%23c%2541.html"
    assert [unquote(link).removeprefix("my reports/") for link in links] == [files[0], files[2], files[3], ""]
    assert report_addresses(reports, tmp_path / "pages")("한글").startswith("../my%20reports/")


def write(folder: Path, reports: Iterable[ScoreReport], log: list[str]) -> None:
    found = list(reports)
    with OutputFolder.open(
        folder,
        BASIS,
        [submission("", report.student) for report in found],
        PageQueue(folder / "reports", SubmissionSpool()),
    ) as output:
        for report in found:
            output.add(report)
        output.finish(log)


def test_grading_writes_the_page_beside_the_scores(tmp_path: Path) -> None:
    """Each student's link leads to a report that is there."""
    write(tmp_path, [student_with("=SUM(A1)", Status.PASSED), student_with('Zoë, "Z" 100%', Status.FAILED)], [])
    links = [link for link in Parsed((tmp_path / PAGE).read_bytes()).links if link.startswith("reports/")]
    assert len(links) == 4  # in the table, and among the slowest
    assert all((tmp_path / unquote(link)).is_file() for link in links)


def test_a_page_that_fails_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores and reports are there, the run has come to its end, the log says why; an older page doesn't stay."""
    write(tmp_path, [student_with("ada", Status.PASSED)], [])
    (tmp_path / "scores.csv").unlink()

    def fail(*_: object) -> bytes:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr(class_page, "render", fail)
    log: list[str] = []
    write(tmp_path, [student_with("ada", Status.PASSED)], log)
    assert "ada" in (tmp_path / "scores.csv").read_text("utf-8-sig")
    assert "a mistake of ours" in (tmp_path / "internal.log").read_text()
    assert log
    assert not (tmp_path / PAGE).exists()
    with Gradebook.open_existing(tmp_path / GRADEBOOK) as book:
        assert all(one.finished for one in book.runs())
