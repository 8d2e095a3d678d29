"""Metrics of the portal, in the format of Prometheus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from grader._util import logs
from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.attempts import Attempt, QueueCounts
from grader.models import ScoreReport
from grader.server.limits import LEASE_SECONDS
from grader.server.owners import graded_by

LOG = logging.getLogger("grader.server")
MAX_WORKERS = 1000  # that are counted

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.25, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 900, 3600)


def workers_alive(queue: AttemptQueue, assignment: str = "") -> int:
    """Return the number of dispatchers, of all servers and workers, that were seen lately.

    :param assignment: count only those that grade it
    """
    seen = [worker for worker in queue.workers(MAX_WORKERS) if worker.seconds < LEASE_SECONDS]
    return sum(not assignment or graded_by(worker.name) == assignment for worker in seen)


class Metrics:
    """Metrics of one server or worker, and of the queue that all servers share.

    :param counts: returns the counts of the queue
    :param workers: returns how many workers were seen lately
    """

    def __init__(self, counts: Callable[[], QueueCounts], workers: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_QueueCollector(counts, workers))
        self.uploads = Counter(
            "grader_uploads", "Uploads, by what became of them.", ["assignment", "outcome"], registry=self.registry
        )
        self.report_seconds = Histogram(
            "grader_report_seconds",
            "Seconds from the receipt of a submission to its report.",
            ["assignment"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.faults = Counter(
            "grader_faults", "Grader errors, which cost students nothing.", ["assignment"], registry=self.registry
        )
        self.requests = Counter(
            "grader_requests", "Answered requests.", ["method", "route", "status"], registry=self.registry
        )

    def observe(self, attempt: Attempt, report: ScoreReport) -> None:
        """Count an attempt that was graded here, and log it.

        :param attempt: as it was claimed
        """
        if attempt.result is None and attempt.shadow_of is None:  # else it is a regrade
            waited = (datetime.now(UTC) - datetime.fromisoformat(attempt.received)).total_seconds()
            self.report_seconds.labels(attempt.assignment).observe(max(0.0, waited))
        logs.event(LOG, logging.INFO, "attempt graded", attempt=attempt.public_id, status=report.status)

    def render(self) -> bytes:
        """Return all metrics as text."""
        return generate_latest(self.registry)


class _QueueCollector(Collector):
    """Collector of the state of the queue, which is read at each scrape."""

    def __init__(self, counts: Callable[[], QueueCounts], workers: Callable[[], int]) -> None:
        self._counts = counts
        self._workers = workers

    def describe(self) -> Iterable[Metric]:
        return []  # else the registry would read the queue when the collector is registered

    def collect(self) -> Iterable[Metric]:
        counts = self._counts()
        states = GaugeMetricFamily("grader_attempts", "Attempts, by state.", labels=["assignment", "state"])
        for (assignment, state), number in counts.states.items():
            states.add_metric([assignment, state], number)
        yield states
        age = 0.0
        if counts.oldest:
            age = max(0.0, (datetime.now(UTC) - datetime.fromisoformat(counts.oldest)).total_seconds())
        queued = sum(number for (_, state), number in counts.states.items() if state == "queued")
        yield GaugeMetricFamily("grader_queue_length", "Attempts that wait.", queued)
        yield GaugeMetricFamily("grader_queue_age_seconds", "Seconds since the oldest of them was received.", age)
        yield GaugeMetricFamily("grader_workers", "Workers that are alive.", self._workers())
