"""Code of a run that Dask runs on the workers and on the scheduler: two plugins, the task, and two questions.

A worker grades with the service that grades on one machine, with a grading process for each thread: a submission that
hangs or ends such a process never takes the Dask worker with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from distributed import Scheduler, SchedulerPlugin, Worker, WorkerPlugin, get_worker

from grader._util import extras, logs
from grader.assignments.loader import AssignmentError
from grader.execution.dask.bundle import Bundle, Results, SubmissionBatch, decode, difference, encode, unpack_assignment
from grader.execution.dask.errors import WorkerFailed
from grader.execution.service import GradingService
from grader.sandbox.guest.usage_watch import remove_folder
from grader.sandbox.host import exposure
from grader.sandbox.host.availability import SandboxUnavailable
from grader.sandbox.host.levels import SANDBOXES


class GraderPlugin(WorkerPlugin):
    """The assignment of a run, which Dask brings to each worker once, also to those that join later.

    A worker that can grade offers a resource named as the run, one unit a thread. The tasks of the run demand one, so
    Dask gives them to no other worker. A worker that can't logs the reason as an event, under the topic of that name.

    :param name: of the run, unlike all others
    :param bundle: a Bundle, encoded
    :param pages: whether the web server of the worker goes on: a cluster that was made for the run doesn't need it
    """

    def __init__(self, name: str, bundle: bytes, *, pages: bool) -> None:
        self.name, self.bundle, self.pages = name, bundle, pages

    async def setup(self, worker: Worker) -> None:
        """Begin to take the assignment. A worker that joins sends no heartbeat before this returns, so it is short."""
        if not self.pages:
            worker.http_server.stop()
        self.service: GradingService | None = None
        self.records: logs.KeptRecords | None = None
        self._taking = asyncio.create_task(self._take(worker))

    async def teardown(self, worker: Worker) -> None:
        """End the grading processes and remove the assignment."""
        await self._taking
        if self.service:
            await asyncio.to_thread(self.service.close)
        if self.records:
            self.records.close()

    async def _take(self, worker: Worker) -> None:
        bundle, unusable, reason = decode(self.bundle, type=Bundle), "", ""
        try:
            if not (unusable := await asyncio.to_thread(_unusable_reason, bundle)):
                room, threads = Path(worker.local_directory), worker.state.nthreads
                self.records = logs.keep(bundle.log_level)
                self.service = await asyncio.to_thread(start, bundle, room, threads)
                await worker.set_resources(**{self.name: threads})
        except Exception as problem:
            message = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
            reason = f"it can't take the assignment ({message})"
        if unusable or reason:
            worker.log_event(
                self.name, {"worker": worker.address, "reason": unusable or reason, "unusable": bool(unusable)}
            )


class RunPlugin(SchedulerPlugin):
    """Rules for the run of one client, on the scheduler. Dask has no setting for them.

    A task whose worker died fails, in place of being run again by as many workers as `allowed-failures` says. When the
    client is gone, the workers let go of the run.
    """

    def __init__(self, name: str, client: str, *, pages: bool) -> None:
        self.name, self.client, self.pages = name, client, pages

    async def start(self, scheduler: Scheduler) -> None:
        if not self.pages:
            scheduler.http_server.stop()

    def update_graph(self, scheduler: Scheduler, *, client: str, keys: Iterable[Any], **_: Any) -> None:
        for task in map(scheduler.tasks.get, keys if client == self.client else ()):
            if task:
                task.suspicious = scheduler.allowed_failures

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        if client == self.client and self.pages:  # or the cluster was made for the run, and ends now
            scheduler.remove_plugin(self.name)
            self._ending = asyncio.create_task(self._end(scheduler))

    async def _end(self, scheduler: Scheduler) -> None:
        with contextlib.suppress(Exception):  # a worker that went away meanwhile has let go
            await scheduler.unregister_worker_plugin(None, self.name)


def start(bundle: Bundle, parent: Path, threads: int) -> GradingService:
    """Unpack an assignment into a folder of its own below `parent`, and start a service with `threads` workers."""
    folder = tempfile.mkdtemp(prefix="grader-", dir=parent)  # which nobody else may read
    try:
        assignment = unpack_assignment(bundle, Path(folder))
        extras.require_modules(assignment.modules, f"the assignment {assignment.name}")
        exposure.check(bundle.sandbox, assignment.support, {"this worker's folder": Path(folder)})
    except BaseException:  # Dask may end a worker by any: the assignment isn't left behind
        remove_folder(folder)
        raise
    return GradingService(
        assignment,
        sandbox=bundle.sandbox,
        workers=threads,
        run_all_cells=bundle.run_all_cells,
        ended=lambda: remove_folder(folder),
    )


def _unusable_reason(bundle: Bundle) -> str:
    """Return why this worker can't grade as the driver would; empty when it can."""
    if differs := difference(bundle.versions):
        return f"it has {differs}; install the same there as here"
    try:
        SANDBOXES[bundle.sandbox]().check()
    except SandboxUnavailable as problem:
        return str(problem).rstrip(".")
    return ""


def grade(content: bytes) -> bytes:
    """Grade a SubmissionBatch, encoded, on a worker. Return Results, encoded.

    Raises AssignmentError if the assignment is at fault, and WorkerFailed if the worker can't grade.
    """
    batch, worker = decode(content, type=SubmissionBatch), get_worker()
    plugin = worker.plugins[batch.run]
    assert isinstance(plugin, GraderPlugin) and plugin.service and plugin.records  # or it would get no task
    service = plugin.service
    try:
        graded = [future.result() for future in list(map(service.submit, batch.submissions))]
    except Exception as problem:
        if not service.closed or isinstance(problem, AssignmentError):
            raise
        raise WorkerFailed(worker.address, (str(problem).strip() or repr(problem)).splitlines()[-1]) from None
    log = tuple(logs.drain(service.log))
    printed = {report.student: text for report, text in graded if text}
    reports = tuple(report for report, _ in graded)
    return encode(Results(reports, printed, log, plugin.records.take(), worker.address))


class Workers(NamedTuple):
    """Workers of a cluster, by their addresses."""

    everyone: set[str]
    threads: dict[str, float]  # of those that can grade
    refused: dict[str, str]  # why the others can't
    unusable: set[str]  # of those, the ones with another grader, or without the sandbox
    stuck: set[Any]  # tasks that no worker can run


def workers(run: str, dask_scheduler: Scheduler) -> Workers | None:
    """Return, on the scheduler, what it knows of the workers. None if it doesn't know the run: it was restarted."""
    if run not in dask_scheduler.plugins:
        return None
    threads = {worker: count for worker, count in dask_scheduler.resources.get(run, {}).items() if count}
    events = [event for _, event in dask_scheduler.get_events(run)]
    refused = {event["worker"]: event["reason"] for event in events}
    unusable = {event["worker"] for event in events if event["unusable"]}
    stuck = {task.key for task in dask_scheduler.unrunnable if run in (task.resource_restrictions or ())}
    return Workers(set(dask_scheduler.workers), threads, refused, unusable, stuck)


def quarantine(run: str, worker: str, reason: str, dask_scheduler: Scheduler) -> None:
    """On the scheduler, give the worker no further tasks of the run."""
    dask_scheduler.log_event(run, {"worker": worker, "reason": reason, "unusable": False})
    if worker in dask_scheduler.workers:
        dask_scheduler.add_resources(worker, {run: 0})
