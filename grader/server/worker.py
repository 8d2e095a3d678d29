"""Worker: grades for a portal on another machine, with the same PostgreSQL database and the same data folder.

It needs the folders `files` and `printed` of the data folder, and no key: it makes neither links nor receipts.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import prometheus_client

from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.attempts import Attempt
from grader.gradebook.data_folder import DataFolder
from grader.gradebook.roster import Roster
from grader.gradebook.store import Gradebook
from grader.models import Assignment, ScoreReport
from grader.server.dispatcher import Dispatcher, stop_all
from grader.server.metrics import Metrics, workers_alive
from grader.server.printed import PrintedTexts

NO_KEY = b""  # of links, which a worker doesn't make


class PortalWorker:
    """Dispatchers of some assignments, without a server. `start` starts them, `close` ends them."""

    def __init__(
        self, assignments: Sequence[Assignment], data: Path, database: str, jobs: int | None = None, cluster: str = ""
    ) -> None:
        """Open the database. Raises UserError if it can't be opened, or the data folder isn't there.

        :param jobs: grading processes of each assignment; None for one on each core
        :param cluster: value of `--cluster`
        """
        folder = DataFolder(data)
        folder.files.check()
        self._book = Gradebook.open_existing(database)
        queue = AttemptQueue(self._book)
        self.metrics = Metrics(queue.counts, lambda: workers_alive(queue))
        self._printed = PrintedTexts(folder.printed)
        self._dispatchers = [
            Dispatcher(
                assignment,
                self._book,
                folder.files,
                Roster(self._book, NO_KEY),
                jobs=jobs,
                cluster=cluster,
                on_change=lambda _: None,  # open pages look at the database themselves
                on_finish=self._finished,
                on_fault=self.metrics.faults.labels(assignment.name).inc,
            )
            for assignment in assignments
        ]

    def start(self) -> None:
        """Start to grade what waits."""
        for dispatcher in self._dispatchers:
            dispatcher.start()

    def run(self, ended: threading.Event, metrics_port: int = 0) -> None:
        """Grade until `ended` is set; then end what runs, or put it back.

        :param metrics_port: port of the loopback where Prometheus finds the metrics; 0 for none
        """
        try:
            if metrics_port:
                prometheus_client.start_http_server(metrics_port, "127.0.0.1", self.metrics.registry)
            self.start()
            ended.wait()
        finally:
            self.close()

    def close(self) -> None:
        """End what runs or put it back, and close the database."""
        stop_all(self._dispatchers)
        self._book.close()

    def _finished(self, attempt: Attempt, report: ScoreReport, printed: str) -> None:
        self.metrics.observe(attempt, report)
        self._printed.keep(attempt, printed)
