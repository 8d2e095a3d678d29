"""Client of a Dask cluster for one run: start or reach the cluster, submit tasks to it, take their results."""

from __future__ import annotations

import contextlib
import importlib
import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Self

import dask
from distributed import Client, Future, KilledWorker, Security, as_completed

from grader.execution.dask import plugin
from grader.execution.dask.address import Scheduler, Target
from grader.execution.dask.errors import ClusterError
from grader.execution.limits import CLOSE_SECONDS, CONNECT_SECONDS, POLL_SECONDS, RETURN_SECONDS

SETTINGS = {
    "distributed.comm.retry.count": 3,  # as_completed forgets a task whose result it couldn't fetch
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a batch of notebooks is what it is
    # Without these, a cluster of our own took a tenth of a core for itself.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.active-memory-manager.start": False,
    # Until it is stopped, the web server has no page.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


class SchedulerLost(Exception):
    """The scheduler doesn't answer any more, or has forgotten the run."""


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """Raise SchedulerLost for what Dask raises when the scheduler can't be reached."""
    try:
        yield
    except (OSError, RuntimeError):  # RuntimeError: the pool of connections is closed
        raise SchedulerLost from None


class DaskClient:
    """Use as a context manager. Methods raise SchedulerLost.

    :param bundle: the assignment, encoded, for each worker
    """

    def __init__(self, target: Target, bundle: bytes) -> None:
        self._target, self._bundle = target, bundle
        self.run: str  # name of the plugins, the resource and the topic; each connection has another
        self._stack = ExitStack()
        self._client: Client

    def __enter__(self) -> Self:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters, we say ourselves
        self._stack.enter_context(dask.config.set(SETTINGS))
        try:
            self._cluster = self._address_or_cluster()
            self._connect()
        except BaseException:  # Ctrl-C too: no cluster is left behind
            self._stack.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(Exception):  # the results are there, whatever Dask says of its end
            self._stack.close()

    @_reached()
    def workers(self) -> plugin.Workers:
        """Return what the scheduler knows."""
        found = self._client.status == "running" and self._client.run_on_scheduler(plugin.workers, self.run)
        if not isinstance(found, plugin.Workers):
            raise SchedulerLost
        return found

    def quarantine(self, worker: str, reason: str) -> None:
        """Have the worker get no further tasks of this run."""
        with contextlib.suppress(OSError, RuntimeError):  # the scheduler is gone, and has forgotten the worker
            self._client.run_on_scheduler(plugin.quarantine, self.run, worker, reason)

    @_reached()
    def submit(self, function: Callable[[bytes], bytes], content: bytes, workers: tuple[str, ...] = ()) -> Future[Any]:
        """Submit a task, for any worker that can grade or for some of them."""
        allowed = {"workers": workers} if workers else {}
        future = self._client.submit(function, content, pure=False, resources={self.run: 1}, **allowed)
        self._done.add(future)
        return future

    @_reached()
    def cancel(self, future: Future[Any]) -> None:
        """Have Dask forget a task."""
        future.cancel()

    def results(self, seconds: float) -> Iterator[tuple[Future[Any], bytes | Exception]]:
        """Wait for results. Give pairs of a future and of what its task returned or raised."""
        with self._done.thread_condition:
            if not self._done.has_ready():
                self._done.thread_condition.wait(seconds)
        for future, result in self._done.next_batch(block=False):
            yield future, result[1] if future.status == "error" else result

    def reconnect(self, given_up: Callable[[], bool]) -> bool:
        """Connect anew after the scheduler went away. Return whether that went well."""
        with contextlib.suppress(OSError, RuntimeError):  # its connections are gone
            self._client.close(CLOSE_SECONDS)
        end = time.monotonic() + RETURN_SECONDS
        while isinstance(self._target, Scheduler) and time.monotonic() < end and not given_up():
            with contextlib.suppress(ClusterError):
                self._connect()
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _connect(self) -> None:
        found = isinstance(self._target, Scheduler)
        self.run = f"grader-{secrets.token_hex(8)}"
        try:
            self._client = Client(
                self._cluster, security=self._security(), timeout=CONNECT_SECONDS, set_as_default=False
            )
            self._stack.callback(self._client.close, CLOSE_SECONDS)
            self._done = as_completed(loop=self._client.loop, with_results=True, raise_errors=False)
            self._client.register_plugin(plugin.RunPlugin(self.run, self._client.id, pages=found))
            self._client.register_plugin(plugin.GraderPlugin(self.run, self._bundle, pages=found))
        except ClusterError:
            raise
        except Exception as problem:  # of many kinds: a refused connection, a certificate, a worker without grader
            name = self._target.address if isinstance(self._target, Scheduler) else self._target.name
            raise ClusterError(f"the cluster at {name} can't be used: {words(problem)}") from None

    def _security(self) -> Security | None:
        """Return Dask's own settings where the address demands them; a cluster that we made has its own."""
        if not isinstance(self._target, Scheduler) or not self._target.address.startswith("tls://"):
            return None
        security = Security()
        if not security.get_connection_args("client")["ssl_context"]:
            raise ClusterError(
                "tls:// needs certificates, and Dask's configuration (distributed.comm.tls) names none; "
                "docs/cluster.md says how"
            )
        return security

    def _address_or_cluster(self) -> Any:
        """Return what a client connects to; a cluster that is made here ends with the run. Raises ClusterError."""
        if isinstance(self._target, Scheduler):
            return self._target.address
        module, _, name = self._target.name.rpartition(".")
        try:
            cluster = getattr(importlib.import_module(module or "dask_jobqueue"), name)(**self._target.arguments)
        except Exception as problem:  # whatever that class says
            raise ClusterError(f"the cluster {self._target.name} can't be made: {words(problem)}") from None
        self._stack.callback(cluster.close, CLOSE_SECONDS)
        cluster.scale(self._target.workers)
        return cluster


def words(problem: Exception) -> str:
    """Return an exception in one line."""
    if isinstance(problem, KilledWorker):
        return f"{problem.last_worker.address} died"
    return " ".join(str(problem).split()) or type(problem).__name__
