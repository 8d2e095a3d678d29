"""Measures the Gradescope bundle from a cold start to results.json, in the emulated container of the tests. As root.

python -m benchmarks.bench_bundle                           solutions/digits, a submission with three known mistakes
python -m benchmarks.bench_bundle ASSIGNMENT SUBMISSION --memory 768 --cores 1
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.helpers.platform_bundles import GradescopeRoot

ROOT = Path(__file__).parents[1]
SUBMISSION = ROOT / "tests" / "corpus" / "sample_class" / "student-02.ipynb"


def main() -> None:
    """Set a bundle up, and print the seconds of each run and their medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignment", type=Path, nargs="?", default=ROOT / "solutions" / "digits")
    parser.add_argument("submission", type=Path, nargs="?", default=SUBMISSION)
    parser.add_argument("--memory", type=int, default=2048, help="megabytes of the container")
    parser.add_argument("--cores", type=float, default=0.5)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        root = GradescopeRoot.with_bundle(options.assignment, Path(room), memory_mb=options.memory, cores=options.cores)
        zipped = (Path(room) / "bundle" / "autograder.zip").stat().st_size / 1e6
        root.install()
        wall, processor = measured(root, root.set_up)
        print(f"autograder.zip: {zipped:.1f} MB; set-up: {wall:.1f} s, {processor:.1f} s of processor time")
        content = options.submission.read_bytes()
        file = f"{options.assignment.name}{options.submission.suffix}"
        runs = [measured(root, lambda: root.grade({file: content})) for _ in range(options.runs)]
        for wall, processor in runs:
            print(f"{wall:5.2f} s, {processor:5.2f} s of processor time")
        wall, processor = (median(each) for each in zip(*runs, strict=True))
        print(f"{wall:5.2f} s, {processor:5.2f} s: medians, {options.cores:g} cores, {options.memory} MB")


def measured(root: GradescopeRoot, run: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a function takes that runs one command there: on the clock, and of processor time."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began, root.processor_seconds


if __name__ == "__main__":
    main()
