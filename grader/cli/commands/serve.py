"""The command `grader serve`: the portal of a course."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from urllib.parse import urlsplit

import click

from grader._util import extras
from grader._util.atomic_files import write_atomically
from grader.cli.commands.roster import URL_FILE
from grader.cli.log_options import log_options
from grader.cli.options import (
    PATH,
    check_cluster,
    cluster_option,
    complete_assignments,
    database_option,
    exit_on_error,
    suggest_weaker_sandbox,
)
from grader.cli.portal_options import load_checked, server_jobs_option
from grader.errors import UserError
from grader.models import Assignment
from grader.sandbox.host.levels import SANDBOXES

DEFAULT_PORT = 8000


@click.command("serve")
@click.argument(
    "assignments", nargs=-1, required=True, type=PATH, metavar="ASSIGNMENT...", shell_complete=complete_assignments
)
@click.option("--data", type=PATH, required=True, help="Folder for everything that is kept; created at first.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0: a free one.")
@click.option("--url", default="", metavar="URL", help="Public address, if a reverse proxy has another one.")
@server_jobs_option
@cluster_option
@database_option
@click.option("--proxy-headers", is_flag=True, help="Trust X-Forwarded-* of a reverse proxy on this machine.")
@log_options
def command(
    assignments: tuple[Path, ...],
    data: Path,
    host: str,
    port: int,
    url: str,
    jobs: int | None,
    cluster: str,
    database: str,
    proxy_headers: bool,
) -> None:
    """Serve the portal: students hand in over HTTP, and read their report when it is graded.

    It works with nothing configured, and prints the link of the instructor. Ctrl-C or SIGTERM ends it: what is being
    graded has 20 seconds, then it waits for the next start.
    """
    with exit_on_error(), suggest_weaker_sandbox("full"):
        extras.require("server", "grader serve")
        check_cluster(cluster, jobs)
        if not cluster and jobs != 0:
            SANDBOXES["full"]().check()
        loaded = load_checked(assignments, data)
        if jobs == 0 and not database:
            raise UserError("--jobs 0 leaves the grading to `grader worker`, which needs --database")
        with _listening(host, port) as listener:
            address = (url or _address(host, listener)).rstrip("/")
            _check_url(address)
            _serve(loaded, data, host, address, listener, jobs, cluster, database, proxy_headers)


def _serve(
    assignments: list[Assignment],
    data: Path,
    host: str,
    url: str,
    listener: socket.socket,
    jobs: int | None,
    cluster: str,
    database: str,
    proxy_headers: bool,
) -> None:
    from grader.server.app import create_app
    from grader.server.http_server import PortalServer
    from grader.server.portal import Portal, PortalSettings

    portal = Portal(PortalSettings(assignments, data, database, url, jobs, cluster, _hosts(host)))
    write_atomically(data / URL_FILE, f"{url}\n".encode())
    try:
        portal.start()
        click.echo(f"The portal runs at {url}. Ctrl-C ends it.\n\n    Instructor: {portal.instructor_link()}\n")
        PortalServer(create_app(portal), portal, host, 0, proxy_headers=proxy_headers).run([listener])
    except KeyboardInterrupt:  # uvicorn raises the signal again that ended it
        pass
    finally:
        portal.close()


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises UserError if the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        listener.close()
        raise UserError(f"{host}:{port} can't be listened at: {problem.strerror}; choose another --port") from None
    return listener


def _address(host: str, listener: socket.socket) -> str:
    """Return the address of a server that no reverse proxy stands before."""
    name = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def _hosts(host: str) -> tuple[str, ...]:
    """Return the names of this machine that requests may use beside IP addresses."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return (host, socket.gethostname())
    return (socket.gethostname(), socket.getfqdn())


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise UserError(f"--url takes the address of the portal without a path, https://grader.example.org, not {url}")
