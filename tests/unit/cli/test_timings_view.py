"""`grader show --timings`: the seconds of cases with their shares and limits, and why a case timed out."""

from __future__ import annotations

import msgspec

from grader._util.wording import timeout_reason
from grader.cli.report_view import show_report
from grader.cli.timings_view import show_timings, timing_rows
from grader.models import CaseResult, Limits, Status, TimeUse
from tests.factories import question, report
from tests.helpers.terminal import printed

USE = TimeUse(2.0, 2.004, 1.9, 16.3, 5.9)
SLOW = CaseResult("numbers", "Twice.", Status.TIMEOUT, 0, 2, "`double` took longer than 2 s", seconds=6.0, time_use=USE)
QUICK = CaseResult("zero", "Zero.", Status.PASSED, 1, 1, seconds=0.5)
REPORT = report(
    question("double", SLOW, QUICK, seconds=7.0),
    seconds=10.0,
    load_seconds=0.25,
    peak_memory_bytes=90 << 20,
    limits=Limits(call_seconds=2),
)


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
    text = printed(show_timings, REPORT, 120)
    (row,) = (line for line in text.splitlines() if "numbers" in line and "│" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == ["double", "numbers", "6.000", "60%", "2 a call"]
    assert "peak memory 90 MB, limit 1024 MB" in text
    assert f"double, numbers: {timeout_reason(USE)}." in text


def test_a_report_without_times_says_so() -> None:
    """Those of earlier versions stay in a gradebook for years."""
    assert "stored no times of cases" in printed(show_timings, msgspec.structs.replace(REPORT, limits=None), 120)


def test_a_machine_is_called_busy_where_it_was() -> None:
    """The processes for each core decide, or time that passed without being counted."""
    assert "16.30 s on the clock; the machine was busy (5.9 processes" in timeout_reason(USE)
    assert "the machine was busy (0.4 processes" in timeout_reason(msgspec.structs.replace(USE, load=0.4))
    assert "the machine was not busy (0.4 processes" in timeout_reason(msgspec.structs.replace(USE, load=0.4, wall=2.1))


def test_the_report_on_a_terminal_says_why_a_case_timed_out() -> None:
    """In words of its own: the student's sentence stays as it is."""
    text = printed(show_report, REPORT, 200)
    assert "`double` took longer than 2 s" in text
    assert f"{timeout_reason(USE)}." in text
