"""Uploads: what is accepted is kept; what is too large, too frequent or no form is refused with a sentence."""

from __future__ import annotations

import asyncio
import hashlib
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from anyio.from_thread import start_blocking_portal

from grader.gradebook.errors import GradebookError
from grader.server import upload
from grader.server.limits import FORM_BYTES, SMALL_BODY, UPLOADS_AT_ONCE
from grader.server.rate_limit import RateLimit
from grader.server.receipts import read_signed
from grader.submissions.limits import MAX_SUBMISSION
from tests.helpers.portals import ADA_FILE, COOKIE, TestPortal

ADDRESS = "/api/v1/assignments/tiny/submissions"
LARGE = MAX_SUBMISSION + FORM_BYTES + 1


def test_what_is_accepted_is_kept(served: TestPortal) -> None:
    """The answer names digest, place and receipt; file and queue entry are there, and the receipt is for them."""
    answer = served.client("ada").post(ADDRESS, files={"file": ("tiny.py", ADA_FILE)})
    assert answer.status_code == 202
    body = answer.json()
    digest = hashlib.sha256(ADA_FILE).hexdigest()
    assert (body["student"], body["digest"], body["position"]) == ("ada", digest, 1)
    assert set(body) == {
        *("id", "student", "digest", "received_at", "receipt", "position", "estimate_seconds", "url"),
    }
    signed = read_signed(body["receipt"].encode())
    assert msgspec.to_builtins(signed.receipt) == {
        "id": body["id"],
        "student": "ada",
        "assignment": "tiny",
        "digest": digest,
        "received_at": body["received_at"],
    }
    attempt = served.portal.queue.get(body["id"])
    assert attempt and attempt.state == "queued"
    assert served.portal.data.files.read(digest, 1000) == ADA_FILE
    assert served.client("ada").get(f"/submissions/{body['id']}/file").content == ADA_FILE


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.py", "passwd.py"),
        ("C:\\Users\\ada\\tiny.ipynb", "tiny.ipynb"),
        ("..", "submission"),
        (".py", "py"),
        ("a\u202eypi.py", "a\\u202eypi.py".replace("\\", "_")),
        ("x" * 500 + ".ipynb", "x" * 150 + ".ipynb"),
        ("\u00e9" * 200 + ".py", "\u00e9" * 75 + ".py"),
    ],
)
def test_a_file_name_is_only_a_name(served: TestPortal, given: str, kept: str) -> None:
    """Folders, controls and length are removed; the content is graded all the same."""
    body = served.client("ada").post(ADDRESS, files={"file": (given, ADA_FILE)}).json()
    attempt = served.portal.queue.get(body["id"])
    assert attempt and attempt.filename == kept


def test_a_length_above_the_limit_is_refused_before_the_body(served: TestPortal) -> None:
    """413 by the length that the request names, without reading a byte of the body."""
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        read += 1
        yield b"x"

    headers = {"Content-Length": str(5 << 30), "Content-Type": "multipart/form-data; boundary=b"}
    answer = in_asgi(served, headers, body())
    assert (answer["status"], read) == (413, 0)
    assert b"32 MB" in answer["body"]


def test_a_body_above_the_limit_is_refused_while_it_is_read(served: TestPortal) -> None:
    """413 without a length, too, after few bytes above the limit; nothing is kept, and the memory stays small."""
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\n'
        while True:
            sent += 1 << 16
            yield b"x" * (1 << 16)

    tracemalloc.start()
    answer = in_asgi(served, {"Content-Type": "multipart/form-data; boundary=b"}, body())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer["status"] == 413
    assert abs(sent - LARGE) < 4 << 16
    assert peak < 8 << 20
    assert served.portal.queue.newest("tiny", 1) == []


@pytest.mark.parametrize("path", ["/assignments/tiny/submissions", "/assignments/tiny/class-upload"])
def test_a_form_of_another_site_is_not_read(served: TestPortal, path: str) -> None:
    """403 when the beginning lacks the session's token, however much would follow."""
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\n'
        while True:
            sent += 1 << 14
            yield b"x" * (1 << 14)

    cookie = served.browser("ira").cookies[COOKIE]
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Cookie": f"{COOKIE}={cookie}", "Authorization": ""}
    answer = in_asgi(served, headers, body(), path=path)
    assert (answer["status"], sent < 2 * FORM_BYTES) == (403, True)


FORM = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\nx\r\n--b--\r\n'


