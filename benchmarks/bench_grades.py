"""Recompute the grades of 100,000 students under each way to count hand-ins: python benchmarks/bench_grades.py

Nothing is read from a gradebook: what is measured is `decide`. A student has 1 to 5 hand-ins around the due date. One
student in fifty has an extension, one in fifty an adjustment of a case.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime, timedelta

from grader.policies import Adjustment, CaseScore, EarlyRule, Extension, HandIn, LateRule, Policy, QuestionScore
from grader.policies.compare import StudentRecord

DUE = datetime(2026, 10, 24, 23, 59, tzinfo=UTC)  # the clocks of Europe are changed in the night after
MOST = 20.0
STAFF = "A. Instructor"


def student(number: int, draw: random.Random) -> StudentRecord:
    """Return a student with random hand-ins."""
    handins = tuple(hand_in(index, draw) for index in range(1, draw.randint(1, 5) + 1))
    extensions = (Extension(1, STAFF, DUE, days=2),) if number % 50 == 0 else ()
    adjustments: tuple[Adjustment, ...] = ()
    if number % 50 == 1:
        adjustments = (Adjustment(1, STAFF, DUE, question="q1", case="c1", points=1, comment="unclear wording"),)
    return StudentRecord(f"student-{number}", handins, extensions, adjustments, MOST)


def hand_in(number: int, draw: random.Random) -> HandIn:
    """Return a hand-in within five days before and three after the due date."""
    score = draw.randint(0, 2000) / 100
    cases = tuple(CaseScore(f"c{index}", score / 4, MOST / 4) for index in range(4))
    questions = (QuestionScore("q1", score, MOST, cases=cases),)
    received = DUE + timedelta(minutes=draw.randint(-5 * 1440, 3 * 1440))
    return HandIn(number, received, "graded", score, MOST, questions, f"{draw.random()}")


def main() -> None:
    """Print seconds for each way to count hand-ins."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="students")
    size = parser.parse_args().size
    draw = random.Random(20)
    students = [student(number, draw) for number in range(size)]
    print("| counts | students | seconds | hand-ins |\n|---|---:|---:|---:|\n", end="")
    for counts in ("last", "best", "first"):
        policy = Policy(
            due=DUE,
            zone="Europe/Berlin",
            grace_minutes=15,
            late=LateRule(percent=10, cap=50, free_days=1),
            early=EarlyRule(percent=5, days=2),
            bonus=1,
            counts=counts,
        )
        began = time.perf_counter()
        for each in students:
            each.grade(policy)
        seconds = time.perf_counter() - began
        print(f"| {counts} | {size:,} | {seconds:.1f} | {sum(len(each.handins) for each in students):,} |")


if __name__ == "__main__":
    main()
