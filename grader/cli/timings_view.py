"""Table of the seconds of one report, for `grader show OUT STUDENT --timings`."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import format_megabytes, timeout_reason
from grader.models import Limits, ScoreReport

NO_TIMES = (
    "This report is of an earlier version of the grader, which stored no times of cases. Grade it again with --fresh."
)
MEMORY_NOTE = (
    "The peak is the largest resident set of a worker, code of libraries included; the limit is on private memory."
)
MIN_SECONDS = 0.001  # of a row; shorter times are left out

Row = tuple[str, str, float, str]  # question, case, seconds, limit


def show_timings(report: ScoreReport, console: Console) -> None:
    """Print the seconds of each case, of loading and in total, with the limits and the peak memory."""
    print_line(console, f"{one_line(report.student, 100)}: {report.seconds:.2f} s")
    if report.limits is None:
        print_line(console, NO_TIMES)
        return
    table = Table()
    for name in ("question", "case", "seconds", "share", "limit"):
        text = name in ("question", "case")
        table.add_column(name, overflow="fold", justify="left" if text else "right", no_wrap=not text)
    for question, case, seconds, limit in timing_rows(report, report.limits):
        share = f"{seconds / report.seconds:.0%}" if report.seconds else ""
        table.add_row(Text(one_line(question, 100)), Text(one_line(case, 100)), f"{seconds:.3f}", share, limit)
    console.print(table)
    peak = format_megabytes(report.peak_memory_bytes)
    print_line(console, f"peak memory {peak}, limit {report.limits.memory_mb} MB. {MEMORY_NOTE}")
    for question_result in report.questions:
        for result in question_result.cases:
            if result.time_use:
                where = one_line(f"{question_result.name}, {result.name}", 200)
                print_line(console, f"{where}: {timeout_reason(result.time_use)}.")


def timing_rows(report: ScoreReport, limits: Limits) -> Iterator[Row]:
    """Yield question, case, seconds, limit. Cases load what they need: `loading` is a part of the rows above it."""
    for question in report.questions:
        for number, case in enumerate(question.cases):
            yield ("" if number else question.name), case.name, case.seconds, f"{limits.call_seconds:g} a call"
        again = question.seconds - sum(case.seconds for case in question.cases)
        if again >= MIN_SECONDS:
            yield "", "(another attempt, between cases)", again, ""
    rest = report.seconds - sum(question.seconds for question in report.questions)
    yield "", "(first load, diagnosis and the rest)", max(rest, 0.0), ""
    yield "everything", "", report.seconds, f"{limits.total_seconds:g}"
    yield "loading", "(a part of it)", report.load_seconds, f"{limits.load_seconds:g} each time"
