"""Small parts of the portal: rates, estimates, places, zips, times."""

from __future__ import annotations

import asyncio
import io
import resource
import socket
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import Any, NoReturn
from unittest.mock import Mock
from urllib.parse import quote

import anyio
import httpx2 as httpx
import msgspec
import pytest
from fastapi import FastAPI

from grader.gradebook.attempt_lists import QueuePlaces
from grader.gradebook.attempts import REGRADE, Attempt
from grader.gradebook.errors import GradebookError
from grader.gradebook.roster import RosterEntry
from grader.server.api import ask_again
from grader.server.estimate import Estimate, Measured, Moment, Pace, SharedPaces, seconds_until_look
from grader.server.http_server import PortalServer, allow_open_files, send_at_once
from grader.server.limits import FRESH_SECONDS, MAX_LOOK_SECONDS
from grader.server.owners import graded_by
from grader.server.places import Places
from grader.server.rate_limit import RateLimit
from grader.server.templating import duration
from grader.server.zip_stream import stream_zip
from tests.factories import RIGHT
from tests.helpers.portals import TestPortal
from tests.helpers.processes import PATIENCE

CSP = "content-security-policy"


def test_a_rate_is_refilled_with_time() -> None:
    """After the capacity is used, one more token is there after its seconds, and the wait says so."""
    time = [0.0]
    limit = RateLimit(2, 10.0, lambda: time[0])
    assert [limit.take("ada") for _ in range(3)] == [0, 0, 10]
    assert limit.take("otto") == 0
    time[0] = 4.0
    assert limit.take("ada") == 6
    time[0] = 10.0
    assert [limit.take("ada") for _ in range(2)] == [0, 10]
    assert limit.take("zoe", 2) == 0 and limit.take("zoe", 2) == 20


def test_a_connection_stays_open_longer_than_a_proxy_keeps_it(served: TestPortal) -> None:
    """Caddy keeps one for 120 seconds. A server that closes first may do so while a request is on its way."""
    server = PortalServer(FastAPI(), served.portal, "127.0.0.1", 0)
    assert server.config.timeout_keep_alive > 120


def test_as_many_files_may_be_open_as_there_are_connections() -> None:
    """As far as the system allows. A limit that is higher already stays."""
    before = soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 10, hard))
        allow_open_files(soft - 5)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft - 5, hard)
        allow_open_files(soft - 8)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft - 5, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_an_estimate_grows_with_what_is_ahead() -> None:
    """It is the mean of what was measured, times the rounds that the workers need."""
    estimate = Estimate(2)
    assert estimate.pace(0).seconds(0) == 1.0  # nothing was measured yet
    for seconds in (2.0, 4.0):
        estimate.add(Measured(seconds, seconds))
    assert estimate.pace(0).seconds(0) == 3.0
    assert estimate.pace(2).seconds(0) == 4.5  # both workers are busy, each on average in the middle
    assert estimate.pace(2).seconds(100) == pytest.approx(154.5)


def test_who_waits_long_is_asked_to_look_rarely() -> None:
    """After a quarter of the estimate, in whole seconds for programs; who is graded soon asks at their own pace."""
    assert [ask_again(estimate) for estimate in (0.0, 1.0, 8.0)] == [{}] * 3
    assert ask_again(84.0) == {"Retry-After": "21"}
    assert ask_again(1e6) == {"Retry-After": str(round(MAX_LOOK_SECONDS))}
    assert 0.0 <= seconds_until_look(0.0) <= seconds_until_look(5.0) <= seconds_until_look(50.0) <= MAX_LOOK_SECONDS


