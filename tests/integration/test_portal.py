"""The portal with real workers: from an upload to the report, through signals and kills."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.gradebook.store import Gradebook
from grader.models import ScoreReport
from grader.server import http_server
from tests.factories import ENDLESS_DOUBLE, RIGHT, VARIANTS, class_folder, put
from tests.helpers.commands import PLAIN
from tests.helpers.portals import RunningPortal
from tests.helpers.processes import jobs, until
from tests.helpers.served import Served, served
from tests.helpers.terminal import grader_in

API = "/api/v1/assignments/tiny"
STUDENTS = [f"s{number:02}" for number in range(len(VARIANTS))]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A course of as many students as there are variants."""
    with served(tmp_path_factory.mktemp("course"), STUDENTS) as made:
        yield made


@pytest.fixture
def course(shared: Served) -> Served:
    """That course, with a server that runs: the test before may have failed when it had ended it."""
    if not shared.processes:
        shared.start()
    return shared


def test_reports_are_those_of_the_command(course: Served) -> None:
    """For the same bytes, but for measurements; zips and rejected files as well. The receipt is verified."""
    folder = class_folder(len(VARIANTS), course.folder / "class")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("tiny.py", RIGHT)
        archive.writestr("notes.txt", "mine")
    (folder / "s01.zip").write_bytes(packed.getvalue())
    (folder / "s01.py").unlink()
    (folder / "s02.py").write_bytes(b"\0binary")
    files = sorted(folder.iterdir())
    given = {path.stem: course.hand_in(path.stem, path.read_bytes(), path.name) for path in files}
    out = course.folder / "out"
    words = ("grade", folder, "--assignment", course.assignment, "--out", out, "--jobs", "1", "--no-pages")
    done = grader_in(course.folder, *words, **PLAIN)
    assert done.returncode == 0, done.stderr
    for id, body in given.items():
        course.wait_until_ended(id, body["id"])
        there = course.get(id, f"/api/v1/submissions/{body['id']}/report").content
        expected = (out / "reports" / f"{id}.json").read_bytes()
        assert untimed(there) == untimed(expected)
    receipt = course.folder / "receipt.json"
    receipt.write_text(given["s00"]["receipt"])
    key = json.loads(receipt.read_text())["key"]
    assert grader_in(course.folder, "verify", receipt, files[0], "--key", key).stdout.startswith("valid: s00")


def untimed(content: bytes) -> ScoreReport:
    return msgspec.json.decode(content, type=ScoreReport).untimed()


@pytest.mark.long
def test_what_was_accepted_is_graded_once_though_the_server_is_killed(tmp_path: Path) -> None:
    """Killed while it grades, and started again: every receipt has one report."""
    with served(tmp_path, STUDENTS) as course:
        given = {id: course.hand_in(id, f"{RIGHT}# {id}\n".encode()) for id in STUDENTS[1:]}
        slow = course.hand_in("s00", ENDLESS_DOUBLE.encode())
        until(lambda: course.state("s00", slow["id"]) == "grading")
        course.end(signal.SIGKILL)
        course.start()
        for id, body in {**given, "s00": slow}.items():
            course.wait_until_ended(id, body["id"])
        course.end(signal.SIGTERM)
        with Gradebook.open(course.data / "gradebook.sqlite") as book:
            assert {id: len(book.history(id)) for id in STUDENTS} == dict.fromkeys(STUDENTS, 1)


def test_sigterm_ends_what_runs(course: Served) -> None:
    """The server ends by itself, its workers too; what ran is graded, and nothing is lost."""
    body = course.hand_in("s00", ENDLESS_DOUBLE.encode())
    until(lambda: course.state("s00", body["id"]) == "grading")
    assert course.process
    workers = jobs(course.process.pid)
    assert workers
    assert course.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    course.start()
    until(lambda: course.state("s00", body["id"]) == "graded")
    assert course.get("s00", f"/api/v1/submissions/{body['id']}").json()["score"] < 5


