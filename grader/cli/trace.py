"""Time of each step of grading one submission, for `grader doctor --trace FILE`.

The submission is graded by `grader.Grader`, as a program would. Times in other processes come from their log records.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from grader import Grader, Limits, ScoreReport, Submission, UserError, collect_submissions, load_assignment
from grader._util import logs
from grader._util.load import load_per_core
from grader.reports import PER_STUDENT


class TraceStep(msgspec.Struct, frozen=True):
    """One step, in seconds of wall-clock time. `sandbox_seconds` of them were spent waiting for the sandbox."""

    step: str
    seconds: float
    question: str = ""
    case: str = ""
    status: str = ""
    sandbox_seconds: float = 0.0
    requests: int = 0  # to the sandbox
    callbacks: int = 0  # calls of the grader's functions by the submission
    part: bool = False  # whether it is a part of the step before it


class Trace(msgspec.Struct, frozen=True):
    """Time and memory of grading one submission, with its steps in order."""

    student: str
    assignment: str
    sandbox: str
    status: str
    score: float
    max_score: float
    seconds: float  # of all steps
    load_per_core: float  # running processes for each core; above 1 they wait for each other
    peak_memory_bytes: int
    limits: Limits
    steps: list[TraceStep]


class _Collector(logging.Handler):
    """Log handler that stores the events of all processes as (name, fields)."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[str, dict[str, Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Store the event of a record."""
        self.events.append((getattr(record, "event", ""), getattr(record, "fields", {})))


def trace(file: Path, folder: Path, sandbox: str = "full") -> Trace:
    """Grade the submission in a file by the assignment in a folder, and return the time of each step.

    Raises UserError if the path doesn't hold exactly one submission.
    """
    began = time.perf_counter()
    steps: list[TraceStep] = []

    def step(name: str) -> None:
        steps.append(TraceStep(name, time.perf_counter() - began - sum(each.seconds for each in steps)))

    assignment = load_assignment(folder)
    step("read the assignment")
    submission = only_submission(file, collect_submissions([file], assignment))
    step("read the submission")
    with _collect_events() as events:
        with Grader(assignment, sandbox=sandbox, workers=1) as grader:
            step("check the sandbox")
            report = grader.grade(submission)
            step("grade")
        step("end the grading process")
    for render in PER_STUDENT.values():
        render(report)
    step("make JSON and Markdown")
    return Trace(
        student=report.student,
        assignment=report.assignment,
        sandbox=sandbox,
        status=report.status,
        score=report.score,
        max_score=report.max_score,
        seconds=time.perf_counter() - began,
        load_per_core=load_per_core(),
        peak_memory_bytes=report.peak_memory_bytes,
        limits=assignment.limits,
        steps=[
            each
            for step in steps
            for each in (grading_steps(step.seconds, report, events) if step.step == "grade" else [step])
        ],
    )


def only_submission(file: Path, submissions: Iterable[Submission]) -> Submission:
    """Return the only submission. Raises UserError unless there is exactly one."""
    found = list(submissions)
    if len(found) != 1:
        raise UserError(f"{file} holds {len(found)} submissions; expected 1: name the file of one submission")
    return found[0]


def grading_steps(seconds: float, report: ScoreReport, events: list[tuple[str, dict[str, Any]]]) -> Iterator[TraceStep]:
    """Yield the steps of grading, from the log records of the processes."""
    inner = list(process_steps(events))
    rest = report.seconds - sum(step.seconds for step in inner if not step.part)
    start = sum(fields["seconds"] for name, fields in events if name == "grading process ready")
    yield TraceStep("start a grading process", start)
    names = [name for name, _ in events]
    first = names.index("grading process started") if "grading process started" in names else 0
    for name, fields in events[first:]:  # an earlier fork server only checked the sandbox
        if name == "fork server ready":
            yield TraceStep("start the fork server, meanwhile", fields["seconds"], part=True)
    yield from inner
    yield TraceStep("between the cases", max(rest, 0.0))
    yield TraceStep("between the processes", max(seconds - start - report.seconds, 0.0))


def process_steps(events: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[TraceStep]:
    """Yield the steps of the grading process: loading, cases, diagnoses, and starts of workers."""
    workers: list[TraceStep] = []  # logged before the step that needed them, and shown after it
    for name, fields in events:
        if name == "worker started":
            workers.append(TraceStep("start a worker", fields["seconds"], part=True))
        elif name in STEP_NAMES:
            yield TraceStep(
                STEP_NAMES[name],
                fields["seconds"],
                fields.get("question", ""),
                fields.get("case", ""),
                fields.get("status", ""),
                fields["sandbox_seconds"],
                fields["requests"],
                fields["callbacks"],
            )
            yield from workers
            workers.clear()


STEP_NAMES = {"submission loaded": "load the submission", "case": "case", "diagnosis": "look for a known mistake"}


@contextmanager
def _collect_events() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Collect the events of all levels while the block runs."""
    root, handler = logging.getLogger(logs.ROOT), _Collector()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.events
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
