"""The command `grader serve`: the portal of a course."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from grader._util import extras
from grader._util.atomic_files import write_atomically
from grader._util.fast_imports import fast_imports
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
from grader.sandbox.host.levels import SANDBOXES

if TYPE_CHECKING:
    from grader.server.portal import PortalSettings

DEFAULT_PORT = 8000
LOOPBACK = ("127.0.0.1", "::1", "localhost")
NETLOC = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")


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
@click.option("--login-header", default="", metavar="NAME", help="Header in which that proxy names who has logged in.")
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
    login_header: str,
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
        _check_login_header(login_header, host)
        if url:
            _check_url(url.rstrip("/"))
        loaded = load_checked(assignments, data)
        if jobs == 0 and not database:
            raise UserError("--jobs 0 leaves the grading to `grader worker`, which needs --database")
        with _listening(host, port) as listener:
            address = url.rstrip("/") or _address(host, listener)
            with fast_imports():
                from grader.server.portal import PortalSettings

            settings = PortalSettings(loaded, data, database, address, jobs, cluster, _hosts(host), login_header)
            _serve(settings, host, listener, proxy_headers)


def _serve(settings: PortalSettings, host: str, listener: socket.socket, proxy_headers: bool) -> None:
    from grader.server.portal import Portal

    portal = Portal(settings)
    write_atomically(settings.data / URL_FILE, f"{settings.url}\n".encode())
    try:
        portal.start()
        with fast_imports():  # FastAPI takes half a second, in which the grading processes start
            from grader.server.app import create_app
            from grader.server.http_server import PortalServer

        click.echo(
            f"The portal runs at {settings.url}. Ctrl-C ends it.\n\n    Instructor: {portal.instructor_link()}\n"
        )
        PortalServer(create_app(portal), portal, host, 0, proxy_headers=proxy_headers).run([listener])
    except KeyboardInterrupt:  # uvicorn raises the signal again that ended it
        pass
    finally:
        portal.close()


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises UserError if the host isn't this machine's, or the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, UnicodeError) as problem:
        listener.close()
        reason = getattr(problem, "strerror", None) or "it isn't the name of a host"
        taken = isinstance(problem, OSError) and problem.errno in (errno.EADDRINUSE, errno.EACCES)
        remedy = "choose another --port" if taken else "--host takes an address of this machine, such as 127.0.0.1"
        raise UserError(f"{host}:{port} can't be listened at: {reason}; {remedy}") from None
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
    """Raise UserError if this isn't the address of a portal: scheme and host, perhaps a port, nothing else."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that make no sense
        is_address = False
    if not is_address or url != f"{parts.scheme}://{parts.netloc}" or not NETLOC.fullmatch(parts.netloc):
        raise UserError(f"--url takes the address of the portal without a path, https://grader.example.org, not {url}")


def _check_login_header(name: str, host: str) -> None:
    """Raise UserError if the header has no valid name, or others than a proxy on this machine could send it."""
    if name and not HEADER_NAME.fullmatch(name):
        raise UserError(f"--login-header takes the name of a header, such as X-Remote-User, not {name}")
    if name and host not in LOOPBACK:
        raise UserError(
            f"with --login-header, everybody who reaches {host} could be anybody: let the reverse proxy run on this "
            "machine, and leave --host at 127.0.0.1"
        )
