"""The page of a class: what it tells, that names do nothing, and that it works in a browser and without scripts."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.execution.output import GRADEBOOK, PAGE, OutputFolder
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.store import Gradebook, Run
from grader.models import CaseResult, Diagnosis, QuestionResult, ScoreReport, Status
from grader.reports.html import class_page
from grader.reports.html.page_queue import PageQueue
from grader.reports.html.report_links import report_addresses
from grader.submissions.spool import SubmissionSpool
from tests.conftest import submission
from tests.helpers.browsing import Seen
from tests.unit.reports.test_reports import ADA, LOST, REPORTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = (
    "=SUM(A1)",
    "<script>alert(1)</script>",
    'Zoë, "Z"',
    "한글",
    "'\"><img src=x onerror=alert(1)>",
    "</table></main><!--",
    "{{ 7 * 7 }}&lt;",
    "javascript:alert(1)",
    "very long " * 9,
)
BASIS = RunFingerprint("digits", "a1b2c3d4e5", "1.0", "sandbox full")
HINT = "<b onclick=alert(1)>Look at the axis.</b>"
LOSSES = (Status.FAILED, Status.ERROR, Status.MISSING, Status.TIMEOUT, Status.INTERNAL)
Open = Callable[..., Seen]


def run(many: int) -> Run:
    return Run(3, "2026-11-25T18:49:00+00:00", None, many, many, 0, None, BASIS)


def question(name: str, status: Status) -> QuestionResult:
    """Of two cases; the second is lost unless all is well."""
    cases = (
        CaseResult("shape", f"The shape of {name}.", Status.PASSED, 1, 1),
        CaseResult("value", f"The value of {name}.", status, 2 * (status is Status.PASSED), 2),
    )
    mistake = Diagnosis("wrong_axis", HINT) if status is Status.FAILED else None
    return QuestionResult(name, sum(case.points for case in cases), 3, status, cases, diagnosis=mistake)


def student(name: str, chance: random.Random, questions: int = 14) -> ScoreReport:
    """A report that hangs on chance alone; one of ten is rejected."""
    if chance.random() < 0.1:
        return msgspec.structs.replace(LOST, student=name, notes=(f"{name} is no notebook",))
    statuses = [chance.choice((Status.PASSED, Status.PASSED, *LOSSES[:4])) for _ in range(questions)]
    if chance.random() < 0.05:
        statuses[0] = Status.INTERNAL
    found = tuple(question(f"q{number}", status) for number, status in enumerate(statuses))
    score = sum(one.score for one in found)
    return ScoreReport(
        **{name: getattr(ADA, name) for name in ADA.__struct_fields__}
        | {
            "student": name,
            "score": score,
            "max_score": 3.0 * questions,
            "questions": found,
            "needs_review": statuses[0] is Status.INTERNAL,
            "seconds": round(chance.random(), 3),
        }
    )


@cache
def a_class(many: int) -> tuple[ScoreReport, ...]:
    """The same for the same number: hostile names first, then long ones."""
    chance = random.Random(many)
    names = [*HOSTILE, *(f"student {number:04} 가나다라마바사아자차카타파하" for number in range(many))]
    return tuple(student(name, chance) for name in names[:many])


@cache
def ordinary() -> Parsed:
    return Parsed(page_of(a_class(60)))


def page_of(reports: Sequence[ScoreReport], address: Callable[[str], str] = lambda student: "") -> bytes:
    return class_page.render(iter(reports), run(len(reports)), address)


class Parsed(HTMLParser):
    """The elements of a page, and the text of each row's head in the table of students."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.students: list[str] = []
        self._in_name = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if dict(attrs).get("role") == "rowheader":
            self.students.append("")
        self._in_name = dict(attrs).get("role") == "rowheader" or (self._in_name and tag in ("a", "bdi"))

    def handle_endtag(self, tag: str) -> None:
        self._in_name = self._in_name and tag not in ("bdi", "th")

    def handle_data(self, data: str) -> None:
        if self._in_name:
            self.students[-1] += data

    @property
    def shapes(self) -> set[tuple[str, ...]]:
        """Each kind of element, with the attributes that it has."""
        return {(tag, *sorted(attributes)) for tag, attributes in self.elements}

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.elements if tag == "a"]


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


@settings(max_examples=20, deadline=None)
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


def student_with(name: str, *statuses: Status, seconds: float = 0.1) -> ScoreReport:
    found = tuple(question(f"q{number}", status) for number, status in enumerate(statuses))
    score = sum(one.score for one in found)
    return msgspec.structs.replace(
        ADA, student=name, score=score, max_score=6, questions=found, seconds=seconds, needs_review=False
    )


def test_a_run_that_was_stopped_says_so() -> None:
    """And one without any submission is a page, too."""
    assert "The run was stopped: 1 of 5 submissions" in class_page.render([ADA], run(5), lambda student: "").decode()
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


@pytest.fixture
def shown(tmp_path: Path, page: Open) -> Open:
    """shown(width=..., dark=..., many=40): the page of such a class, open in the browser."""

    def opened(width: int = 1280, *, dark: bool = False, many: int = 40) -> Seen:
        (tmp_path / PAGE).write_bytes(page_of(a_class(many), lambda student: "reports/x.html"))
        return page(tmp_path / PAGE, width, dark=dark)

    return opened


