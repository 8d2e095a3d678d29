"""Requests to platforms, bounded in size and time. No redirect is followed."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2
import msgspec

from grader._util.escaping import one_line
from grader.errors import UserError
from grader.server.lti.limits import CONNECT_SECONDS, MAX_ANSWER, MAX_WORDS, READ_SECONDS

MAX_URL = 2000  # characters
NETLOC = re.compile(r"[A-Za-z0-9._:\[\]-]+", re.ASCII)  # origins are put into headers


class PlatformUnreachable(UserError):
    """No answer came, so nobody knows whether the request arrived."""


class PlatformRefused(UserError):
    """The platform answered with an error.

    :param status: of HTTP
    :param words: what the platform said, as one line
    :param wait: seconds after which it may be asked again, as it said; 0 if it didn't
    """

    def __init__(self, status: int, words: str, wait: float = 0.0) -> None:
        super().__init__(f"it answered {status}: {words or 'without words'}")
        self.status = status
        self.words = words
        self.wait = wait


class TokenRefused(PlatformRefused):
    """The platform gave no access token: that says nothing about the request for which one was needed."""


class PlatformAnswer(NamedTuple):
    """Answer of a platform that isn't an error."""

    content: bytes
    next: str  # address of the next page; empty if there is none

    def json(self, type: Any) -> Any:
        """Return the content as a type of msgspec. Raises PlatformRefused if it is something else."""
        try:
            return msgspec.json.decode(self.content, type=type)
        except (msgspec.MsgspecError, RecursionError) as problem:
            raise PlatformRefused(200, f"something else than was expected ({one_line(str(problem), 100)})") from None


class PlatformClient:
    """HTTP client for platforms. Thread-safe.

    :param loopback: whether addresses of this machine are allowed, by HTTP: where the portal itself has no HTTPS
    :param transport: sends the requests; None for the network
    """

    def __init__(self, loopback: bool, transport: httpx2.BaseTransport | None = None) -> None:
        self._loopback = loopback
        timeout = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        self._client = httpx2.Client(timeout=timeout, follow_redirects=False, transport=transport)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> PlatformAnswer:
        """Return the answer to a GET. Raises PlatformUnreachable and PlatformRefused."""
        return self._request("GET", url, dict(headers or {}))

    def post(self, url: str, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> PlatformAnswer:
        """Return the answer to a POST. Raises PlatformUnreachable and PlatformRefused.

        :param kind: Content-Type
        """
        return self._request("POST", url, {**(headers or {}), "Content-Type": kind}, body)

    def check_url(self, url: str) -> None:
        """Raise UserError if an address can't be a platform's."""
        if not is_safe_url(url, self._loopback):
            raise UserError(
                f"{one_line(without_query(url), 200) or 'an empty address'} is no https:// address of a platform"
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _request(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> PlatformAnswer:
        self.check_url(url)
        end = time.monotonic() + READ_SECONDS
        try:
            with self._client.stream(method, url, headers=headers, content=body) as response:
                content = _read(response, end)
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as problem:
            raise PlatformUnreachable(f"{urlsplit(url).netloc} didn't answer ({type(problem).__name__})") from None
        if not 200 <= response.status_code < 300:
            raise PlatformRefused(response.status_code, _words(response, content, body or b""), _wait(response))
        following = str(response.links.get("next", {}).get("url", ""))
        return PlatformAnswer(content, str(response.url.join(following)) if following else "")


def is_safe_url(url: str, loopback: bool) -> bool:
    """Return whether an address is https, with a host, and without login and fragment.

    :param loopback: whether it may be http on this machine
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if len(url) > MAX_URL or not url.isprintable() or " " in url or not host or parts.fragment:
        return False
    if not NETLOC.fullmatch(parts.netloc):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and loopback and _is_loopback(host))


def origin_of(url: str) -> str:
    """Return the origin of an address, such as https://lms.example.org."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def without_query(url: str) -> str:
    """Return an address for messages: what follows the path may be secret."""
    return url.partition("?")[0].partition("#")[0]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _read(response: httpx2.Response, end: float, now: Callable[[], float] = time.monotonic) -> bytes:
    """Return the body. Raises PlatformUnreachable if it is too large or takes too long."""
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > MAX_ANSWER:
            raise PlatformUnreachable(f"the answer of {response.url.host} has more than {MAX_ANSWER} bytes")
        if now() > end:
            raise PlatformUnreachable(f"the answer of {response.url.host} took more than {READ_SECONDS:.0f} seconds")
    return bytes(content)


def _words(response: httpx2.Response, content: bytes, sent: bytes) -> str:
    """Return what an error says: the reason of its status line, where Moodle puts it, and its body.

    :param sent: body of the request, which Moodle repeats in the reason; nobody needs to read it
    """
    reason = response.reason_phrase.replace(sent.decode("utf-8", "replace"), "") if sent else response.reason_phrase
    body = one_line(content[: 4 * MAX_WORDS].decode("utf-8", "replace"), MAX_WORDS)
    return one_line(f"{reason} {body}", MAX_WORDS)


def _wait(response: httpx2.Response) -> float:
    given = response.headers.get("retry-after", "")
    return float(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0.0
