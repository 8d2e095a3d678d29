"""Program of an attempt, which attempt.py runs in bubblewrap: python -m ... FOLDER ATTEMPT. Its input is the stubs.

It imports what grading needs, and no more.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.assignments.loader import load
from grader.errors import UserError
from grader.execution.grader import Grader
from grader.models import Submission
from grader.sandbox.protocol.limits import MAX_POLLED_THREADS

MARK = "grader attempt: "  # before the result: the solution may print too


def failing_cases(folder: Path, stubs: bytes, sandbox: str, attempt: int) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the cases that the solution fails or the stubs pass: question and function, and the reason.

    :param stubs: the notebook that students get
    :param attempt: number that seeds the random generators of the submissions
    """
    assignment = load(folder)
    contents = {"solution": assignment.notebook.read_bytes(), "stubs": stubs}
    seed = str(attempt).encode()  # the grader seeds the generators of a submission with its digest
    class_ = [
        Submission(who, assignment.notebook.name, text, hashlib.sha256(seed + text).hexdigest())
        for who, text in contents.items()
    ]
    with Grader(assignment, sandbox=sandbox, workers=1) as pool:
        reports = list(pool.grade_many(class_))
    for report in reports:
        for question in report.questions:
            for case in question.cases:
                key = (question.name, f"test_{case.name}")
                if report.student == "solution" and not case.points:
                    yield key, f"the solution fails it in the sandbox: {case.message or case.status}"
                elif report.student == "stubs" and case.points:
                    yield key, "the stubs pass it"


def _limit_processes() -> None:
    """Limit the processes of this user namespace for good, threads included. The kernel doesn't count root's."""
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = MAX_POLLED_THREADS if hard == resource.RLIM_INFINITY else min(MAX_POLLED_THREADS, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def main(folder: str, attempt: str) -> None:
    """Print the cases that the solution fails or the stubs pass, as one line of JSON behind MARK."""
    stubs = sys.stdin.buffer.read()
    _limit_processes()
    try:
        failing = [(*key, why) for key, why in failing_cases(Path(folder), stubs, "off", int(attempt))]
    except UserError as problem:
        sys.exit(f"grader: {problem}")
    print(MARK + json.dumps(failing))


if __name__ == "__main__":
    main(*sys.argv[1:])