def column(seen: Seen, number: int) -> list[str]:
    """What the rows that are shown have in a column."""
    cells = f"#students ~ .region tbody tr:not([hidden]) > :nth-child({number})"
    return [text.strip() for text in seen.page.locator(cells).all_text_contents()]


@pytest.mark.parametrize(("width", "dark"), [(375, False), (1280, True)])
def test_everyone_can_read_it(shown: Open, width: int, dark: bool) -> None:
    """Narrow or wide, light or dark: nothing breaks, nothing is asked for, axe finds nothing, only tables scroll."""
    seen = shown(width, dark=dark, many=len(HOSTILE) + 1)
    assert seen.wrong() == []
    assert seen.violations() == []
    assert seen.too_wide() <= 0
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") != (
        "rgb(255, 255, 255)" if dark else "rgb(13, 17, 23)"
    )


def test_columns_are_sorted_by_keyboard(shown: Open) -> None:
    """Tab leads to a heading, Enter sorts, Enter again turns it round; a number is no text; what is empty is last."""
    seen = shown()
    seen.page.locator("#students ~ .region").focus()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    scores = [float(text) for text in column(seen, 2)]
    assert scores == sorted(scores)
    assert seen.page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    seen.page.keyboard.press("Enter")
    assert [float(text) for text in column(seen, 2)] == sorted(scores, reverse=True)
    assert seen.page.locator("th[aria-sort]").all_text_contents() == ["score"]
    assert "sorted by score, descending" in seen.page.locator("output").inner_text()
    seen.page.get_by_role("columnheader", name="q3", exact=True).get_by_role("button").click()
    points = column(seen, 8)
    empty = points.count("")
    assert empty
    assert points[-empty:] == [""] * empty
    assert seen.wrong() == []


def test_names_are_searched_as_people_write_them(shown: Open) -> None:
    """Without accents and capitals; markup is text like any other."""
    seen = shown()
    search = seen.page.get_by_role("searchbox")
    for typed, name in (("zoe", 'Zoë, "Z"'), ("한", "한글"), ("<SCRIPT", "<script>alert(1)</script>")):
        search.fill(typed)
        assert column(seen, 1) == [name]
        assert seen.page.locator("output").inner_text() == "1 of 40 students"
    search.fill("nobody at all")
    assert column(seen, 1) == []
    search.fill("")
    assert len(column(seen, 1)) == 40
    assert seen.wrong() == []


def test_a_number_leads_to_the_students_behind_it(shown: Open) -> None:
    """Of a known mistake and of an ending of a question: exactly those students are left, and the list says which."""
    seen = shown()
    expected = [report.student for report in a_class(40) if report.questions and report.questions[0].diagnosis]
    place = seen.page.locator(".mistakes li", has_text="q0").get_by_role("link")
    assert place.inner_text() == str(len(expected))
    place.click()
    assert column(seen, 1) == [" ".join(name.split()) for name in expected]
    chosen = "select => select.selectedOptions[0].text"
    assert seen.page.locator("select").evaluate(chosen) == f"q0: wrong_axis ({len(expected)})"
    seen.page.locator(".items tbody").nth(1).locator("a").first.click()
    assert seen.page.locator("select").evaluate(chosen).startswith("wrong (")
    seen.page.get_by_role("combobox").select_option(label="everyone")
    assert len(column(seen, 1)) == 40
    assert seen.console + seen.crashes + seen.dialogs + seen.outgoing == []
    assert [address.partition("#")[2] for address in seen.visited[1:]] == ["students"] * (len(seen.visited) - 1)


def test_cases_are_folded_away_until_asked_for(shown: Open) -> None:
    """By keyboard, too; on paper they are all there, without what can't be used there."""
    seen = shown()
    body = seen.page.locator(".items tbody").first
    assert body.locator(".case:visible").count() == 0
    body.get_by_role("button").press("Enter")
    assert body.locator(".case:visible").count() == 2
    assert body.get_by_role("button").get_attribute("aria-expanded") == "true"
    seen.page.emulate_media(media="print")
    assert seen.page.locator(".items .case:visible").count() == 28
    assert not seen.page.locator(".controls").is_visible()
    assert seen.page.pdf(prefer_css_page_size=True).count(b"/URI (") >= 40  # the link of every student
    assert seen.wrong() == []


def test_all_is_there_without_scripts(shown: Open, tmp_path: Path, browser: Browser) -> None:
    """Every student and every case; no button and no field that would do nothing."""
    shown()
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto((tmp_path / PAGE).as_uri())
        assert page.locator(".students tbody tr:visible").count() == 40
        assert page.locator(".items .case:visible").count() == 28
        assert page.locator("button:visible, input:visible, select:visible").count() == 0
    finally:
        context.close()


def test_two_thousand_students_can_be_searched(shown: Open) -> None:
    """In the browser they are no more elements than in the file, and one of them is found."""
    seen = shown(many=2000)
    assert seen.page.evaluate("document.querySelectorAll('*').length") < 25 * 2000
    seen.page.get_by_role("searchbox").fill("student 1234")
    assert len(column(seen, 1)) == 1
    assert seen.wrong() == []
