"""What a program that grades can see: records of all processes, and measurements in the reports."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader._util import logs
from grader.cli.trace import trace
from grader.models import Assignment, Limits, ScoreReport
from tests.factories import RIGHT, submission
from tests.helpers.grading import GradedClass

WRONG = "def double(x): return 3 * x\ndef quadruple(x): return double(double(x))\n"
ENDLESS = "def double(x):\n    while True: pass\ndef quadruple(x): return 4 * x\n"
LARGE = "def double(x):\n    b'x' * (100 << 20)\n    return 2 * x\ndef quadruple(x): return 4 * x\n"


class Events(logging.Handler):
    """Every event, as name and fields; `heard` is called with each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self.heard: Callable[[str, dict[str, Any]], None] = lambda name, fields: None

    def emit(self, record: logging.LogRecord) -> None:
        found = vars(record)["event"], vars(record)["fields"]
        self.found.append(found)
        self.heard(*found)

    def named(self, name: str) -> list[dict[str, Any]]:
        return [fields for event, fields in self.found if event == name]


@pytest.fixture
def events() -> Iterator[Events]:
    """What is logged from now on, at every level."""
    handler, root = Events(), logging.getLogger(logs.ROOT)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


def graded(assignment: Assignment, code: str) -> ScoreReport:
    (report,) = GradedClass(assignment, [submission(code)], workers=1)
    return report


def test_what_happens_in_other_processes_is_logged_here(tiny: Assignment, events: Events) -> None:
    """A program hears of processes, workers, cases and diagnoses, each with who, how and how long."""
    report = graded(tiny, WRONG)
    order = ["submission queued", "grading process started", "grading process ready", "submission started"]
    order += ["worker started", "submission loaded", "case", "diagnosis", "submission graded"]
    names = [name for name, _ in events.found]
    assert [name for name in order if name not in names] == []
    assert sorted(order, key=names.index) == order
    assert "worker ended" in names[names.index("case") : names.index("submission graded")]
    cases = events.named("case")
    told = [(case["student"], case["question"], case["case"], case["status"]) for case in cases]
    assert told[:2] == [("ada", "double", "numbers", "failed"), ("ada", "double", "zero", "passed")]
    assert all(0 < case["sandbox_seconds"] <= case["seconds"] for case in cases)
    (loaded,) = events.named("submission loaded")
    assert loaded["load_seconds"] > 0
    (end,) = events.named("submission graded")
    assert (end["score"], end["seconds"], end["digest"]) == (report.score, report.seconds, report.digest[:8])


def test_a_program_that_wants_no_records_gets_none(tiny: Assignment, events: Events) -> None:
    """Processes send nothing below the level that they were started with."""
    logging.getLogger(logs.ROOT).setLevel(logging.WARNING)
    assert graded(tiny, RIGHT).score == 5
    assert events.found == []


def test_a_process_that_is_lost_is_told_with_its_submission(tiny: Assignment, events: Events) -> None:
    """What was lost, how often, and that it was graded after all."""

    def heard(name: str, fields: dict[str, Any]) -> None:
        if name == "submission started" and len(events.named(name)) == 1:
            os.kill(fields["pid"], signal.SIGKILL)

    events.heard = heard
    assert graded(tiny, RIGHT).score == 5
    (lost,) = events.named("grading process lost, submission retried")
    assert (lost["student"], lost["how"]) == ("ada", "Killed")
    assert len(events.named("grading process started")) == len(events.named("submission started")) == 2


def test_why_a_case_timed_out_is_in_the_report_and_in_the_log(tiny: Assignment, events: Events) -> None:
    """The student reads the limit; the instructor sees what was used of it, and how busy the machine was."""
    report = graded(msgspec.structs.replace(tiny, limits=Limits(call_seconds=0.4)), ENDLESS)
    first, again = report.questions[0].cases
    assert first.message == "`double` took longer than 0.4 s and was stopped"
    use = first.time_use
    assert use and (use.limit, use.used >= 0.4, use.wall >= 0.4, use.processor > 0) == (0.4, True, True, True)
    assert again.time_use is None and "was not called again" in again.message
    limit = events.named("time limit")[-1]  # on a busy machine the submission is graded twice
    assert (limit["student"], limit["limit"], limit["used"]) == ("ada", 0.4, use.used)


def test_a_limit_on_memory_is_told_as_well(tiny: Assignment, events: Events) -> None:
    """An exception in the worker, which goes on, is the same to an instructor as a worker that is ended."""
    report = graded(msgspec.structs.replace(tiny, limits=Limits(memory_mb=64)), LARGE)
    assert report.questions[0].status == "out_of_memory"
    assert events.named("memory limit")[0]["why"] == "`double` needed more than 64 MB of memory"


def test_seconds_of_cases_are_parts_of_the_whole(tiny: Assignment, grade: Callable[..., ScoreReport]) -> None:
    """No second is counted in two questions, and loading is told apart."""
    report = grade(tiny, WRONG)
    assert 0 < report.load_seconds < report.seconds
    assert sum(question.seconds for question in report.questions) <= report.seconds + 0.001
    for question in report.questions:
        assert all(case.seconds > 0 for case in question.cases)
        assert sum(case.seconds for case in question.cases) <= question.seconds + 0.001
    assert report.limits == tiny.limits


def test_the_peak_memory_is_that_of_the_submissions_worker(tiny: Assignment, grade: Callable[..., ScoreReport]) -> None:
    """100 MB that a function takes for a moment are seen."""
    large, small = grade(tiny, LARGE).peak_memory_bytes, grade(tiny, RIGHT).peak_memory_bytes
    assert 5 << 20 < small < 100 << 20 < large < 1 << 30


def test_a_trace_tells_every_case_and_every_second(tiny_folder: Path, tmp_path: Path) -> None:
    """The steps add up to the whole, but for what passes between them."""
    file = tmp_path / "ada.py"
    file.write_text(WRONG)
    found = trace(file, tiny_folder)
    assert (found.student, found.score, found.max_score, found.status) == ("ada", 3, 5, "graded")
    assert sum(step.seconds for step in found.steps if not step.part) == pytest.approx(found.seconds, rel=0.05)
    cases = [(step.question, step.case) for step in found.steps if step.step == "case"]
    assert set(cases) == {("double", "numbers"), ("double", "zero"), ("quadruple", "numbers")}
    names = [step.step for step in found.steps]
    assert names[:3] == ["read the assignment", "read the submission", "check the sandbox"]
    assert {"start a grading process", "load the submission", "start a worker", "look for a known mistake"} < set(names)
    assert names.count("start the fork server, meanwhile") == 1
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found
