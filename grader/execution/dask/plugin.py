"""On a Dask worker: an assignment is unpacked once, and its grading processes stay warm between batches.

What grades is what grades on one machine (grader/execution/pool.py), with a process of its own for each thread of the
worker: a submission that hangs or ends such a process never takes the Dask worker with it.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from grader.assignments.loader import AssignmentError
from grader.execution.dask.bundle import unpack
from grader.execution.dask.messages import Bundle, Results, SubmissionBatch, decode, encode, hello
from grader.execution.service import Graded, GradingService
from grader.models import Submission
from grader.sandbox.guest.usage_watch import remove_folder
from grader.sandbox.host import exposure
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.levels import SANDBOXES

IDLE = 120.0  # seconds without work after which everything is let go: the driver may have died


class WarmGrader:
    """One run's assignment, unpacked, and the grading processes that it keeps. Any thread may call it."""

    def __init__(self, parcel: Bundle, room: Path, threads: int) -> None:
        folder = tempfile.mkdtemp(prefix="grader-", dir=room)  # which nobody else may read
        try:
            assignment = unpack(parcel, Path(folder))
            exposure.check(parcel.sandbox, assignment.support, {"this worker's folder": Path(folder)})
        except BaseException:  # Dask may end a worker by any: the assignment isn't left behind
            remove_folder(folder)
            raise
        self._service = GradingService(
            assignment,
            sandbox=parcel.sandbox,
            workers=threads,
            run_all_cells=parcel.whole,
            idle_seconds=IDLE,
            ended=lambda: remove_folder(folder),
        )

    def grade(self, submissions: Sequence[Submission]) -> Results:
        """Grade a batch. What has no report in the results wasn't graded."""
        found: list[Graded] = []
        futures: list[Future[Graded]] = []
        with contextlib.suppress(Exception):  # the service has ended, in one way or another: `_ending` tells
            futures.extend(self._service.submit(submission) for submission in submissions)
        for future in futures:
            if future.exception() is None:
                found.append(future.result())
        results = Results() if len(found) == len(submissions) else self._ending()
        log = []
        while self._service.log:
            log.append(self._service.log.popleft())
        printed = {graded.report.student: graded.printed for graded in found if graded.printed}
        reports = tuple(graded.report for graded in found)
        return msgspec.structs.replace(results, reports=reports, printed=printed, log=tuple(log))

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self._service.closed

    def close(self) -> None:
        """End the grading processes and remove the assignment."""
        self._service.close()

    def _ending(self) -> Results:
        """Why not all was graded."""
        problem = self._service.failure
        if problem is None:
            return Results(unknown=True)  # it was idle, or was dropped
        if isinstance(problem, AssignmentError):
            return Results(unfit=str(problem))
        return Results(trouble=str(problem).strip().splitlines()[-1] if str(problem) else repr(problem))


class GraderPlugin(WorkerPlugin):
    """What a Dask worker keeps for the drivers that use it: by the key of a run, so that they don't meet.

    :param pages: whether the worker's web server goes on; on a cluster that was made for the run nobody needs it, and
        any user of the machine could ask it
    """

    name = "grader"
    idempotent = True  # a second driver finds the first one's

    def __init__(self, *, pages: bool) -> None:
        self.pages = pages

    def setup(self, worker: Worker) -> None:
        if not self.pages:
            worker.http_server.stop()
        self.room = Path(worker.local_directory)  # which Dask removes, at the latest when the next worker starts
        self.threads = worker.state.nthreads
        self.warm: dict[str, WarmGrader] = {}
        self.lock = threading.Lock()

    def teardown(self, worker: Worker) -> None:
        for key in list(self.warm):
            self.drop(key)

    def equip(self, parcel: Bundle) -> None:
        with self.lock:
            before = self.warm.pop(parcel.key, None)
            if before:
                before.close()
            self.warm[parcel.key] = WarmGrader(parcel, self.room, self.threads)

    def drop(self, key: str) -> None:
        warm = self.warm.pop(key, None)
        if warm:
            warm.close()


# ---- what the driver calls


def greet(sandbox: str) -> bytes:
    """Tells what this worker is, and whether it can protect itself as the run demands."""
    try:
        SANDBOXES[sandbox]().check()
    except SandboxUnavailable as problem:
        return encode(hello(str(problem).rstrip(".")))
    return encode(hello(""))


def equip(parcel: bytes) -> str:
    """Takes an assignment. Gives the reason why that can't be, if there is one."""
    try:
        keeper().equip(decode(parcel, type=Bundle))
    except (AssignmentError, exposure.Exposed, OSError) as problem:
        return (isinstance(problem, OSError) and problem.strerror) or str(problem)
    return ""


def grade(submissions: bytes) -> bytes:
    """Grades a batch of submissions."""
    given = decode(submissions, type=SubmissionBatch)
    warm = keeper().warm.get(given.key)
    return encode(warm.grade(given.submissions) if warm else Results(unknown=True))


def dismiss(key: str, dask_worker: Worker) -> None:
    """The run is over. This is called beside what the worker does, by `Client.run`, which tells what worker it is."""
    keeper(dask_worker).drop(key)


def keeper(on: Worker | None = None) -> GraderPlugin:
    plugin = (on or get_worker()).plugins[GraderPlugin.name]
    assert isinstance(plugin, GraderPlugin)
    return plugin
