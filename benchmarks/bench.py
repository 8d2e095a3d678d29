"""Measures the grader: how many submissions a minute, at what cost, beside the floor and the peers.

python benchmarks/bench.py [--size 200] [--runs 3] [--no-peers] [--scenario NAME ...] [--long] [--out FOLDER]

Writes results.json, the chart and the tables of README.md. What a run leaves out keeps its earlier figures.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shlex
import shutil
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import chart
import table
from scenarios import SCENARIOS, Bench

HERE = Path(__file__).parent
PACKAGES = ("tensorflow", "keras", "numpy", "pytest")


def main() -> None:
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    if not (options.out / "README.md").exists():
        shutil.copy(HERE / "README.md", options.out)
    path = options.out / "results.json"
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        jobs = len(os.sched_getaffinity(0))
        bench = Bench(options.size, options.runs, jobs, options.peers, options.long, Path(work))
        for name in options.scenario or SCENARIOS:
            started = time.monotonic()
            print(f"{name} ...", flush=True)
            results[name] = {**about(options), **SCENARIOS[name](bench)}
            print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
            path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    chart.draw(results, options.out / "chart.svg")
    table.update(options.out / "README.md", results)
    print(table.tables(results))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=200, help="notebooks in the class (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median counts (default: %(default)s)")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True, help="run the peers too")
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS), help="only this one; may be repeated")
    parser.add_argument("--long", action="store_true", help="grow to 50 times the size (at 200: a quarter of an hour)")
    parser.add_argument("--out", type=Path, default=HERE, help="where results and tables go (default: here)")
    return parser.parse_args()


def about(options: argparse.Namespace) -> dict[str, Any]:
    """Where, when and how this was measured."""
    return {
        "size": options.size,
        "date": datetime.date.today().isoformat(),
        "command": shlex.join(["python", "benchmarks/bench.py", *sys.argv[1:]]),
        "machine": f"{processor()}, {len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.release()}",
        "versions": ", ".join(
            [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)]
        ),
    }


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
