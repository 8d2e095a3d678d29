"""A Dask cluster as the driver sees it: which workers there are, and calls that go to one of them."""

from __future__ import annotations

import contextlib
import importlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Security
from distributed.comm.core import CommClosedError

from grader.execution.dask.address import ClusterConfig, Local, Scheduler, Target
from grader.execution.dask.errors import ClusterUnfit
from grader.execution.dask.plugin import GraderPlugin, dismiss

CONNECT = 10.0  # seconds that a scheduler has for its answer
RETURN = 120.0  # seconds that a scheduler which went away has for coming back
EACH = 0.5  # seconds between two attempts
CLOSE = 5.0  # seconds for the ends of things
NO_PAGES = "127.0.0.1:0"  # Dask starts its web server in any case; we stop it as soon as it runs
FETCHERS = 32  # threads that fetch results: a worker that hangs with one keeps one
LOST = (CommClosedError, OSError, TimeoutError)  # what Dask raises when nobody is there

# What Dask does beside, which for us is of no use: on a cluster of our own it took a tenth of a core.
QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.work-stealing": False,  # each call is for one worker
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a batch of notebooks is what it is
    "distributed.scheduler.http.routes": [],  # until it is stopped, the web server has no page
    "distributed.worker.http.routes": [],
}


class SchedulerLost(Exception):
    """The scheduler doesn't answer any more; everything that it was told is gone."""


class WorkerLost(Exception):
    """The worker died, more than once by Dask's count."""


class RemoteCall:
    """A call that is on its way."""

    def __init__(self, future: Future[Any]) -> None:
        self._future = future

    def forget(self) -> None:
        """It isn't wanted any more."""
        with contextlib.suppress(Exception):
            self._future.cancel()


class DaskClient:
    """Use as a context manager."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._stack = ExitStack()
        self._client: Client
        self._fetchers = ThreadPoolExecutor(FETCHERS, "grader-fetch")

    def __enter__(self) -> Self:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters, we say ourselves
        self._stack.enter_context(dask.config.set(QUIET))
        try:
            self._cluster = self._made()
            self._connect()
        except BaseException:  # Ctrl-C too: no cluster is left behind
            self._stack.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(Exception):  # the results are there, whatever Dask says of its end
            self._stack.close()
        self._fetchers.shutdown(wait=False, cancel_futures=True)

    def workers(self) -> dict[str, int]:
        """address -> threads. Raises SchedulerLost."""
        try:
            if self._client.status != "running":
                raise SchedulerLost
            found: dict[str, int] = self._client.nthreads()
        except LOST:
            raise SchedulerLost from None
        return found

    def call(
        self, where: str, heard: Callable[[Any], None], function: Callable[..., Any], *arguments: Any
    ) -> RemoteCall:
        """Calls a function on one worker, after what that one was told before. Raises SchedulerLost.

        `heard` gets what came of it, from a thread of ours: the result, or an exception.
        """
        try:
            future = self._client.submit(function, *arguments, workers=[where], allow_other_workers=False, pure=False)
        except LOST:
            raise SchedulerLost from None
        future.add_done_callback(lambda done: self._fetch(done, heard))
        return RemoteCall(future)

    def _fetch(self, future: Future[Any], heard: Callable[[Any], None]) -> None:
        with contextlib.suppress(RuntimeError):  # all is over
            self._fetchers.submit(_fetched, future, heard)

    def dismiss(self, key: str, workers: list[str]) -> None:
        """Tells the workers that a run is over. Those that don't hear it will find out by themselves."""
        with contextlib.suppress(Exception):
            self._client.sync(
                self._client._run, dismiss, key, workers=workers, on_error="ignore", callback_timeout=CLOSE
            )

    def again(self, given_up: Callable[[], bool]) -> bool:
        """Connects anew after the scheduler went away, unless somebody gives up; tells whether that went well."""
        with contextlib.suppress(*LOST):
            self._client.close(CLOSE)
        end = time.monotonic() + RETURN
        while isinstance(self._target, Scheduler) and time.monotonic() < end and not given_up():
            with contextlib.suppress(ClusterUnfit):
                self._connect()
                return True
            time.sleep(EACH)
        return False

    def _connect(self) -> None:
        try:
            self._client = Client(self._cluster, security=self._security(), timeout=CONNECT, set_as_default=False)
            self._stack.callback(self._client.close, CLOSE)
            self._client.register_plugin(GraderPlugin(pages=isinstance(self._target, Scheduler)))
        except ClusterUnfit:
            raise
        except Exception as problem:  # of many kinds: a refused connection, a certificate, a worker without grader
            told = " ".join(str(problem).split()) or type(problem).__name__
            raise ClusterUnfit(f"the cluster at {_named(self._target)} can't be used: {told}") from None

    def _security(self) -> Security | None:
        """Dask's own settings, where the address demands them; a cluster that we made has its own."""
        if not isinstance(self._target, Scheduler) or not self._target.address.startswith("tls://"):
            return None
        security = Security()
        if not security.get_connection_args("client")["ssl_context"]:
            raise ClusterUnfit(
                "tls:// needs certificates, and Dask's configuration (distributed.comm.tls) names none; "
                "docs/cluster.md says how"
            )
        return security

    def _made(self) -> Any:
        """What a client connects to."""
        match self._target:
            case Scheduler(address):
                return address
            case Local(workers):
                # Whoever may connect may run code, so other users of this machine need a certificate that they
                # don't have.
                cluster = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    protocol="tls://",
                    security=Security.temporary(),
                    scheduler_kwargs={"dashboard": False, "dashboard_address": NO_PAGES},
                    worker_dashboard_address=NO_PAGES,
                    memory_limit=None,
                    silence_logs=logging.CRITICAL,
                    preload=["grader.execution.dask.preload"],
                )
                return self._adopted(cluster)
            case ClusterConfig(name, workers, arguments):
                cluster = self._adopted(_called(name, arguments))
                cluster.scale(workers)
                return cluster

    def _adopted(self, cluster: Any) -> Any:
        """Return a cluster that was made for the run: it ends with the run, and its scheduler shows no pages."""
        self._stack.callback(cluster.close, CLOSE)
        if server := getattr(getattr(cluster, "scheduler", None), "http_server", None):
            cluster.sync(_stop, server)
        return cluster


async def _stop(server: Any) -> None:
    """Stop a web server, in the thread that it runs in."""
    server.stop()


def _fetched(future: Future[Any], heard: Callable[[Any], None]) -> None:
    """Waits for a result that is on its way: from a worker that dies meanwhile until the call is forgotten."""
    try:
        answer = future.result()
    except (CancelledError, *LOST):
        answer = SchedulerLost()  # or it was forgotten, and nobody listens
    except KilledWorker:
        answer = WorkerLost()
    except Exception as problem:
        answer = problem
    heard(answer)


def _called(name: str, arguments: dict[str, Any]) -> Any:
    """A cluster by the name of its class. Raises ClusterUnfit."""
    module, _, found = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module or "dask_jobqueue"), found)(**arguments)
    except Exception as problem:  # whatever that class says
        told = " ".join(str(problem).split()) or type(problem).__name__
        raise ClusterUnfit(f"the cluster {name} can't be made: {told}") from None


def _named(target: Target) -> str:
    match target:
        case Scheduler(address):
            return address
        case Local(workers):
            return f"local:{workers}"
    return target.name