def test_who_waits_is_answered_without_a_report(served: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many ask for the state again and again. Neither answer names another time to ask than the other."""
    monkeypatch.setattr(served.portal, "report", None)  # calling it would fail
    monkeypatch.setattr(
        served.portal.courses["tiny"].dispatcher.estimate, "pace", lambda running: Pace(60.0, 1, 0.0, 60.0)
    )
    client = served.client("otto")
    accepted = client.post("/api/v1/assignments/tiny/submissions", files={"file": ("tiny.py", RIGHT.encode())})
    state = client.get(f"/api/v1/submissions/{accepted.json()['id']}")
    assert state.json()["state"] == "queued" and state.json()["estimate_seconds"] == 60.0
    assert state.headers["Retry-After"] == accepted.headers["Retry-After"] == "15"


def test_an_estimate_leaves_out_what_the_server_computes() -> None:
    """Uploads of a minute don't make the minutes after it look as slow."""
    busy = Moment(10.0, 5.0).until(Moment(11.5, 5.9), cores=2)
    assert busy == pytest.approx((1.5, 1.05))
    estimate = Estimate(2)
    estimate.add(busy)
    assert estimate.pace(0).seconds(78) == 60.0  # 40 gradings of each worker, while the server is as busy
    assert estimate.pace(0).seconds(278) == 60.0 + 100 * 1.05


def test_an_estimate_counts_workers_elsewhere() -> None:
    """Twice as many claims, each of which takes as long, are twice the pace; what is read is used for a while."""

    class Lists:
        owners: tuple[str, ...] = ("tiny@a-1", "tiny@a-1", "tiny@b-1", "tiny@b-1")

        def running(self, assignment: str, limit: int) -> list[Attempt]:
            return [msgspec.structs.replace(attempt(number), owner=owner) for number, owner in enumerate(self.owners)]

        def grading_seconds(self, assignment: str, limit: int) -> list[float]:
            return [4.0, 4.0]

    lists: Any = Lists()
    time = [0.0]
    paces = SharedPaces(lists, lambda: time[0])
    shared = paces.read("tiny")
    assert shared.owners == {"tiny@a-1", "tiny@b-1"}
    assert shared.pace.seconds(100) == pytest.approx(4 + 100.5, abs=0.1)  # one is ready in each second
    Lists.owners = ()
    assert paces.read("tiny") is shared
    time[0] = 2 * FRESH_SECONDS
    assert paces.read("tiny").pace.seconds(0) == 4.0
    assert {graded_by(owner) for owner in shared.owners} == {"tiny"}


def test_many_who_ask_for_their_place_cost_one_read() -> None:
    """The queue is read again after a while; until then a newcomer is the last, but for whoever has more there."""

    class Lists:
        reads = 0

        def places(self, assignments: Any) -> QueuePlaces:
            self.reads += 1
            return QueuePlaces({7: 0, 5: 1, 6: 2, 8: 3, 4: 4}, {1: 3, 2: 1})  # 7, 6 and 8 are of person 1, 4 a regrade

    lists: Any = Lists()
    time = [0.0]
    places = Places(lists, lambda: time[0])
    waiting = {number: attempt(number) for number in (5, 7)}
    assert [places.before(waiting[number]) for number in (7, 5)] == [0, 1]
    assert places.before(attempt(9, person=3)) == 2
    assert places.before(attempt(9, person=2)) == 3
    assert places.before(attempt(9, person=1)) == 4
    assert places.before(attempt(9, person=3, priority=REGRADE)) == 5
    assert lists.reads == 1
    time[0] = 2 * FRESH_SECONDS
    places.before(waiting[5])
    assert lists.reads == 2


def attempt(number: int, **more: Any) -> Attempt:
    fields: dict[str, Any] = dict.fromkeys(Attempt.__struct_fields__)
    return Attempt(**{**fields, "number": number, "assignment": "tiny", **more})


def test_what_clients_make_up_is_no_metric(served: TestPortal) -> None:
    """Neither as a method nor as a path: each would stay in memory until the server ends."""
    for number in range(20):
        served.client().request(f"MADE-UP-{number}", f"/made-up-{number}")
    found = served.client().get("/metrics").text
    assert "MADE-UP" not in found and "made-up" not in found
    assert 'grader_requests_total{method="other",route="none",status="404"} 20.0' in found


@pytest.mark.parametrize("database", ["", "postgresql+psycopg://course:secret@db.example.org/course"])
def test_a_store_that_is_away_is_told_without_its_address(
    served: TestPortal, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    """On pages, to programs, in streams and health checks: 503 with a time, to whoever asks."""
    book = served.portal.book
    book.name = database.replace("secret", "***") or book.name
    served.portal.settings = replace(served.portal.settings, database=database)
    problem = f"{book.name} can't be reached: connection to server at db.example.org, user course, failed"

    def reading() -> NoReturn:
        raise GradebookError(problem)

    monkeypatch.setattr(book, "reading", reading)
    served.portal.courses["tiny"].dispatcher.failure = problem
    for path in ("/", "/assignments/tiny", "/submissions/x/events", f"/link/{served.tokens['ada']}", "/metrics"):
        answer = served.client("ada").get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10"), path
        assert "the gradebook can" in answer.text and book.name not in answer.text
        assert ("example.org" in answer.text) == (not database)
        assert ("text/html" in answer.headers["content-type"]) == (path != "/metrics")
    assert served.portal.public_reason("the disk is full") == "the disk is full"


def test_a_bug_is_told_as_a_page(served: TestPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """To people; to programs as JSON. Neither says what happened, and both have the headers of all answers."""
    monkeypatch.setattr(served.portal, "view", Mock(side_effect=ZeroDivisionError("a secret")))
    client = served.client("ira", raise_server_exceptions=False)
    for path, kind in (("/assignments/tiny", "text/html"), ("/api/v1/assignments/tiny/grades", "application/json")):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (500, kind)
        assert "please try again" in answer.text and "secret" not in answer.text
        assert answer.headers["cache-control"] == "no-store" and "default-src" in answer.headers[CSP]


@pytest.mark.parametrize("path", ["/healthz", "/static/base.css", "/static/portal.js", "/favicon.ico"])
def test_what_needs_no_database_waits_for_no_thread(served: TestPortal, path: str) -> None:
    """All threads may wait for a database that hangs; the server answers all the same."""

    async def ask() -> int:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
        transport = httpx.ASGITransport(served.app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client,
            anyio.create_task_group() as tasks,
        ):
            hangs = threading.Event()
            tasks.start_soon(partial(anyio.to_thread.run_sync, hangs.wait))
            await anyio.sleep(0)
            try:
                answer = await asyncio.wait_for(client.get(path), PATIENCE)
            finally:
                hangs.set()
        return answer.status_code

    # In a thread of its own: in this one, a browser of earlier tests may have left a loop running.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(anyio.run, ask).result() in (200, 204)


@pytest.mark.parametrize("case", ["revoked", "taken", "none"])
def test_a_start_prints_a_link_that_works(tmp_path: Path, case: str) -> None:
    """Of an instructor: whose access was revoked gets none, and no student becomes one for having such an id."""
    served = TestPortal(tmp_path)
    served.portal.roster.revoke("ira", "test")
    if case == "revoked":
        served.portal.instructor_link()
        served.portal.roster.revoke("instructor", "test")
    elif case == "taken":
        served.portal.roster.load([RosterEntry("Stu", "", "Instructor")], "test")
    token = served.portal.instructor_link().rpartition("/")[2]
    found = served.portal.roster.by_token(token)
    assert found and (found.role, found.id) == ("instructor", "instructor" if case == "none" else "instructor-2")
    students = [one.id for one in served.portal.roster.people() if one.role == "student"]
    assert ("Instructor" in students) == (case == "taken")
    assert served.portal.instructor_link().endswith(token)
    served.portal.close()


def test_the_zip_of_everything_keeps_what_was_handed_in_apart(served: TestPortal) -> None:
    """A file that is named like one of the grader's own is beside it, and none is twice."""
    for name in ("report.json", "Receipt.JSON", "printed.txt", "tiny.py"):
        served.hand_in("ada", f"# {name}".encode(), name)
    answer = served.client("ira").get("/api/v1/assignments/tiny/everything.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = [PurePath(name).name for name in archive.namelist() if "/ada/" in name]
        contents = [archive.read(name) for name in archive.namelist() if name.endswith("/receipt.json")]
    assert sorted(names) == sorted(
        ["handed-in-report.json", "handed-in-Receipt.JSON", "handed-in-printed.txt", "tiny.py", *["receipt.json"] * 4]
    )
    assert all(b'"signature"' in content for content in contents)


def test_an_assignment_may_have_a_name_of_any_script(served: TestPortal) -> None:
    """Its downloads, too: a header holds Latin letters alone."""
    name = '\N{CJK UNIFIED IDEOGRAPH-4F5C} "1"'
    course = served.portal.courses["tiny"]
    renamed = msgspec.structs.replace(course.assignment, name=name)
    served.portal.courses[name] = replace(course, assignment=renamed)
    for address in ("assignments/{}/files.zip", "api/v1/assignments/{}/everything.zip"):
        answer = served.client("ira").get(f"/{address.format(quote(name))}")
        assert answer.status_code == 200 and quote(name, safe="") in answer.headers["content-disposition"]


def test_a_zip_is_whole_though_it_was_sent_in_parts(tmp_path: Path) -> None:
    """Contents and files come out as they went in; a file that is gone is named."""
    large = tmp_path / "large"
    large.write_bytes(b"0123456789" * 100_000)
    members: list[tuple[str, bytes | Path]] = [("a.txt", b"a"), ("folder/large", large), ("b", tmp_path / "gone")]
    parts = list(stream_zip(members))
    assert len(parts) > 3
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.txt", "folder/large", "b.missing.txt"]
        assert archive.read("folder/large") == large.read_bytes()


def test_an_answer_is_sent_at_once() -> None:
    """Its body doesn't wait for the client to confirm its headers, whoever made the socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
        transport: Any = Mock(get_extra_info=lambda name: accepted)
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
        send_at_once(transport)
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "less than a second"), (1.2, "1 second"), (89, "89 seconds"), (90, "2 minutes"), (600, "10 minutes")],
)
def test_durations_are_words(seconds: float, text: str) -> None:
    """People read no decimals."""
    assert duration(seconds) == text
