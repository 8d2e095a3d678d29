"""`grader show --timings`: the seconds of cases with their shares and limits, and why a case timed out."""

from __future__ import annotations

import io

import msgspec
from rich.console import Console

from grader._util.wording import timeout_reason
from grader.cli.report_view import show_report
from grader.cli.timings_view import show_timings, timing_rows
from grader.models import CaseResult, Limits, QuestionResult, ScoreReport, Status, TimeUse

USE = TimeUse(2.0, 2.004, 1.9, 16.3, 5.9)
SLOW = CaseResult("numbers", "Twice.", Status.TIMEOUT, 0, 2, "`double` took longer than 2 s", seconds=6.0, time_use=USE)
QUICK = CaseResult("zero", "Zero.", Status.PASSED, 1, 1, seconds=0.5)
REPORT = ScoreReport(
    student="ada",
    file="tiny.py",
    digest="d",
    assignment="tiny",
    assignment_digest="a",
    grader_version="1",
    status="graded",
    score=1,
    max_score=3,
    needs_review=False,
    sandbox=(),
    questions=(QuestionResult("double", 1, 3, Status.TIMEOUT, (SLOW, QUICK), seconds=7.0),),
    notes=(),
    seconds=10.0,
    load_seconds=0.25,
    peak_memory_bytes=90 << 20,
    limits=Limits(call_seconds=2),
)


def shown(report: ScoreReport) -> str:
    console = Console(file=io.StringIO(), width=120)
    show_timings(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_second_is_in_one_row() -> None:
    """Cases, what lies between them and the rest are everything; loading is a part of that."""
    found = list(timing_rows(REPORT, Limits(call_seconds=2)))
    assert [(question, case, seconds) for question, case, seconds, _ in found] == [
        ("double", "numbers", 6.0),
        ("", "zero", 0.5),
        ("", "(another attempt, between cases)", 0.5),
        ("", "(first load, diagnosis and the rest)", 3.0),
        ("everything", "", 10.0),
        ("loading", "(a part of it)", 0.25),
    ]
    assert [limit for *_, limit in found] == ["2 a call", "2 a call", "", "", "300", "30 each time"]


def test_the_table_has_shares_memory_and_reasons() -> None:
    """An instructor sees whether it was the code or the machine."""
    text = shown(REPORT)
    (row,) = (line for line in text.splitlines() if "numbers" in line and "│" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == ["double", "numbers", "6.000", "60%", "2 a call"]
    assert "peak memory 90 MB, limit 1024 MB" in text
    assert f"double, numbers: {timeout_reason(USE)}." in text


def test_a_report_without_times_says_so() -> None:
    """Those of earlier versions stay in a gradebook for years."""
    assert "stored no times of cases" in shown(msgspec.structs.replace(REPORT, limits=None))


def test_a_machine_is_called_busy_where_it_was() -> None:
    """The processes for each core decide."""
    assert "16.30 s on the clock; the machine was busy (5.9 processes" in timeout_reason(USE)
    assert "the machine was not busy (0.4 processes" in timeout_reason(msgspec.structs.replace(USE, load=0.4))


def test_the_report_on_a_terminal_says_why_a_case_timed_out() -> None:
    """In words of its own: the student's sentence stays as it is."""
    console = Console(file=io.StringIO(), width=200)
    show_report(REPORT, console)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "`double` took longer than 2 s" in text
    assert f"{timeout_reason(USE)}." in text
