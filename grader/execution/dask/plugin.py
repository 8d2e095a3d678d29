"""On a Dask worker: an assignment is unpacked once, and its grading processes stay warm between batches.

What grades is what grades on one machine (grader/execution/pool.py), with a process of its own for each thread of the
worker: a submission that hangs or ends such a process never takes the Dask worker with it.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from queue import SimpleQueue

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from grader.assignments.loader import AssignmentError
from grader.execution import pool
from grader.execution.dask.bundle import unpack
from grader.execution.dask.messages import Batch, Parcel, Results, decode, encode, hello
from grader.models import ScoreReport, Submission
from grader.sandbox.guest.usage_watch import remove
from grader.sandbox.host import exposure
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.levels import SANDBOXES

IDLE = 120.0  # seconds without work after which everything is let go: the driver may have died
LAST = 3.0  # seconds that the grading processes have for their end


class Warm:
    """One run's assignment, unpacked, and the grading processes that it keeps. Any thread may call it."""

    def __init__(self, parcel: Parcel, room: Path, threads: int) -> None:
        self.folder = tempfile.mkdtemp(prefix="grader-", dir=room)  # which nobody else may read
        try:
            self.assignment = unpack(parcel, Path(self.folder))
            exposure.check(parcel.sandbox, self.assignment.support, {"this worker's folder": Path(self.folder)})
        except BaseException:  # Dask may end a worker by any: the assignment isn't left behind
            remove(self.folder)
            raise
        self.closed = False
        self._ending = Results(unknown=True)
        self._coming: deque[Submission] = deque()
        self._asking: dict[str, SimpleQueue[tuple[ScoreReport, str] | None]] = {}  # student -> who waits
        self._lock = threading.Lock()
        self._used = time.monotonic()
        self._batch = pool.Batch(self.assignment, (), threads, parcel.sandbox, parcel.whole, more=self._more)
        # Grading processes end with the thread that started them, so it is one that lasts as long as they should.
        self._thread = threading.Thread(target=self._run, daemon=True, name="grader")
        self._thread.start()

    def grade(self, submissions: Sequence[Submission]) -> Results:
        """Grades a batch. What has no report in the results wasn't graded."""
        answers: SimpleQueue[tuple[ScoreReport, str] | None] = SimpleQueue()
        with self._lock:
            if self.closed:
                return self._ending
            self._asking.update((submission.student, answers) for submission in submissions)
            self._coming.extend(submissions)
        self._batch.wake()
        reports: list[ScoreReport] = []
        printed: dict[str, str] = {}
        ending = Results()
        while len(reports) < len(submissions) and (answer := answers.get()):
            report, text = answer
            reports.append(report)
            if text:
                printed[report.student] = text
        if len(reports) < len(submissions):
            ending = self._ending
        lines = []
        while self._batch.log:
            lines.append(self._batch.log.pop(0))
        return msgspec.structs.replace(ending, reports=tuple(reports), printed=printed, log=tuple(lines))

    def close(self) -> None:
        """Ends the grading processes and removes the assignment."""
        self._batch.stop()
        self._thread.join(LAST)

    def _more(self) -> Iterable[Submission]:
        if self._coming or self._asking:
            self._used = time.monotonic()
        elif time.monotonic() > self._used + IDLE:
            self._batch.stop()
        while self._coming:
            yield self._coming.popleft()

    def _run(self) -> None:
        try:
            for report in self._batch:
                text = self._batch.printed.pop(report.student, "")
                self._asking.pop(report.student).put((report, text))
        except AssignmentError as problem:
            self._ending = Results(unfit=str(problem))
        except Exception as problem:
            self._ending = Results(trouble=str(problem).strip().splitlines()[-1] if str(problem) else repr(problem))
        finally:
            with self._lock:
                self.closed = True
                left, self._asking = set(self._asking.values()), {}
            for answers in left:
                answers.put(None)
            remove(self.folder)


class Keeper(WorkerPlugin):
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
        self.warm: dict[str, Warm] = {}
        self.lock = threading.Lock()

    def teardown(self, worker: Worker) -> None:
        for key in list(self.warm):
            self.drop(key)

    def equip(self, parcel: Parcel) -> None:
        with self.lock:
            before = self.warm.pop(parcel.key, None)
            if before:
                before.close()
            self.warm[parcel.key] = Warm(parcel, self.room, self.threads)

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
        keeper().equip(decode(parcel, type=Parcel))
    except (AssignmentError, exposure.Exposed, OSError) as problem:
        return (isinstance(problem, OSError) and problem.strerror) or str(problem)
    return ""


def grade(submissions: bytes) -> bytes:
    """Grades a batch of submissions."""
    given = decode(submissions, type=Batch)
    warm = keeper().warm.get(given.key)
    return encode(warm.grade(given.submissions) if warm else Results(unknown=True))


def dismiss(key: str, dask_worker: Worker) -> None:
    """The run is over. This is called beside what the worker does, by `Client.run`, which tells what worker it is."""
    keeper(dask_worker).drop(key)


def keeper(on: Worker | None = None) -> Keeper:
    plugin = (on or get_worker()).plugins[Keeper.name]
    assert isinstance(plugin, Keeper)
    return plugin
