"""The HTTP server: uvicorn, with a limit on how slowly headers may arrive, and an end that keeps what runs."""

from __future__ import annotations

import asyncio
import resource
import socket
from types import FrameType
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from grader.server.limits import HEADER_SECONDS, IDLE_SECONDS, MAX_CONNECTIONS, OTHER_FILES
from grader.server.portal import Portal

CLOSE_SECONDS = 5  # for answers on their way, when the server ends


class BoundedProtocol(H11Protocol):
    """Connection that is cut if the headers of a request don't arrive within HEADER_SECONDS.

    uvicorn itself waits for ever: a client that sends a byte a minute would keep its connection.
    """

    _header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Give the first headers their time."""
        send_at_once(transport)
        super().connection_made(transport)
        self._watch_headers()

    def data_received(self, data: bytes) -> None:
        """Stop the time once headers are complete; start it with the first byte of further ones."""
        super().data_received(data)
        self._watch_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        super().connection_lost(exc)
        self._stop_watch()

    def _watch_headers(self) -> None:
        waits = self.conn.their_state is h11.IDLE and (self.cycle is None or bool(self.conn.trailing_data[0]))
        if not waits:
            self._stop_watch()
        elif self._header_timer is None:
            self._header_timer = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop_watch(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None


def send_at_once(transport: Any) -> None:
    """Send the body of an answer without waiting until the client has confirmed the headers, which takes 40 ms.

    asyncio does that only for sockets that name their protocol. One of `socket.create_server` doesn't.
    """
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def allow_open_files(count: int) -> None:
    """Allow this process to have so many files open, as far as the system lets it: often 1024 unless it asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class PortalServer(uvicorn.Server):
    """Server of a portal. A signal ends the streams of open pages first, so that it doesn't wait for them."""

    def __init__(self, app: FastAPI, portal: Portal, host: str, port: int, *, proxy_headers: bool = False) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=BoundedProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=proxy_headers,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=CLOSE_SECONDS,
        )
        super().__init__(config)
        allow_open_files(MAX_CONNECTIONS + OTHER_FILES)
        self._portal = portal

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End soon."""
        self._portal.live.close()
        super().handle_exit(sig, frame)
