"""Reports of earlier versions are read, and what was measured is told apart from what was found."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.models import CaseResult, Limits, ScoreReport, Status, TimeUse
from tests.factories import question, report

CASE = CaseResult("slow", "It ends.", Status.TIMEOUT, 0, 1, seconds=2.5, time_use=TimeUse(2.0, 2.0, 2.0, 2.1, 1.0))
REPORT = report(
    question("f", CASE, seconds=2.6), seconds=3.0, load_seconds=0.4, peak_memory_bytes=90_000_000, limits=Limits()
)
NEW = {"load_seconds", "peak_memory_bytes", "limits", "time_use"}  # in version 0.1.0 as it was first released


def test_a_report_of_an_earlier_version_is_read() -> None:
    """A gradebook holds reports for years: what they don't have is empty."""

    def earlier(value: Any, top: bool = True) -> Any:
        if isinstance(value, list | tuple):
            return [earlier(item, False) for item in value]
        if isinstance(value, dict):
            gone = NEW if top else NEW | {"seconds"}
            return {name: earlier(item, False) for name, item in value.items() if name not in gone}
        return value

    read = msgspec.convert(earlier(msgspec.to_builtins(REPORT)), ScoreReport)
    assert read.seconds == 3.0
    assert read.untimed() == msgspec.structs.replace(REPORT, limits=None).untimed()
    assert (read.questions[0].seconds, read.questions[0].cases[0].seconds, read.peak_memory_bytes) == (0, 0, 0)


def test_an_untimed_report_keeps_what_was_found() -> None:
    """Score, statuses and limits stay; no number that a clock has given does."""
    untimed = REPORT.untimed()
    assert msgspec.structs.replace(REPORT, seconds=9.0, load_seconds=9.0, peak_memory_bytes=9).untimed() == untimed
    assert untimed.questions[0].cases[0] == msgspec.structs.replace(CASE, seconds=0.0, time_use=None)
    assert (untimed.student, untimed.score, untimed.limits) == ("ada", 0, Limits())
