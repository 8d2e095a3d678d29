"""The page of two runs: who changed, by how much, through which cases and why."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cli.commands.diff import command
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.run_diff import CaseChange, QuestionChange, RunDiff, StudentChange
from grader.gradebook.runs import Run
from grader.models import Status
from grader.reports.html import run_diff_page
from tests.factories import REJECTED, SHAPE, VALUE, WRONG, case, compared_report
from tests.helpers.effort import examples
from tests.helpers.page_elements import HOSTILE, Parsed
from tests.helpers.pages import compared_runs, hostile_runs
from tests.helpers.report_strategies import POINTS, TEXT

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


def rendered(comparison: RunDiff) -> str:
    return run_diff_page.render(comparison, lambda student: "").decode()


def words(page: str) -> str:
    """What can be read on it."""
    body = page.partition("<body>")[2].partition("<script>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", body)).split())


def test_a_change_is_told_with_its_cases_and_reasons(tmp_path: Path) -> None:
    """By how much, what the case said, how many others it concerns, who came, went, or was rejected."""
    page = words(
        rendered(
            compared_runs(
                tmp_path,
                [compared_report(name, SHAPE, VALUE) for name in ("ada", "bob", "cy", "dan")]
                + [compared_report("gone", SHAPE)],
                [
                    *(compared_report(name, SHAPE, WRONG) for name in ("ada", "bob")),
                    compared_report("cy", SHAPE, VALUE),
                    compared_report("dan", **REJECTED),
                    compared_report("new", SHAPE),
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
    page = words(
        rendered(
            compared_runs(tmp_path, [compared_report("ada", SHAPE, VALUE)], [compared_report("ada", SHAPE, VALUE)])
        )
    )
    assert "changed 0 the same 1" in page
    assert "Students whose result changed None." in page


def test_many_cases_of_one_student_are_cut_and_said_to_be(tmp_path: Path) -> None:
    """The table of cases has them all."""
    olds = [case(f"c{number}", Status.PASSED, worth=0.2) for number in range(20)]
    news = [case(f"c{number}", Status.FAILED, worth=0.2) for number in range(20)]
    page = words(rendered(compared_runs(tmp_path, [compared_report("ada", *olds)], [compared_report("ada", *news)])))
    assert page.count("The c19 is right. right → wrong") == 2  # among the cases, and as what to narrow the table to
    assert "And 8 more cases, which grader diff --json lists." in page


@settings(max_examples=examples(20), deadline=None)
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
    hostile_runs(tmp_path / "my out")

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
