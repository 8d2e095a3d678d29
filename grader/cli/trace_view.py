"""Table of a trace, for `grader doctor --trace`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.console import print_line
from grader._util.escaping import one_line
from grader._util.wording import format_megabytes, format_number
from grader.cli.trace import Trace, TraceStep

LEGEND = (
    "sandbox: time spent waiting for the submission; grader: the rest. A step in brackets is a part of the step above "
    "it. requests: messages to the sandbox; called back: calls of the grader's functions by the submission."
)


def show_trace(trace: Trace, console: Console) -> None:
    """Print a row for each step, and the limits."""
    table = Table(padding=(0, 1 if console.width >= 100 else 0))
    for name in ("step", "seconds", "share", "sandbox", "grader", "requests", "called back"):
        text = name == "step"
        table.add_column(name, overflow="fold", justify="left" if text else "right", no_wrap=not text)
    for question, steps in groupby(trace.steps, key=_question(trace.steps)):
        each = list(steps)
        for step in [_sum(question, each), *each] if question else each:
            table.add_row(Text(_step_text(step)), *_numbers(step, trace.seconds))
    inside = sum(step.sandbox_seconds for step in trace.steps)
    total = (f"{inside:.3f}", f"{trace.seconds - inside:.3f}")
    table.add_row("everything", f"{trace.seconds:.3f}", "100%", *total, "", "")
    score = (
        f"{format_number(trace.score)} of {format_number(trace.max_score)}"
        if trace.status == "graded"
        else trace.status
    )
    print_line(console, f"{one_line(trace.student, 100)}, {trace.assignment}: {score}")
    console.print(table)
    print_line(console, LEGEND)
    limits = trace.limits
    print_line(
        console,
        f"Limits: {limits.load_seconds:g} s to load, {limits.call_seconds:g} s a call, {limits.total_seconds:g} s in "
        f"all; {limits.case_seconds:g} s of the grader's own for a case; {limits.memory_mb} MB. Peak memory: "
        f"{format_megabytes(trace.peak_memory_bytes)}, code of libraries included. Load of the machine: "
        f"{trace.load_per_core:.1f} processes for each core.",
    )


def _question(steps: list[TraceStep]) -> Callable[[TraceStep], str]:
    """Return a function step -> question. A part belongs to the question of the step before it, a diagnosis to none."""
    found, question = {}, ""
    for step in steps:
        question = question if step.part else step.question if step.case else ""
        found[id(step)] = question
    return lambda step: found[id(step)]


def _sum(question: str, steps: list[TraceStep]) -> TraceStep:
    """Return one step with the sums over the steps of a question."""
    own = [step for step in steps if not step.part]
    seconds, sandbox = sum(step.seconds for step in own), sum(step.sandbox_seconds for step in own)
    requests, callbacks = sum(step.requests for step in own), sum(step.callbacks for step in own)
    return TraceStep(question, seconds, sandbox_seconds=sandbox, requests=requests, callbacks=callbacks)


def _numbers(step: TraceStep, total: float) -> tuple[str, ...]:
    """Return the cells of a row after the name: seconds, share, sandbox, grader, requests, called back."""
    share = f"{step.seconds / total:.0%}" if total else ""
    if not step.requests and not step.case:
        return f"{step.seconds:.3f}", share, "", "", "", ""
    own = max(step.seconds - step.sandbox_seconds, 0.0)
    used = (f"{step.sandbox_seconds:.3f}", f"{own:.3f}", str(step.requests), str(step.callbacks))
    return f"{step.seconds:.3f}", share, *used


def _step_text(step: TraceStep) -> str:
    """Return the text of a step: a case is indented below its question, and a part is in brackets."""
    if step.case:
        return f"  {one_line(step.case, 200)}, {step.status}"
    text = one_line(f"{step.question}: {step.step}" if step.question else step.step, 200)
    return f"  ({text})" if step.part else text
