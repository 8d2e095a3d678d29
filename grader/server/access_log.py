"""Access log and response headers, as ASGI middleware that doesn't hold up streams."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader._util import logs
from grader.server.metrics import Metrics

LOG = logging.getLogger("grader.server.access")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {  # unless the response sets its own
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
LOOPBACK = ("localhost",)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"  # any other method: clients can make up as many as they like, and each would be a metric of its own
NO_FRAMES = "frame-ancestors 'none'"


class ResponseHeaders:
    """Add the security headers to each response, and log it: method, route, status, person, time, sizes.

    The log holds the pattern of the route and no path, because the path of a personal link holds its token.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, sent = time.monotonic(), 0, 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                allow_frames(headers, scope.get("state", {}).get("frame_origins", ""))
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else OTHER
            self._metrics.requests.labels(method, route, str(status)).inc()
            logs.event(
                LOG,
                logging.INFO,
                "request",
                method=method,
                route=route,
                status=status,
                person=scope.get("state", {}).get("person"),
                seconds=time.monotonic() - began,
                sent=sent,
            )


def allow_frames(headers: MutableHeaders, origins: str) -> None:
    """Let pages of these origins show a response in a frame; of none if there are no origins.

    :param origins: of registered learning platforms, separated by spaces
    """
    policy = headers["Content-Security-Policy"]
    if origins and NO_FRAMES in policy:
        headers["Content-Security-Policy"] = policy.replace(NO_FRAMES, f"frame-ancestors {origins}")
        del headers["X-Frame-Options"]  # which knows no list


class HostCheck:
    """Refuse requests for other hosts, so that no other site can make a browser take its name for this server.

    IP addresses and names of this machine's loopback can't be another site's.

    :param hosts: names that are allowed beside them
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._allowed(scope):
            sentence = "This server doesn't answer to that name; start it with --url https://NAME.\n"
            await PlainTextResponse(sentence, 421)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        return len(given) == 1 and is_allowed(given[0].decode("latin-1"), self._hosts)


def is_allowed(host: str, hosts: Collection[str]) -> bool:
    """Return whether the header Host names this server. A port may follow."""
    name = host.strip().lower()
    name = name[1 : name.find("]")] if name.startswith("[") else name.partition(":")[0]
    if name in hosts or name in LOOPBACK:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
