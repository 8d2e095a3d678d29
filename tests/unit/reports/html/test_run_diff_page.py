"""The page of two runs: who changed, by how much, through which cases and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cli.commands.diff import command
from grader.execution.output import GRADEBOOK, OutputFolder
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.run_diff import CaseChange, QuestionChange, RunDiff, StudentChange, choose_runs, diff_runs
from grader.gradebook.store import Gradebook, Run
from grader.models import ScoreReport, Status
from grader.reports.html import run_diff_page
from tests.conftest import submission
from tests.helpers.browsing import Seen
from tests.unit.gradebook.test_run_diff import BASIS, NEWER, REJECTED, SHAPE, VALUE, WRONG, case, report
from tests.unit.reports.html.test_class_page import HOSTILE, Parsed
from tests.unit.reports.test_reports import POINTS, TEXT

Open = Callable[..., Seen]
STATUSES = st.none() | st.sampled_from(Status)
WORTH = st.none() | POINTS
CASES = st.builds(CaseChange, TEXT, TEXT, STATUSES, STATUSES, WORTH, WORTH, TEXT)
QUESTIONS = st.builds(QuestionChange, TEXT, WORTH, WORTH, st.lists(CASES, max_size=3).map(tuple))
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
QUESTION_LISTS = st.lists(QUESTIONS, max_size=3).map(tuple)
CHANGES = st.builds(StudentChange, TEXT, TEXT, TEXT, TEXTS, QUESTION_LISTS, st.floats(-100, 100))
TAGS = (
    "html head meta title style body header main footer script h1 h2 section p time code ul li dl div dt dd a bdi span "
    "table thead tbody tr th td strong b label input select optgroup option output"
)
ATTRIBUTES = (
    "lang charset http-equiv content name datetime aria-labelledby id role aria-label tabindex class scope href hidden "
    "data-filter data-marks type autocomplete spellcheck label value"
)


def write(folder: Path, *runs: Sequence[ScoreReport]) -> RunDiff:
    """Two runs into a folder, compared."""
    for basis, reports in zip((BASIS, NEWER), runs, strict=True):
        with OutputFolder.open(folder, basis, [submission("", one.student) for one in reports]) as output:
            for one in reports:
                output.add(one)
            output.finish([])
    with Gradebook.open_existing(folder / GRADEBOOK) as book:
        return diff_runs(book, *choose_runs(book, ()))


def rendered(comparison: RunDiff) -> str:
    return run_diff_page.render(comparison, lambda student: "").decode()


def words(page: str) -> str:
    """What can be read on it."""
    body = page.partition("<body>")[2].partition("<script>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", body)).split())


def hostile(folder: Path) -> RunDiff:
    """Three kinds of changes, of students with names and messages that would like to be more."""
    nasty = case("value", Status.FAILED, message="<img src=x onerror=alert(1)>")
    names = [name.replace("/", "_") for name in HOSTILE]
    olds = [report(name, SHAPE, VALUE) for name in names] + [report("gone", SHAPE)]
    news = [report(name, SHAPE, nasty) for name in names[:4]] + [report(name, SHAPE) for name in names[4:8]]
    return write(folder, olds, [*news, report(names[8], **REJECTED), report("new", SHAPE)])


def test_a_change_is_told_with_its_cases_and_reasons(tmp_path: Path) -> None:
    """By how much, what the case said, how many others it concerns, who came, went, or was rejected."""
    page = words(
        rendered(
            write(
                tmp_path,
                [report(name, SHAPE, VALUE) for name in ("ada", "bob", "cy", "dan")] + [report("gone", SHAPE)],
                [
                    *(report(name, SHAPE, WRONG) for name in ("ada", "bob")),
                    report("cy", SHAPE, VALUE),
                    report("dan", **REJECTED),
                    report("new", SHAPE),
                ],
            )
        )
    )
    assert "changed 3 fewer points 3 the same 1 mean of the changes \N{MINUS SIGN}3" in page
    assert "assignment digest: a1 → a2" in page
    assert "f The value is right. right → wrong 2 Only in run 1 (1) gone Only in run 2 (1) new" in page
    assert "bob 5 / 5 3 / 5 \N{MINUS SIGN}2 f 4 → 2 The value is right. right → wrong other numbers" in page
    assert "dan 5 / 5 rejected \N{MINUS SIGN}5 rejected: the file is empty" in page
    assert "cy 5 / 5" not in page


def test_no_change_is_a_page_too(tmp_path: Path) -> None:
    """It says that there is none."""
    page = words(rendered(write(tmp_path, [report("ada", SHAPE, VALUE)], [report("ada", SHAPE, VALUE)])))
    assert "changed 0 the same 1" in page
    assert "Students whose result changed None." in page


def test_many_cases_of_one_student_are_cut_and_said_to_be(tmp_path: Path) -> None:
    """The table of cases has them all."""
    olds = [case(f"c{number}", Status.PASSED, 0.2) for number in range(20)]
    news = [case(f"c{number}", Status.FAILED, 0.2) for number in range(20)]
    page = words(rendered(write(tmp_path, [report("ada", *olds)], [report("ada", *news)])))
    assert page.count("The c19 is right. right → wrong") == 2  # among the cases, and as what to narrow the table to
    assert "And 8 more cases, which grader diff --json lists." in page


@settings(max_examples=20, deadline=None)
@given(st.lists(CHANGES, max_size=3), TEXT)
def test_no_text_becomes_markup(changes: list[StudentChange], name: str) -> None:
    """Whatever is written in reports, the page has elements and attributes of ours only, and leads nowhere else."""
    basis = RunFingerprint(*[name] * 4)
    before, after = (Run(number, "2026-11-25T18:49:00+00:00", None, 1, 1, 0, None, basis) for number in (1, 2))
    page = run_diff_page.render(RunDiff(before, after, ((name, name, name),), changes, [name], [name], 1), str)
    parsed = Parsed(page)
    assert {tag for tag, _ in parsed.elements} <= set(TAGS.split())
    assert {attribute for _, attributes in parsed.elements for attribute in attributes} <= set(ATTRIBUTES.split())
    assert len(parsed.students) == len(changes)


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    """With links to the reports, wherever the page is; what can't be written is told in one sentence."""
    hostile(tmp_path / "my out")

    def diff(page: str) -> Result:
        return CliRunner().invoke(command, [str(tmp_path / "my out"), "--html", str(tmp_path / page)])

    done = diff("pages/diff.html")
    assert done.exit_code == 0, done.output
    assert "right -> wrong" in done.stdout  # the table is shown all the same
    links = [link for link in Parsed((tmp_path / "pages" / "diff.html").read_bytes()).links if link[0] != "#"]
    assert len(links) == len(HOSTILE) + 2
    assert all((tmp_path / "pages" / unquote(link)).is_file() for link in links)
    done = diff("my out/gradebook.sqlite/diff.html")
    assert done.exit_code == 3
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("width", "dark"), [(375, True), (1280, False)])
def test_everyone_can_read_it(tmp_path: Path, page: Open, width: int, dark: bool) -> None:
    """Narrow or wide, light or dark: nothing breaks, nothing is asked for, axe finds nothing, only tables scroll."""
    path = tmp_path / "diff.html"
    path.write_bytes(run_diff_page.render(hostile(tmp_path / "out"), lambda student: "x.html"))
    seen = page(path, width, dark=dark)
    assert seen.wrong() == []
    assert seen.violations() == []
    assert seen.too_wide() <= 0


def test_the_table_is_sorted_and_narrowed(tmp_path: Path, page: Open) -> None:
    """By the change, and to the students of one case; on paper it is all there."""
    path = tmp_path / "diff.html"
    path.write_bytes(run_diff_page.render(hostile(tmp_path / "out"), lambda student: ""))
    seen = page(path)
    rows = seen.page.locator(".rows tbody tr:visible")
    assert rows.count() == len(HOSTILE)
    seen.page.get_by_role("columnheader", name="change").get_by_role("button").click()
    assert rows.locator(".change").all_text_contents() == ["\N{MINUS SIGN}5", *["\N{MINUS SIGN}2"] * 8]
    seen.page.get_by_role("region", name="Cases").get_by_role("link", name="4").first.click()
    assert rows.count() == 4
    seen.page.get_by_role("searchbox").fill("JAVA")
    assert rows.locator("th").all_text_contents() == ["javascript:alert(1)"]
    seen.page.emulate_media(media="print")
    assert not seen.page.locator(".controls").is_visible()
    assert seen.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert seen.console + seen.crashes + seen.dialogs + seen.outgoing == []
