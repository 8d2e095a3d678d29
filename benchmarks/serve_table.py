"""The tables of README.md about the portal, made of serve.json."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from table import grid, origin

BEGIN, END = "<!-- figures of the portal: written by bench_serve.py -->", "<!-- end of the portal's figures -->"


def update(readme: Path, results: dict[str, Any]) -> None:
    """Puts the tables between the marks of a README."""
    head, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    readme.write_text(f"{head}{BEGIN}\n\n{tables(results)}\n{END}{tail}", encoding="utf-8")


def tables(results: dict[str, Any]) -> str:
    return "\n".join(f"{PARTS[name](results[name])}\n{origin(results[name])}\n" for name in PARTS if name in results)


def latency(found: dict[str, Any]) -> str:
    moments = (
        ("answer to the upload", "answered"),
        ("graded", "graded"),
        ("report read, JSON", "report"),
        ("report read, page", "page"),
        ("of it: the worker, with loading", "worker"),
        ("of it: loading alone", "load"),
    )

    def both(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: f"{row[f'{name}_50']:.2f} / {row[f'{name}_95']:.2f}"

    columns = [("seconds from the first byte sent, p50 / p95", lambda row: row["label"])]
    columns += [(label, both(name)) for label, name in moments]
    return f"### The portal: one submission, warm and idle\n\n{grid(columns, found['rows'])}"


def ladder(found: dict[str, Any]) -> str:
    students = ("students in one minute", lambda row: f"{row['students']:,}")
    goals = [
        students,
        ("lost", lambda row: str(row["lost"])),
        ("5xx", lambda row: str(row["server_errors"])),
        ("refused", lambda row: str(row["refused"])),
        ("score of `grader grade`", lambda row: f"{row['same_scores']:,}"),
        ("answer p50 / p95 / longest, s", lambda row: seconds(row, "answer", (50, 95, 100))),
        ("all graded, s", lambda row: f"{row['seconds']:.0f}"),
        ("`grader grade`, s", lambda row: f"{row['batch_seconds']:.0f}"),
        ("ratio", lambda row: f"{row['seconds'] / row['batch_seconds']:.2f}"),
        ("estimates within 25 %", lambda row: f"{row['estimates_within']} of {row['estimates']}"),
    ]
    use = [
        students,
        ("wait p50 / p95, s", lambda row: f"{row['wait_50']:.1f} / {row['wait_95']:.1f}"),
        ("estimate / wait, p5 / p50 / p95", lambda row: seconds(row, "estimate_ratio", (5, 50, 95))),
        ("requests", lambda row: f"{sum(row['statuses'].values()):,}"),
        ("CPU s of the server", lambda row: f"{row['cpu_server']:.0f}"),
        ("of grading", lambda row: f"{row['cpu_graders']:.0f}"),
        ("of the clients", lambda row: f"{row['cpu_clients']:.0f}"),
        ("of `grader grade`", lambda row: f"{row['cpu_batch']:.0f}"),
        ("memory, MB", lambda row: f"{row['memory_before_mb']:.0f}, then {row['memory_mb']:.0f}"),
    ]
    return (
        f"### The portal: a class that hands in within one minute\n\n{grid(goals, found['rows'])}\n"
        "All graded: from the beginning of the minute until the last report is stored; few students need less than the "
        "minute itself. Estimates: those in the answers "
        "to uploads, against the seconds from receipt until the report is stored, of submissions that waited "
        f"for 4 seconds or more.\n\n{grid(use, found['rows'])}\n"
        "Wait: from the first byte sent until the client reads that the submission is graded. CPU s of the server: its "
        "own process; of grading: all processes that it started.\n"
    )


def seconds(row: dict[str, Any], name: str, shares: tuple[int, ...]) -> str:
    return " / ".join(f"{row[f'{name}_{share}']:.2f}" for share in shares)


def store(found: dict[str, Any]) -> str:
    columns = [
        ("page", lambda row: f"`{row['page']}`"),
        ("of", lambda row: row["who"]),
        ("first, ms", lambda row: f"{1000 * row['first']:.0f}"),
        ("median, ms", lambda row: f"{1000 * row['median']:.0f}"),
        ("worst, ms", lambda row: f"{1000 * row['worst']:.0f}"),
    ]
    memory = found["memory_mb"]
    return (
        f"### The portal: {found['submissions']:,} submissions of {found['students']:,} students\n\n"
        f"{grid(columns, found['rows'])}\n"
        f"The gradebook has {found['store_mb']:,.0f} MB. The server has {memory[0]:.0f} MB after the first round of "
        f"these pages, and {memory[-1]:.0f} MB after {len(memory)}.\n"
    )


PARTS = {"latency": latency, "ladder": ladder, "store": store}
