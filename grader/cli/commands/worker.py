"""The command `grader worker`: grade for a portal on another machine."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from grader._util import extras
from grader._util.fast_imports import fast_imports
from grader.cli.log_options import log_options
from grader.cli.options import (
    PATH,
    check_cluster,
    cluster_option,
    complete_assignments,
    database_option,
    exit_on_error,
    jobs_option,
    suggest_weaker_sandbox,
)
from grader.cli.portal_options import load_checked
from grader.errors import UserError
from grader.sandbox.host.levels import SANDBOXES


@click.command("worker")
@click.argument(
    "assignments", nargs=-1, required=True, type=PATH, metavar="ASSIGNMENT...", shell_complete=complete_assignments
)
@click.option("--data", type=PATH, required=True, help="Data folder of the portal, on a file system that both share.")
@database_option
@jobs_option
@cluster_option
@click.option(
    "--metrics-port", type=click.IntRange(1, 65535), help="Port of the loopback where Prometheus finds the metrics."
)
@log_options
def command(
    assignments: tuple[Path, ...],
    data: Path,
    database: str,
    jobs: int | None,
    cluster: str,
    metrics_port: int | None,
) -> None:
    """Grade what is handed in to `grader serve` on another machine, until Ctrl-C or SIGTERM.

    Both use one PostgreSQL database, one data folder (only files/ and printed/ of it), and the same version of the
    assignment, the grader and its packages. Any number of workers may run; if one is lost, others grade what it had.

    Ctrl-C or SIGTERM ends it: what is being graded has 20 seconds, the rest is left to other workers.
    """
    with exit_on_error(), suggest_weaker_sandbox("full"):
        extras.require("server", "grader worker")
        if not database:
            raise UserError("grader worker needs --database: a SQLite file serves one machine, by grader serve --jobs")
        check_cluster(cluster, jobs)
        if not cluster:
            SANDBOXES["full"]().check()
        loaded = load_checked(assignments, data)
        with fast_imports():
            from grader.server.worker import PortalWorker

        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        worker = PortalWorker(loaded, data, database, jobs, cluster)
        names = ", ".join(assignment.name for assignment in loaded)
        click.echo(f"This worker grades {names}. Ctrl-C ends it.")
        worker.run(ended, metrics_port or 0)