def test_a_slow_body_is_refused(served: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """408 when the time of a body is over, though bytes still arrive."""
    monkeypatch.setattr(upload, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(upload, "MIN_RATE", 1e9)
    first = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\n'
    answer = in_asgi(served, {"Content-Type": "multipart/form-data; boundary=b"}, iter([first]), wait=True)
    assert answer["status"] == 408


@pytest.mark.parametrize(
    ("sent", "status", "word"),
    [
        ({"data": {"other": "field"}}, 415, "multipart/form-data"),
        ({"files": {"other": ("a.py", b"x")}}, 400, "Choose a file"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "can't be read"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400, "can't be read"),
        (
            {"content": FORM, "headers": {"Content-Type": "multipart/form-data; boundary=b; charset=undefined"}},
            400,
            "UTF-8",
        ),
        ({"files": [("file", ("a.py", b"x")), ("file", ("b.py", b"x"))]}, 400, "Too many files"),
        ({"files": {"file": ("a.py", b"x")}, "data": dict.fromkeys(map(str, range(9)), "x")}, 400, "Too many fields"),
    ],
)
def test_what_is_no_form_with_one_file_is_refused(
    served: TestPortal, sent: dict[str, Any], status: int, word: str
) -> None:
    """The sentence says what to send."""
    answer = served.client("ada").post(ADDRESS, **sent)
    assert (answer.status_code, word in answer.json()["detail"]) == (status, True), answer.json()


def test_what_was_accepted_has_its_receipt_though_the_queue_cannot_be_read(
    served: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database goes away right then: else the student would hand in again."""

    def gone(*_: object) -> None:
        raise GradebookError("the database can't be reached")

    monkeypatch.setattr(served.portal, "place", gone)
    answer = served.client("ada").post(ADDRESS, files={"file": ("tiny.py", ADA_FILE)})
    assert (answer.status_code, answer.json()["position"]) == (202, 0)
    attempt = served.portal.queue.get(answer.json()["id"])
    assert attempt and attempt.receipt == answer.json()["receipt"]


def test_who_hands_in_too_often_waits(served: TestPortal) -> None:
    """429 with a time after many uploads at once; another student isn't affected."""
    served.portal.uploads._now = lambda: 0.0
    ada, otto = served.client("ada"), served.client("otto")
    files = {"file": ("tiny.py", ADA_FILE)}
    statuses = [ada.post(ADDRESS, files=files).status_code for _ in range(UPLOADS_AT_ONCE)]
    assert statuses == [202] * UPLOADS_AT_ONCE
    refused = ada.post(ADDRESS, files=files)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == 2
    assert "Try again in 2 seconds" in refused.json()["detail"]
    assert otto.post(ADDRESS, files=files).status_code == 202


def test_who_hands_in_too_much_waits(served: TestPortal) -> None:
    """Nobody fills the disk alone: 429 with a time, nothing is stored, and smaller files and others go on."""
    served.portal.bytes = RateLimit(3 * len(ADA_FILE), 10.0, lambda: 0.0)
    ada, files = served.client("ada"), {"file": ("tiny.py", ADA_FILE)}
    assert [ada.post(ADDRESS, files=files).status_code for _ in range(2)] == [202, 202]
    refused = ada.post(ADDRESS, files={"file": ("tiny.py", 2 * ADA_FILE)})
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) == 10 * len(ADA_FILE)
    assert "You have handed in very much in a short time." in refused.json()["detail"]
    assert not served.portal.data.files.path(hashlib.sha256(2 * ADA_FILE).hexdigest()).exists()
    assert ada.post(ADDRESS, files=files).status_code == 202
    assert served.client("otto").post(ADDRESS, files=files).status_code == 202


@pytest.mark.parametrize("path", ["/logout", "/api/v1/assignments/tiny/regrades", "/nothing"])
def test_a_request_that_uploads_nothing_is_small(served: TestPortal, path: str) -> None:
    """Its body is refused above a limit, whoever sends it, by its length or while it is read."""
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1 << 16
            yield b"a" * (1 << 16)

    kind = "application/json" if "api" in path else "application/x-www-form-urlencoded"
    answer = in_asgi(served, {"Content-Type": kind}, body(), path=path)
    assert (answer["status"], read <= SMALL_BODY + (2 << 16)) == (404 if path == "/nothing" else 413, True)
    before = read
    named = in_asgi(served, {"Content-Type": kind, "Content-Length": str(5 << 30)}, body(), path=path)
    assert (named["status"], read) == (413, before)


def in_asgi(
    served: TestPortal, headers: dict[str, str], body: Iterator[bytes], *, path: str = ADDRESS, wait: bool = False
) -> dict[str, Any]:
    """Send a request to the application chunk by chunk, as a server does. With `wait`, the last chunk never comes."""
    given = {"Host": "127.0.0.1", "Authorization": f"Bearer {served.tokens['ada']}", **headers}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    answer: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        chunk = next(body, None)
        if chunk is None and wait:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def send(message: dict[str, Any]) -> None:
        answer["status"] = message.get("status", answer.get("status"))
        answer["body"] += message.get("body", b"")

    call: Callable[..., Any] = served.app
    with start_blocking_portal() as loop:  # a loop of its own: this thread may have that of a browser
        loop.call(call, scope, receive, send)
    return answer
