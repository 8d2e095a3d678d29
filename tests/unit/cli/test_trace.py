"""The steps of a trace, from what the processes have logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.cli.trace import Trace, TraceStep, grading_steps, only_submission
from grader.cli.trace_view import show_trace
from grader.errors import UserError
from grader.models import Limits
from tests.factories import report, submission
from tests.helpers.terminal import printed

REPORT = report(seconds=4.0)


def used(seconds: float, sandbox: float = 0.0, requests: int = 0, callbacks: int = 0, **more: Any) -> dict[str, Any]:
    return {"seconds": seconds, "sandbox_seconds": sandbox, "requests": requests, "callbacks": callbacks, **more}


EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("fork server ready", {"seconds": 9.0}),  # of the attempt whether there is a sandbox
    ("grading process started", {"pid": 7}),
    ("fork server ready", {"seconds": 1.5}),
    ("grading process ready", {"pid": 7, "seconds": 2.0}),
    ("worker started", {"seconds": 0.1}),
    ("submission loaded", used(0.5, 0.4, 2)),
    ("case", used(2.0, 1.5, 3, 40, question="double", case="numbers", status="timeout")),
    ("worker started", {"seconds": 0.2}),
    ("case", used(0.25, 0.2, 1, question="double", case="zero", status="passed")),
    ("diagnosis", used(0.75, 0.1, 4, question="double", found="")),
    ("submission graded", {"seconds": 4.0}),
]


def test_each_step_is_told_in_its_order_with_its_time() -> None:
    """What started a worker comes below the step that needed one; what is left over has a line of its own."""
    found = list(grading_steps(7.0, REPORT, EVENTS))
    assert [(step.step, step.question, step.seconds, step.part) for step in found] == [
        ("start a grading process", "", 2.0, False),
        ("start the fork server, meanwhile", "", 1.5, True),
        ("load the submission", "", 0.5, False),
        ("start a worker", "", 0.1, True),
        ("case", "double", 2.0, False),
        ("case", "double", 0.25, False),
        ("start a worker", "", 0.2, True),
        ("look for a known mistake", "double", 0.75, False),
        ("between the cases", "", 0.5, False),
        ("between the processes", "", 1.0, False),
    ]
    assert sum(step.seconds for step in found if not step.part) == 7.0
    case = found[4]
    assert (case.sandbox_seconds, case.requests, case.callbacks, case.status) == (1.5, 3, 40, "timeout")


def test_a_rejected_submission_has_no_cases() -> None:
    """Reading it came to no end: the time is told all the same."""
    rejected = msgspec.structs.replace(REPORT, status="rejected", seconds=0.0)
    names = [step.step for step in grading_steps(3.0, rejected, EVENTS[:4])]
    assert names[-2:] == ["between the cases", "between the processes"]
    assert "case" not in names


@pytest.mark.parametrize("count", [0, 2])
def test_a_trace_is_of_one_submission(count: int) -> None:
    """A folder of a class, or an empty one, is refused with a sentence."""
    with pytest.raises(UserError, match=f"class holds {count} submissions; expected 1"):
        only_submission(Path("class"), [submission("", f"s{n}") for n in range(count)])


def test_the_table_shares_the_time_between_sandbox_and_grader() -> None:
    """What a student wrote does nothing to a terminal."""
    steps = [
        TraceStep("case", 2.0, "double", "num\x1b[2Jbers", "timeout", 1.5, 3, 40),
        TraceStep("start a worker", 0.5, part=True),
        TraceStep("case", 1.0, "double", "zero", "passed", 0.5, 1, 2),
        TraceStep("case", 0.25, "quadruple", "zero", "passed", 0.25, 1),
        TraceStep("look for a known mistake", 0.5, "double"),
    ]
    trace = Trace("a\x1b]0;da", "tiny", "full", "graded", 3, 5, 4.0, 1.5, 30 << 20, Limits(), steps)
    shown = printed(show_trace, trace, 120)
    assert "\x1b" not in shown
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines() if "│" in line]
    assert [row[0] for row in rows] == [
        "double",
        r"num\x1b[2Jbers, timeout",
        "(start a worker)",
        "zero, passed",
        "quadruple",
        "zero, passed",
        "double: look for a known mistake",
        "everything",
    ]
    assert rows[0][1:] == ["3.000", "75%", "2.000", "1.000", "4", "42"]
    assert rows[1][1:] == ["2.000", "50%", "1.500", "0.500", "3", "40"]
    assert rows[2][1:] == ["0.500", "12%", "", "", "", ""]
    assert "Peak memory: 30 MB" in shown and "1.5 processes for each core" in shown
