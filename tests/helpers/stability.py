"""The sample class again and again: python tests/helpers/stability.py 50 [--busy 8]

Each run has another order, another hash seed and one or two jobs; all must give the same reports but for their timings.
With --busy the first run has the machine for itself, and so many endless loops run beside the others.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader import Grader
from grader.assignments.loader import load
from grader.models import Assignment, Limits, Submission
from grader.submissions.collect import collect

ROOT = Path(__file__).parents[2]


def reports(assignment: Assignment, submissions: Sequence[Submission], jobs: int) -> dict[str, bytes]:
    """What a batch says of each student, as JSON without the time that it took."""
    with Grader(assignment, workers=jobs) as grader:
        return {one.student: msgspec.json.encode(one.untimed()) for one in grader.grade_many(submissions)}


def shuffled(submissions: Sequence[Submission], chance: random.Random) -> list[Submission]:
    """In another order; the processes that are started from now on have another hash seed."""
    os.environ["PYTHONHASHSEED"] = str(chance.randrange(1, 2**32))
    return chance.sample(submissions, len(submissions))


@contextlib.contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """So many processes that do nothing but compute."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def main(runs: int, busy: int = 0) -> int:
    assignment = load(ROOT / "solutions" / "digits")
    assignment = msgspec.structs.replace(assignment, limits=Limits(call_seconds=3))  # endless loops wait long enough
    support = frozenset(path.name for path in assignment.support.rglob("*"))
    submissions = collect(ROOT / "tests" / "corpus" / "sample_class", assignment.name, support)
    seed = random.SystemRandom().randrange(2**32)
    print(f"{runs} runs of {len(submissions)} submissions, shuffled by seed {seed}", flush=True)
    chance = random.Random(seed)
    first: dict[str, bytes] = {}
    for run in range(1, runs + 1):
        jobs, started = 1 + run % 2, time.monotonic()
        with busy_loops(busy if first else 0):
            said = reports(assignment, shuffled(submissions, chance), jobs)
        first = first or said
        differ = sorted(name for name in first.keys() | said.keys() if first.get(name) != said.get(name))
        print(f"run {run}, {jobs} jobs, {time.monotonic() - started:.0f} s: {len(said)} reports", flush=True)
        for name in differ:
            print(f"{name} differs from the first run:\n{first.get(name)!r}\n{said.get(name)!r}")
        if differ:
            return 1
    print("all runs gave the same reports")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=50)
    parser.add_argument("--busy", type=int, default=0, help="endless loops beside each run but the first")
    arguments = parser.parse_args()
    sys.exit(main(arguments.runs, arguments.busy))
