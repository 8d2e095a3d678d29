"""How long a submission waits for a new worker when it has lost one."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Sequence

from grader.models import Assignment, Limits, Submission
from grader.sandbox.client.errors import StudentError
from grader.sandbox.client.student_proxy import StudentProxy
from grader.sandbox.host.launcher import BubblewrapLauncher

TIMES = 20
LIMITS = Limits(call_seconds=0.2, total_seconds=600)
WAYS = {"dies": "os._exit(0)", "hangs": "exec('while True: pass')"}
CODE = "import os\ndef answer(): return 42\n"


def measure(assignment: Assignment, preload: Sequence[str], way: str) -> tuple[float, float]:
    """Median and worst milliseconds from the loss of a worker until the next call is answered by another.

    What hangs is lost when its time is up. What is guilty is not called again, so that each loss needs a name.
    """
    guilty = [f"guilty_{number}" for number in range(TIMES)]
    code = CODE + "".join(f"def {name}(): {WAYS[way]}\n" for name in guilty)
    submission = Submission("x", "x.py", code.encode(), hashlib.sha256(code.encode()).hexdigest())
    allowed = LIMITS.call_seconds if way == "hangs" else 0.0
    taken = []
    with BubblewrapLauncher(assignment.support, preload) as launcher:
        student = StudentProxy(submission, ["answer", *guilty], launcher, LIMITS)
        student.call("answer")
        for name in guilty:
            started = time.monotonic()
            try:
                student.call(name)
            except StudentError:
                student.call("answer")
            taken.append(1000 * (time.monotonic() - started - allowed))
        student.close()
    return statistics.median(taken), max(taken)
