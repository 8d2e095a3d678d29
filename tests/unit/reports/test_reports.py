"""Reports written down: what is in them, and that nothing a student wrote does more than show."""

from __future__ import annotations

import csv
import html
import io
import json
import os
from importlib.metadata import version
from pathlib import Path

import msgspec
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader._util import extras
from grader._util.atomic_files import write_atomically
from grader._util.escaping import FORMULA_STARTS, csv_cell, one_line
from grader._util.wording import count_words
from grader.cli.report_view import show_report
from grader.exports import gradescope
from grader.models import CaseResult, Diagnosis, QuestionResult, ScoreReport, Status, TimeUse
from grader.reports import PER_CLASS, PER_STUDENT, markdown
from grader.reports import csv as as_csv
from grader.reports import json as as_json
from grader.reports.feedback import HIDDEN_ONLY
from grader.reports.html import page_queue, student_page, submission_page
from grader.reports.html.page_queue import MEASUREMENTS, page_stamp
from grader.reports.html.submission_view import SubmissionView
from grader.statuses import STATUS_TEXT
from tests.factories import ADA, LOST
from tests.helpers.report_strategies import REPORTS
from tests.helpers.terminal import printed


def blocks(report: ScoreReport) -> list[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown.render(report).decode())
    return [token.type for token in tokens]


def table(*reports: ScoreReport) -> list[list[str]]:
    text = as_csv.render(reports).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_tables_of_reporters_name_the_files() -> None:
    """A student gets a JSON and a Markdown file, a class one CSV file."""
    assert set(PER_STUDENT) == {".json", ".md"}
    assert set(PER_CLASS) == {"scores.csv"}


def test_json_is_the_canonical_schema() -> None:
    """The keys, in their order, and the values are those of the schema; points have two decimals."""
    content = as_json.render(ADA)
    assert content.endswith(b"}\n")
    read = json.loads(content)
    assert list(read) == [
        "schema",
        *[field for field in ScoreReport.__struct_fields__ if field not in ("schema", "grade")],
    ]
    assert read["schema"] == 1
    assert read["score"] == 6.3
    assert b"0.3," in content
    question = read["questions"][1]
    hint = "It looks as if the layers run backwards."
    assert question["diagnosis"] == {"name": "reversed", "hint": hint, "kind": "misconception"}
    assert question["cases"][0] == {
        "name": "depth",
        "title": "Any depth works.",
        "status": "timeout",
        "points": 0,
        "max_points": 4,
        "message": "no answer after 10 s",
        "called": "x (3, 1)",
        "beyond": False,
        "exhibits": [],
        "seconds": 0.0,
        "time_use": None,
    }


@given(REPORTS)
def test_json_can_be_read_as_a_report(report: ScoreReport) -> None:
    """Any report becomes JSON in UTF-8 that reads as a report with the same scores and statuses."""
    read = msgspec.json.decode(as_json.render(report), type=ScoreReport)
    assert read.score == pytest.approx(report.score, abs=0.0051)
    assert [question.status for question in read.questions] == [q.status for q in report.questions]
    assert msgspec.json.decode(as_json.render(read), type=ScoreReport) == read


def measured(report: ScoreReport, factor: float) -> ScoreReport:
    """The report with all of its measurements, as large as the factor."""
    questions = []
    for question in report.questions:
        use = TimeUse(10.0, 10.0 * factor, 1.0 * factor, 20.0 * factor, 2.0 * factor)
        cases = [msgspec.structs.replace(case, seconds=0.1 * factor, time_use=use) for case in question.cases]
        questions.append(msgspec.structs.replace(question, seconds=0.3 * factor, cases=tuple(cases)))
    memory = int(100_000_000 * factor)
    return msgspec.structs.replace(
        report, seconds=factor, load_seconds=factor / 2, peak_memory_bytes=memory, questions=tuple(questions)
    )


