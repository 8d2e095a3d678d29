"""Grades many submissions with several job processes on this machine.

Each job is one pytest session that takes one submission at a time, so that no core idles while a slow one runs.
A job that dies costs the submission it held, which is reported as INTERNAL, and is replaced.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from grader import score
from grader.assignment import AssignmentError
from grader.model import Assignment, ScoreReport, Submission
from grader.sandbox.launch import Bubblewrap, Unprotected

SANDBOXES = {"full": Bubblewrap, "off": Unprotected}


class BatchError(Exception):
    """The batch can't go on, for a reason of ours or of the assignment; the message says which."""


@dataclass
class Batch:
    """Grades submissions; iterating gives the reports as they come. `log` collects what broke on our side."""

    assignment: Assignment
    submissions: Iterable[Submission]
    jobs: int = 0  # 0: one for each core
    sandbox: str = "full"
    whole: bool = False
    log: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[ScoreReport]:
        waiting = deque(self.submissions)
        count = min(self.jobs or len(os.sched_getaffinity(0)), max(len(waiting), 1))
        running = [self._job() for _ in range(count)]
        try:
            while running:
                ready = wait([job.pipe for job in running])
                for job in [job for job in running if job.pipe in ready]:
                    report = self._hear(job, waiting, running)
                    if report:
                        yield report
        finally:
            for job in running:
                job.end()

    def _job(self) -> _Job:
        return _Job(self.assignment, self.sandbox, self.whole)

    def _hear(self, job: _Job, waiting: deque[Submission], running: list[_Job]) -> ScoreReport | None:
        """Takes one message of a job, and gives it its next submission when it asks for one."""
        try:
            kind, content = job.pipe.recv()
        except (EOFError, OSError):
            running.remove(job)
            job.end()
            return self._died(job, waiting, running)
        if kind == "ready":
            job.holds = waiting.popleft() if waiting else None
            job.pipe.send(job.holds)
            if job.holds is None:
                running.remove(job)
                job.end(patiently=True)
        elif kind == "report":
            job.holds = None
            return content  # type: ignore[no-any-return]
        elif kind == "log":
            self.log.append(content)
        elif kind == "unfit":
            raise AssignmentError(content)
        else:
            raise BatchError(content)
        return None

    def _died(self, job: _Job, waiting: deque[Submission], running: list[_Job]) -> ScoreReport | None:
        if job.holds is None:
            raise BatchError("a grading process ended before it took a submission; the log above says why")
        self.log.append(f"{job.holds.student}: the grading process died (exit code {job.process.exitcode})")
        if waiting:
            running.append(self._job())
        protections = SANDBOXES[self.sandbox].protections
        return score.internal(self.assignment, job.holds, "the grading process died", protections)


class _Job:
    """A grading process as the parent sees it."""

    def __init__(self, assignment: Assignment, sandbox: str, whole: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.holds: Submission | None = None
        self.process: SpawnProcess = context.Process(
            target=work, args=(theirs, assignment, sandbox, whole), daemon=True
        )
        self.process.start()
        theirs.close()

    def end(self, *, patiently: bool = False) -> None:
        self.process.join(5 if patiently else 0)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.pipe.close()


def work(pipe: Connection, assignment: Assignment, sandbox: str, whole: bool) -> None:
    """A job: asks for submissions and sends reports until it is given None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported
    from grader.plugin import Grading

    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - a case that prints must not disturb the table

    def submissions() -> Iterator[Submission]:
        while True:
            pipe.send(("ready", None))
            submission = pipe.recv()
            if submission is None:
                return
            yield submission

    def send(kind: str) -> Any:
        return lambda content: pipe.send((kind, content))

    with contextlib.suppress(BrokenPipeError, EOFError):  # the parent is gone: so are we
        try:
            with SANDBOXES[sandbox](assignment.support, assignment.preload) as launcher:
                Grading(assignment, launcher, submissions(), send("report"), whole=whole, log=send("log")).run()
        except AssignmentError as problem:
            pipe.send(("unfit", str(problem)))
        except (BrokenPipeError, EOFError):
            raise
        except Exception:
            pipe.send(("broken", f"the grader itself failed:\n{traceback.format_exc()}"))