def test_all_are_graded_by_the_version_that_was_there_at_the_start(course: Served) -> None:
    """A process that replaces another one doesn't grade by files that were changed meanwhile: what comes waits."""
    course.wait_until_ended("s00", course.hand_in("s00", RIGHT.encode())["id"])
    put(course.assignment, "hidden/test_double.py", "Twice", "Thrice")
    assert course.process
    for job in jobs(course.process.pid):
        os.kill(job, signal.SIGKILL)
    late = course.hand_in("s01", RIGHT.encode())["id"]
    until(lambda: "has changed since it was loaded" in course.get("s00", "/readyz").text)
    assert course.state("s01", late) in ("queued", "grading")
    course.end(signal.SIGTERM)
    put(course.assignment, "hidden/test_double.py", "Thrice", "Twice")
    course.start()
    course.wait_until_ended("s01", late)
    assert course.get("s01", f"/api/v1/submissions/{late}").json()["score"] == 5


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    made = RunningPortal(tmp_path_factory.mktemp("portal"))
    yield made
    made.close()


def test_a_page_follows_its_submission(running: RunningPortal) -> None:
    """Events say that it waits, then that it is graded, and end."""
    with running.client("ada") as client:
        body = client.post(f"{API}/submissions", files={"file": ("tiny.py", RIGHT.encode())}).json()
        with client.stream("GET", f"/submissions/{body['id']}/events") as events:
            data = [json.loads(line[6:]) for line in events.iter_lines() if line.startswith("data: ")]
        assert data[-1]["state"] == "graded" and data[-1]["score"] == 5.0
        page = client.get(f"/submissions/{body['id']}/report.html")
        assert page.status_code == 200 and "Ada Adamant" in page.text
        assert "'self'" not in page.headers["content-security-policy"]


def test_a_whole_class_is_uploaded(running: RunningPortal) -> None:
    """Each file becomes an attempt of the student whose id it is named after, as it is; others are listed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("ADA.py", "otto/tiny.py", "nobody.py"):
            archive.writestr(name, f"{RIGHT}# of a class: {name}\n")
        archive.writestr("otto/notes/note.txt", "mine")
        archive.writestr("tess.docx", "hello")
    with running.client("ira") as client:
        files = {"file": ("class.zip", packed.getvalue())}
        page = client.post("/assignments/tiny/class-upload", files=files).text
    for text in ("Handed in: 3", "<bdi>nobody</bdi>", "be read: 0"):
        assert text in page
    queue = running.test.portal.queue
    newest = {id: queue.of_person(running.test.person(id).number, "tiny", 1)[0] for id in ("ada", "otto", "tess")}
    assert [one.filename for one in newest.values()] == ["ADA.py", "otto.zip", "tess.docx"]
    with zipfile.ZipFile(running.test.portal.data.files.path(newest["otto"].digest)) as archive:
        assert archive.namelist() == ["notes/note.txt", "tiny.py"]
    until(lambda: {one.state for one in queue.newest("tiny", 100)} <= {"graded", "rejected"})
    states = {id: queue.of_person(running.test.person(id).number, "tiny", 1)[0].state for id in newest}
    assert states == {"ada": "graded", "otto": "graded", "tess": "rejected"}


def test_everything_is_in_one_zip(running: RunningPortal) -> None:
    """Files, reports and receipts of everybody, and the scores."""
    with running.client("otto") as client:
        body = client.post(f"{API}/submissions", files={"file": ("mine.py", RIGHT.encode())}).json()
        until(lambda: client.get(f"/api/v1/submissions/{body['id']}").json()["state"] == "graded")
    with running.client("ira") as client:
        content = client.get(f"{API}/everything.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        mine = [name for name in archive.namelist() if body["id"] in name]
        assert sorted(name.rpartition("/")[2] for name in mine) == ["mine.py", "receipt.json", "report.json"]
        assert b"otto" in archive.read("tiny/scores.csv")


def test_a_client_that_sends_headers_slowly_is_cut(running: RunningPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection ends when the time for headers is over, also for a second request on it."""
    monkeypatch.setattr(http_server, "HEADER_SECONDS", 0.3)
    port = int(running.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 30) as first:
        first.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert first.recv(1) == b""
    with socket.create_connection(("127.0.0.1", port), 30) as second:
        second.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert second.recv(1 << 16).startswith(b"HTTP/1.1 200")
        second.sendall(b"GET /healthz HT")
        rest = b""
        while received := second.recv(1 << 16):
            rest += received
        assert b"HTTP/1.1" not in rest