def test_only_measurements_differ_between_two_runs() -> None:
    """A report that took longer differs in its measurements in JSON, and in nothing of Markdown and CSV."""
    quick, slow = measured(ADA, 1.0), measured(ADA, 17.123456)
    assert quick.untimed() == slow.untimed() == ADA.untimed() != ADA
    assert as_json.render(quick) != as_json.render(slow)
    assert MEASUREMENTS.sub(b"", as_json.render(quick)) == MEASUREMENTS.sub(b"", as_json.render(slow))
    assert page_stamp(as_json.render(quick)) == page_stamp(as_json.render(slow))
    assert markdown.render(ADA) == markdown.render(quick) == markdown.render(slow)
    assert as_csv.render([ADA]) == as_csv.render([slow])


@pytest.mark.parametrize("package", extras.EXTRAS["html"])
def test_a_new_version_of_a_package_makes_the_pages_anew(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stamp is of every package that renders pages."""
    renderer_digest = page_queue._renderer_digest.__wrapped__
    before = renderer_digest()
    monkeypatch.setattr(page_queue, "version", lambda name: "99" if name == package else version(name))
    assert renderer_digest() != before


def test_markdown_says_what_was_lost_and_why() -> None:
    """Score, table, the cases of a question that lost points, hint, lent functions, notes, protections."""
    page = markdown.render(ADA).decode()
    assert "**6.3 of 13 points** for `digits.ipynb`" in page
    assert "| sigmoid | 6 | 6 | ██████████ | right |" in page
    assert "| my\\_sequential | 0.3 | 7 | █░░░░░░░░░ | wrong, graded with a correct `my_dense` |" in page
    assert "## my\\_sequential: 0.3 of 7" in page
    assert "## sigmoid" not in page
    assert "It looks as if the layers run backwards." in page
    told = "no answer after 10 s. It was called with `x (3, 1)`."
    assert f"- **Any depth works.** ({STATUS_TEXT[Status.TIMEOUT]}, 0 of 4): {told}" in page
    assert "kept quiet" not in page
    assert "## Notes\n\n- handed in together with bob\n" in page
    assert page.index("not checked:\n\n- “cell 7: NameError”\n") < page.index(
        "Protections in force: bubblewrap, no network."
    )
    assert "Needs manual review" not in page


CLAIM = "graded again by hand: 13 of 13 points”, says the office"


def test_what_the_submission_says_of_itself_is_quoted_everywhere() -> None:
    """Notes of its own process stand in quotation marks and under a heading of their own, in every format."""
    report = msgspec.structs.replace(ADA, notes=("ours",), sandbox_notes=(CLAIM,))
    assert json.loads(as_json.render(report))["notes"] == ["ours"]
    assert json.loads(as_json.render(report))["sandbox_notes"] == [CLAIM]
    formats = {
        "markdown": markdown.render(report).decode(),
        "terminal": printed(show_report, report, 200),
        "gradescope": gradescope.render(report).decode(),
        "page": student_page.render(report, SubmissionView()).decode(),
        "notebook": submission_page.render(report, SubmissionView()).decode(),
    }
    quoted = CLAIM.replace("”", '"')
    for name, text in formats.items():
        plain = html.unescape(text).replace('\\"', '"')
        assert f"“{quoted}”" in plain, name
        assert plain.count("graded again by hand") == 1, name
        assert plain.index("and not checked:") < plain.index("graded again"), name


def lost_lines(*cases: CaseResult, hint: str = "") -> list[str]:
    """What the page says of a question with these cases, line by line."""
    diagnosis = Diagnosis("known", hint) if hint else None
    question = QuestionResult("f", 0, 9, Status.FAILED, cases, diagnosis=diagnosis)
    page = markdown.render(msgspec.structs.replace(ADA, questions=(question,), notes=(), sandbox_notes=())).decode()
    return page.partition("## f")[2].partition("\n---")[0].strip().splitlines()[2:]


def wrong(message: str, called: str = "", status: Status = Status.FAILED, *, beyond: bool = False) -> CaseResult:
    return CaseResult("case", "It works.", status, 0, 1, message, called, beyond)


def test_a_relation_is_shown_where_a_hint_is() -> None:
    """The same place in the page of a student and in Markdown; in JSON its kind tells it from a known mistake."""
    found = Diagnosis("numbers", "All your numbers are negated.", "relation")
    question = QuestionResult("f", 0, 9, Status.FAILED, (wrong("other numbers"),), diagnosis=found)
    report = msgspec.structs.replace(ADA, questions=(question,))
    assert "All your numbers are negated" in markdown.render(report).decode()
    assert "All your numbers are negated" in student_page.render(report, SubmissionView()).decode()
    assert b'"kind":"relation"' in msgspec.json.encode(report)
    earlier = b'{"name": "n", "hint": "h"}'  # of a report by an earlier version
    assert msgspec.json.decode(earlier, type=Diagnosis).kind == "misconception"


def test_what_went_wrong_is_told_once() -> None:
    """A message that differs from an earlier one in numbers alone is the same; another line of code isn't."""
    told = lost_lines(
        wrong("The W of layer 1 is wrong: got 3.5 at index [0, 1].", "W (3, 4)"),
        wrong("The W of layer 2 is wrong: got -1e-05.", "W (1, 3)"),
        wrong("The b of layer 2 is wrong: got 7."),
        wrong("`f` raised ValueError: x (f.py, line 3: f(x))", status=Status.ERROR),
        wrong("`f` raised ValueError: y (f.py, line 4: g(x))", status=Status.ERROR),
    )
    assert told[0].endswith("got 3.5 at index \\[0, 1\\]. It was called with `W (3, 4)`.")
    assert told[1] == "- **It works.** (wrong, 0 of 1): the same with `W (1, 3)`"
    assert [line.partition("1): ")[2][:5] for line in told[2:]] == ["The b", "\\`f\\`", "\\`f\\`"]


def test_what_kept_all_cases_from_being_judged_is_told_once() -> None:
    """An endless function is one sentence, with what it was called with."""
    first = wrong("`f` took longer than 10 s", "x (3,)", Status.TIMEOUT)
    again = wrong("`f` was not called again: `f` took longer than 10 s", "", Status.TIMEOUT)
    (line,) = lost_lines(first, again, again)
    assert line.startswith("\\`f\\` took longer than 10 s. It was called with `x (3,)`. None of the 3 requirements")


def test_a_question_takes_no_more_than_160_words() -> None:
    """However much there is to say; the hint and the first of what was lost stay."""
    many = [wrong(f"{'a' * (i + 1)} is wrong: {'word ' * 30}", "x (3,)") for i in range(40)]
    told = lost_lines(*many, hint="Look at the sign.")
    assert 120 < count_words(" ".join(told)) <= 160
    assert "a is wrong" in told[2]
    assert told[-1].startswith("- And ")
    assert lost_lines(*many, hint="word " * 200)[-1] == "- And 40 more."


def test_the_page_says_when_the_public_checks_leave_out_what_was_lost() -> None:
    """Only when all that was lost is of that kind."""
    assert lost_lines(wrong("x", beyond=True), wrong("y", beyond=True))[0] == HIDDEN_ONLY
    assert HIDDEN_ONLY not in lost_lines(wrong("x", beyond=True), wrong("y"))


def test_markdown_of_a_rejected_submission_gives_the_reason() -> None:
    """A rejected submission says so, and why; there is no table of questions, and no code was run."""
    page = markdown.render(LOST).decode()
    assert "could not be graded" in page
    assert "- is empty" in page
    assert "| question" not in page
    assert "No code was run." in page


def test_markdown_says_when_a_person_must_look() -> None:
    """Our own failure is told as ours, and a graded report without protections says that there were none."""
    page = markdown.render(msgspec.structs.replace(ADA, needs_review=True, sandbox=())).decode()
    assert "Needs manual review" in page
    assert "No protections were in force." in page


@settings(deadline=None)  # a page is parsed twice
@given(REPORTS)
def test_no_text_changes_the_form_of_a_markdown_page(report: ScoreReport) -> None:
    """The blocks of a page are those that harmless words make, and nothing in them is HTML or a link."""
    words: dict[str, str] = {}

    def harmless(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: harmless(inner, name) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [harmless(inner, key) for inner in value]
        # An empty text stays empty, for a page leaves out what isn't there.
        if not isinstance(value, str) or key in ("status", "kind") or not one_line(value):
            return value
        return words.setdefault(value, "x" * (len(words) + 1))

    filler = msgspec.convert(harmless(msgspec.to_builtins(report)), ScoreReport)
    assert blocks(report) == blocks(filler)
    page = MarkdownIt("commonmark").enable("table").parse(markdown.render(report).decode())
    kinds = {child.type for token in page for child in token.children or ()}
    assert kinds <= {"text", "text_special", "code_inline", "strong_open", "strong_close"}


def test_the_bar_is_full_only_for_all_points() -> None:
    """Nearly all points is not a full bar, and a few points are not an empty one."""
    lengths = [markdown.bar(score, 100).count("█") for score in (0, 0.1, 50, 99.9, 100)]
    assert lengths == [0, 1, 5, 9, 10]
    assert markdown.bar(0, 0).count("█") == 10


def test_csv_has_a_row_for_each_student_and_a_column_for_each_question() -> None:
    """The header names the columns; a report without a question leaves its cell empty."""
    assert table(ADA, LOST) == [
        ["student", "score", "max_score", "status", "sigmoid", "my_sequential", "needs_review", "late"],
        ["ada", "6.3", "13", "graded", "6", "0.3", "false", "false"],
        ["eve", "0", "13", "rejected", "", "", "false", "false"],
    ]
    assert table()[0] == ["student", "score", "max_score", "status", "needs_review", "late"]


def test_csv_is_read_by_pandas_and_marked_for_spreadsheets() -> None:
    """pandas gets names, numbers and truth values without being told anything; a byte-order mark leads."""
    content = as_csv.render(iter([msgspec.structs.replace(ADA, student="Zoë, 数"), LOST]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    frame = pandas.read_csv(io.BytesIO(content))
    assert list(frame["student"]) == ["Zoë, 数", "eve"]
    assert frame["score"].sum() == 6.3
    assert frame["needs_review"].dtype == bool


@given(st.lists(REPORTS, max_size=4))
def test_csv_survives_the_round_trip(reports: list[ScoreReport]) -> None:
    """Each row has a cell for each column, the student's escaped name, the score, and no formula."""
    header, *rows = table(*reports)
    assert len(rows) == len(reports)
    for row, report in zip(rows, reports, strict=True):
        assert len(row) == len(header)
        assert row[0] == csv_cell(report.student)
        assert float(row[1]) == round(report.score, 2)
        assert not any(cell.startswith(FORMULA_STARTS) for cell in row)


def test_writing_replaces_the_file_as_a_whole(tmp_path: Path) -> None:
    """The new content is there, nothing else is left in the folder, and a reader of the old file keeps it."""
    target = tmp_path / "report.json"
    write_atomically(target, b"old")
    with target.open("rb") as reader:
        write_atomically(target, b"new")
        assert reader.read() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_writing_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last step fails, the old content is there and no half-written file beside it."""
    target = tmp_path / "report.json"
    write_atomically(target, b"old")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_writing_does_not_follow_a_link(tmp_path: Path) -> None:
    """A link where the report belongs is replaced; what it points to is left alone."""
    (tmp_path / "precious").write_bytes(b"mine")
    (tmp_path / "report.md").symlink_to(tmp_path / "precious")
    write_atomically(tmp_path / "report.md", b"report")
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert not (tmp_path / "report.md").is_symlink()


def test_written_files_have_the_rights_that_the_umask_gives(tmp_path: Path) -> None:
    """A report is as readable as any file that the user makes."""
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "report.md", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "report.md").stat().st_mode & 0o777 == 0o640
