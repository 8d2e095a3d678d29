"""The tables of README.md, made of results.json."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures: written by bench.py -->", "<!-- end of figures -->"

Row = dict[str, Any]
Column = tuple[str, Callable[[Row], str]]

COLUMNS: list[Column] = [
    ("", lambda row: row["label"]),
    ("notebooks", lambda row: f"{row['submissions']:,}"),
    ("a minute", lambda row: rate(row)),
    ("CPU s each", lambda row: f"{row['cpu_per_submission']:.2f}"),
    ("first result, s", lambda row: f"{row['first_seconds']:.1f}"),
    ("memory, MB", lambda row: f"{row['peak_mb']:,.0f}"),
]
TIMES: list[Column] = [COLUMNS[0], ("seconds", lambda row: f"{row['seconds']:.1f}"), *COLUMNS[3:4], COLUMNS[5]]
LATE: Column = ("memory late in the run, MB", lambda row: f"{row['late_mb']:,.0f}")


def update(readme: Path, results: dict[str, Any]) -> None:
    """Puts the tables between the marks of a README."""
    head, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    readme.write_text(f"{head}{BEGIN}\n\n{tables(results)}\n{END}{tail}", encoding="utf-8")


def tables(results: dict[str, Any]) -> str:
    """All tables, with what was measured when and where."""
    return "\n".join(f"{PARTS[name](found)}\n{origin(found)}\n" for name, found in results.items() if name in PARTS)


def whole_class(found: dict[str, Any]) -> str:
    return f"### All questions\n\n{compared(found)}"


def numpy_class(found: dict[str, Any]) -> str:
    return f"### The NumPy questions alone\n\n{compared(found)}"


def single(found: dict[str, Any]) -> str:
    return f"### One notebook, from a cold start\n\n{grid(TIMES, found['rows'])}"


def loops(found: dict[str, Any]) -> str:
    with_loops, without = found["rows"]
    more = with_loops["seconds"] - without["seconds"]
    there, alone = found["honest_seconds"]
    return (
        f"### Endless loops\n\n{grid([*TIMES[:1], *COLUMNS[1:2], *TIMES[1:]], found['rows'])}\n"
        f"The loops made the batch {more:.0f} s longer; their time limits, spread over the jobs, are together "
        f"{found['limits_seconds']:.0f} s. The other submissions took {there:.2f} s each beside them, and "
        f"{alone:.2f} s in the class without loops (medians).\n"
    )


def growth(found: dict[str, Any]) -> str:
    first, second, *larger = found["rows"]
    each = (second["seconds"] - first["seconds"]) / (second["submissions"] - first["submissions"])
    start = first["seconds"] - each * first["submissions"]
    sentences = [
        f"By these two, a run takes {start:.1f} s to start and end, and {1000 * each:.0f} ms for each submission.\n",
        *(
            f"{row['submissions']:,} take {row['seconds'] / (start + each * row['submissions']):.2f} times as long as "
            "that says.\n"
            for row in larger
        ),
        *(
            f"The memory late in the run of {row['submissions']:,} is {row['late_mb'] / first['late_mb']:.2f} times "
            f"that in the run of {first['submissions']:,}.\n"
            for row in (second, *larger)
        ),
    ]
    return f"### Growing classes, the NumPy questions\n\n{grid([*COLUMNS, LATE], found['rows'])}\n{''.join(sentences)}"


def cluster(found: dict[str, Any]) -> str:
    jobs, workers = found["rows"]
    more = workers["seconds"] / jobs["seconds"] - 1
    same = "the same scores" if found["same_scores"] else "other scores"
    return (
        f"### Dask workers on one machine\n\n{grid([*COLUMNS[:2], *TIMES[1:]], found['rows'])}\n"
        f"The way through Dask makes it {more:.0%} longer, with {same}.\n"
    )


def replaced(found: dict[str, Any]) -> str:
    columns: list[Column] = [
        COLUMNS[0],
        ("median, ms", lambda row: f"{row['median_ms']:.0f}"),
        ("worst, ms", lambda row: f"{row['worst_ms']:.0f}"),
    ]
    what = f"From the loss of a worker until the next call is answered by a new one, {found['times']} times each:"
    return f"### A lost worker\n\n{what}\n\n{grid(columns, found['rows'])}"


def rate(row: Row) -> str:
    """Submissions a minute, in three digits or so."""
    return f"{row['per_minute']:,.0f}" if row["per_minute"] >= 100 else f"{row['per_minute']:.1f}"


def compared(found: dict[str, Any]) -> str:
    """Everybody beside the grader."""
    rows = found["rows"]
    ours = rows[0]
    ratios: list[Column] = [
        ("CPU against the grader", lambda row: f"{row['cpu_per_submission'] / ours['cpu_per_submission']:.2f}"),
        ("time against the grader", lambda row: f"{ours['per_minute'] / row['per_minute']:.2f}"),
    ]
    points = ", ".join(f"{count} {word}" for word, count in found["same_points"].items() if count)
    text = f"{grid([*COLUMNS, *ratios], rows)}\nPoints from the grader and from the floor: {points}.\n"
    cases = {(row["cases"]["passed"], row["cases"]["failed"]) for row in rows if "cases" in row}
    if cases:
        judged = " or ".join(f"{passed} passed and {failed} failed" for passed, failed in sorted(cases))
        text += f"Of the cases that each peer judged, {judged}.\n"
    return text


def grid(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(title for title, _ in columns) + " |"]
    lines.append("|---|" + "---:|" * (len(columns) - 1))
    for row in rows:
        if "unavailable" in row:
            cells = [row["label"], "not measured: " + " ".join(row["unavailable"].split()).replace("|", "/")]
            cells += [""] * (len(columns) - 2)
        else:
            cells = [text(row) for _, text in columns]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def origin(found: dict[str, Any]) -> str:
    return f"<sub>{found['date']}, `{found['command']}`, {found['machine']}, {found['versions']}</sub>"


PARTS = {
    "class": whole_class,
    "numpy": numpy_class,
    "single": single,
    "loops": loops,
    "growth": growth,
    "cluster": cluster,
    "replaced": replaced,
}
