"""What students and programs read about a grade, and that nothing changes where the score is the grade."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given

from grader.cli.report_view import show_report
from grader.exports import gradescope
from grader.models import Correction, GradeStep, ReportGrade, ScoreReport, Status
from grader.reports import json as as_json
from grader.reports import json_schema, markdown
from grader.reports.html import student_page, submission_page
from grader.reports.html.submission_view import SubmissionView, read_view
from tests.factories import ADA, LOST, ROOT, case, question, report
from tests.helpers.report_strategies import REPORTS
from tests.helpers.terminal import printed

VERSION_1 = ROOT / "tests" / "corpus" / "reports" / "version-1.json"
CORRECTIONS = (
    Correction("double", "shape", 1.0, "ira", "The wording was <b>unclear</b>. | `x`"),
    Correction("double", "", -0.5, "ira", "No docstring."),
    Correction("double", "gone", 0.25, "ira", "Was right."),
    Correction("", "", 2.0, "ira", "A bonus."),
)
GRADE = ReportGrade(
    state="graded",
    auto=2.0,
    adjustments=2.75,
    penalty=-0.2,
    final=4.55,
    max_score=6.0,
    needs_review=False,
    attempt=2,
    due="2026-03-02T12:00:00+00:00",
    late_seconds=3600,
    sentence="2 of 6; 10 % off for 1 day late; +2 by ira: A bonus.",
    steps=(GradeStep("automatic", 2.0, "2 of 6"), GradeStep("late", -0.2, "10 % off for 1 day late")),
    corrections=CORRECTIONS,
)
CORRECTED = report(
    question("double", case("shape"), case("value", Status.FAILED, "wrong")),
    question("right", case("all")),
    late=True,
    grade=GRADE,
)
WITHOUT_GRADE = msgspec.structs.replace(CORRECTED, grade=None, late=False)


def shown_by(one: ScoreReport) -> dict[str, str]:
    """Return what each format of a student's report shows."""
    content = b"def double(x): return x"
    pages = {
        "page": student_page.render(one, SubmissionView(), "x.notebook.html"),
        "notebook": submission_page.render(one, read_view(content, "tiny.py"), "x.html"),
    }
    texts = {
        "markdown": markdown.render(one),
        "json": as_json.render(one),
        "gradescope": gradescope.render(one),
        **pages,
    }
    return {name: text.decode() for name, text in texts.items()} | {"terminal": printed(show_report, one, 200)}


@pytest.mark.parametrize("name", ["page", "notebook", "markdown", "json", "gradescope", "terminal"])
def test_each_format_says_what_people_and_the_policy_did(name: str) -> None:
    """The points that count, the sentence at the top, and each comment at its place, escaped."""
    text = shown_by(CORRECTED)[name]
    assert "4.55" in text
    for comment in ("No docstring.", "Was right.", "A bonus.", "unclear"):
        assert comment in text
    assert "10 % off for 1 day late" in text
    assert "No penalty applied" not in text
    if name in ("page", "notebook", "markdown"):
        assert "<b>unclear" not in text
        assert text.index("A bonus.") < text.index("No docstring.") < text.index("unclear")


def test_points_of_a_question_are_shown_with_what_was_added() -> None:
    """As a sum, so that nobody takes one for the other."""
    text = shown_by(CORRECTED)
    assert "2 + 0.75 of 4" in text["page"] and "| 2 + 0.75 | 4 |" in text["markdown"]
    assert "  - \\+1 by ira: The wording was &lt;b&gt;unclear" in text["markdown"]
    assert "\\+0.25 for gone by ira: Was right." in text["markdown"]


def test_a_report_that_a_person_settled_needs_no_review_any_more() -> None:
    """And one that waits says so."""
    settled = msgspec.structs.replace(CORRECTED, needs_review=True)
    assert "Needs manual review" not in markdown.render(settled).decode()
    waits = msgspec.structs.replace(GRADE, state="review", needs_review=True)
    assert "Needs manual review" in markdown.render(msgspec.structs.replace(settled, grade=waits)).decode()


def test_a_sentence_that_says_no_more_than_the_points_is_left_out() -> None:
    """On time and without adjustments, a student reads what they read without a policy."""
    plain = msgspec.structs.replace(
        GRADE, auto=4.0, final=4.0, adjustments=0.0, penalty=0.0, steps=GRADE.steps[:1], corrections=()
    )
    one = msgspec.structs.replace(WITHOUT_GRADE, score=4.0, max_score=6.0)
    assert markdown.render(msgspec.structs.replace(one, grade=plain)) == markdown.render(one)


@given(REPORTS)
def test_without_a_grade_nothing_mentions_one(one: ScoreReport) -> None:
    """The JSON has version 1, as before there were grades."""
    fields = json.loads(as_json.render(one))
    assert fields["schema"] == 1 and "grade" not in fields
    assert "grade.css" not in student_page.grade_styles(one)


def test_a_report_of_version_1_is_still_read() -> None:
    """What a grader without grades wrote is read, and written again byte for byte, as JSON and as Markdown."""
    read = msgspec.json.decode(VERSION_1.read_bytes(), type=ScoreReport)
    assert as_json.render(read) == VERSION_1.read_bytes()
    assert markdown.render(read) == VERSION_1.with_suffix(".md").read_bytes()


def test_a_report_with_a_grade_is_read_back() -> None:
    """Version 2 loses nothing."""
    read = msgspec.json.decode(as_json.render(CORRECTED), type=ScoreReport)
    assert read.grade == GRADE and read.schema == 2


def test_the_published_schema_is_that_of_the_records() -> None:
    """`python -m grader.reports.json_schema > docs/report.schema.json` writes it."""
    assert (ROOT / "docs" / "report.schema.json").read_bytes() == json_schema.render()


def test_reports_of_both_versions_follow_the_schema() -> None:
    """And what lacks the grade of version 2, or has one in version 1, doesn't."""
    validator = jsonschema.Draft202012Validator(json_schema.report_schema())
    both: list[dict[str, Any]] = [json.loads(as_json.render(one)) for one in (ADA, LOST, CORRECTED)]
    assert [list(validator.iter_errors(one)) for one in (*both, json.loads(VERSION_1.read_bytes()))] == [[]] * 4
    one, two = both[0], both[2]
    assert not validator.is_valid({**one, "schema": 2})
    assert not validator.is_valid({**two, "schema": 1})
    assert not validator.is_valid({**one, "score": "much"})
