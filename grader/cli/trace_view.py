"""A trace as a table."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader._util.escaping import one_line
from grader._util.wording import format_megabytes, format_number
from grader.cli.trace import Trace, TraceStep

EXPLAINED = (
    "sandbox: an answer of the submission was awaited; grader: everything else. A step in brackets is a part of the "
    "one above it. requests: messages to the sandbox; called back: calls of the grader's functions by the submission."
)


def show_trace(trace: Trace, console: Console) -> None:
    """Print a line for each step, and what limits there are."""
    table = Table(padding=(0, 1 if console.width >= 100 else 0))
    for name in ("step", "seconds", "share", "sandbox", "grader", "requests", "called back"):
        text = name == "step"
        table.add_column(name, overflow="fold", justify="left" if text else "right", no_wrap=not text)
    for step in trace.steps:
        share = f"{step.seconds / trace.seconds:.0%}" if trace.seconds else ""
        used = ("", "", "", "")
        if step.requests or step.case:
            own = max(step.seconds - step.sandbox_seconds, 0.0)
            used = (f"{step.sandbox_seconds:.3f}", f"{own:.3f}", str(step.requests), str(step.callbacks))
        table.add_row(Text(_words(step)), f"{step.seconds:.3f}", share, *used)
    inside = sum(step.sandbox_seconds for step in trace.steps)
    whole = (f"{inside:.3f}", f"{trace.seconds - inside:.3f}")
    table.add_row("everything", f"{trace.seconds:.3f}", "100%", *whole, "", "")
    score = (
        f"{format_number(trace.score)} of {format_number(trace.max_score)}"
        if trace.status == "graded"
        else trace.status
    )
    _line(console, f"{one_line(trace.student, 100)}, {trace.assignment}: {score}")
    console.print(table)
    _line(console, EXPLAINED)
    limits = trace.limits
    _line(
        console,
        f"Limits: {limits.load_seconds:g} s to load, {limits.call_seconds:g} s a call, {limits.total_seconds:g} s in "
        f"all; {limits.case_seconds:g} s of the grader's own for a case; {limits.memory_mb} MB. Peak memory: "
        f"{format_megabytes(trace.peak_memory_bytes)}, code of libraries included. Load of the machine: "
        f"{trace.load_per_core:.1f} processes for each core.",
    )


def _words(step: TraceStep) -> str:
    """Return a step in words: a case by its question and name."""
    words = ", ".join(filter(None, (step.question, step.case, step.status))) if step.case else step.step
    if step.question and not step.case:
        words = f"{step.question}: {step.step}"
    return f"  ({one_line(words, 200)})" if step.part else one_line(words, 200)


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
