"""Clients that are slow, go away, repeat themselves or send too much: real servers, and receipts that hold."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.factories import RIGHT
from tests.helpers import http_requests as http
from tests.helpers.processes import until
from tests.helpers.served import Given, Served, served

STUDENTS = ("ada", "otto", "zoe")
OTHERS = [f"s{number:02}" for number in range(12)]  # of tests that share a server, each with its own
FORM = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\n'
END = b"\r\n--b--\r\n"


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, STUDENTS) as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A course whose server runs for all tests that don't end it."""
    with served(tmp_path_factory.mktemp("shared"), [*STUDENTS, *OTHERS]) as made:
        yield made


def stored_files(course: Served) -> int:
    return len([path for path in (course.data / "files").rglob("*") if path.is_file()])


def connect(course: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(course.url.rpartition(":")[2])), 60)


def head(course: Served, id: str, *headers: str) -> bytes:
    """The head of an upload."""
    lines = [f"POST {course.api}/submissions HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {course.tokens[id]}"]
    lines += ["Content-Type: multipart/form-data; boundary=b", *headers]
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def rest(client: socket.socket) -> bytes:
    """What a server sends until it closes the connection."""
    parts = []
    try:
        while part := client.recv(1 << 16):
            parts.append(part)
    except ConnectionResetError:  # it closed while we were sending
        pass
    return b"".join(parts)


@pytest.mark.long
def test_slow_clients_are_cut_and_keep_nobody_waiting(course: Served) -> None:
    """Headers and bodies, a byte at a time, a hundred clients of each: others hand in and are graded meanwhile."""
    text = head(course, "ada", "Content-Length: 1000000")
    headers = [connect(course) for _ in range(100)]
    bodies = [connect(course) for _ in range(100)]
    for client in bodies:
        client.sendall(text + FORM)
    position = 0
    open_ones = [*headers, *bodies]
    began = time.monotonic()
    graded = ""
    while open_ones:
        for client in list(open_ones):
            try:
                client.sendall(text[position : position + 1] if client in headers else b"x")
            except OSError:  # it was cut
                open_ones.remove(client)
        position += 1
        graded = graded or course.hand_in("otto", RIGHT.encode())["id"]
        time.sleep(0.25)
        assert time.monotonic() - began < 60, f"{len(open_ones)} are still connected"
    assert course.state("otto", graded) == "graded"
    for client in headers:
        client.close()
    answers = Counter(rest(client)[:12] for client in bodies)
    assert set(answers) <= {b"HTTP/1.1 408", b"HTTP/1.1 429", b""}, answers
    course.check()
    assert [given.student for given in course.given] == ["otto"]


PARTS = [b"", FORM[:20], FORM, FORM + b"x" * 500_000, FORM + RIGHT.encode() + END[:-4]]


@pytest.mark.parametrize(("student", "sent"), list(zip(OTHERS, PARTS, strict=False)), ids=range(len(PARTS)))
def test_a_client_that_goes_away_leaves_nothing(shared: Served, student: str, sent: bytes) -> None:
    """At each part of an upload: no attempt, no part of a file; the next upload is accepted."""
    before = stored_files(shared)
    with connect(shared) as client:
        client.sendall(head(shared, student, "Content-Length: 1000000") + sent)
    shared.hand_in(student, f"{RIGHT}# {student}\n".encode())
    until(shared.ended)
    shared.check_results()
    with shared.book() as book:
        assert len(book.history(student)) == 1
    assert stored_files(shared) == before + 1


def test_the_same_upload_twice_is_two_attempts_of_one_file(shared: Served) -> None:
    """One after the other, and eight times at once: each has a receipt of its own, and is graded."""
    files, given = stored_files(shared), len(shared.given)
    content = f"{RIGHT}# twice\n".encode()
    one, other = OTHERS[-2:]
    for _ in range(2):
        shared.hand_in(one, content)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: shared.try_post(other, content), range(8)))
    assert statuses == [202] * 8
    until(shared.ended)
    shared.check_results()
    assert len({each.answer["receipt"] for each in shared.given[given:]}) == 10
    assert stored_files(shared) == files + 1


@pytest.mark.long
def test_ten_thousand_uploads_of_one_student(course: Served) -> None:
    """All but some are refused with 429 and a time; another student is served at once meanwhile."""
    url, file = f"{course.url}{course.api}/submissions", {"file": ("tiny.py", RIGHT.encode())}
    statuses: Counter[int] = Counter()
    waits: set[bool] = set()

    def many(count: int) -> None:
        with http.client(headers=course.bearer("ada"), timeout=60) as client:
            for _ in range(count):
                answer = client.post(url, files=file)
                statuses[answer.status_code] += 1
                if answer.status_code == 429:
                    waits.add(1 <= int(answer.headers["retry-after"]) <= 2)
                    assert "Try again in" in answer.json()["detail"]
                else:
                    course.given.append(Given("ada", answer.json(), RIGHT.encode()))

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(many, 2500) for _ in range(4)]
        until(lambda: sum(statuses.values()) > 1000)
        mine = course.hand_in("otto", RIGHT.encode())
        assert mine["position"] <= 2
        course.wait_until_ended("otto", mine["id"])
        assert not all(each.done() for each in running)
        for each in running:
            each.result()
    assert set(statuses) == {202, 429}
    assert statuses[202] + statuses[429] == 10_000
    assert statuses[429] > 9000
    assert waits == {True}
    course.check()


@pytest.mark.parametrize("kind", ["named", "chunked"])
def test_a_body_of_5_gb_is_refused_early(shared: Served, kind: str) -> None:
    """413 before it is sent, or after what a file may have; the memory of the server stays flat."""
    assert shared.process
    shared.wait_until_ended("otto", shared.hand_in("otto", RIGHT.encode())["id"])
    before = memory(shared.process.pid)
    length = f"Content-Length: {5 << 30}" if kind == "named" else "Transfer-Encoding: chunked"
    part = b"x" * (1 << 20)
    chunk = part if kind == "named" else b"%x\r\n%b\r\n" % (len(part), part)
    begin = FORM if kind == "named" else b"%x\r\n%b\r\n" % (len(FORM), FORM)
    sent = 0
    with connect(shared) as client:
        client.sendall(head(shared, "ada", length) + begin)
        try:
            while sent < 5 << 30:
                client.sendall(chunk)
                sent += len(part)
        except OSError:
            pass
        answer = rest(client)
    assert sent < (8 << 20 if kind == "named" else 64 << 20)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413")  # a client that goes on sending may lose the answer
    assert memory(shared.process.pid) < before + (40 << 20)
    shared.hand_in("ada", RIGHT.encode())
    until(shared.ended)
    shared.check_results()


def test_a_body_of_5_gb_that_waits_for_leave_is_refused(shared: Served) -> None:
    """As curl sends it, with `Expect: 100-continue`: the answer is 413, and nothing of the body is sent."""
    with connect(shared) as client:
        client.sendall(head(shared, "ada", f"Content-Length: {5 << 30}", "Expect: 100-continue"))
        answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 413") and b"The file is larger than" in answer


def memory(pid: int) -> int:
    """The most memory that a process has had, in bytes."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10


NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\tiny.py",
    "/etc/cron.d/tiny.py",
    "C:\\tiny.py",
    "<script>alert(1)</script>.py",
    '"; drop table attempts; --.py',
    "tiny\x00.py",
    "tiny\r\nX-Injected: yes.py",
    "\u202eyp.ynit",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 300 + ".py",
    "x" * 1000 + ".py",
    ".bashrc",
    "..",
    "CON.py",
    "tiny.py.exe",
    "-rf.py",
    "~root.py",
    "$(reboot).py",
    "%2e%2e%2f.py",
)


def test_hostile_file_names(shared: Served) -> None:
    """Each is accepted under a harmless name, and is shown as text; one of 5,000 characters is refused."""
    before = len(shared.given)
    for number, name in enumerate(NAMES):
        answer = shared.post(STUDENTS[number % len(STUDENTS)], f"{RIGHT}# {number}\n".encode(), name)
        assert answer.status_code == 202, (name, answer.text)
    too_long = shared.post("ada", RIGHT.encode(), "x" * 5000 + ".py")
    assert (too_long.status_code, "The form can't be read" in too_long.json()["detail"]) == (400, True)
    until(shared.ended)
    for given in shared.given[before:]:
        page = shared.get(given.student, f"/submissions/{given.id}")
        download = shared.get(given.student, f"/submissions/{given.id}/file")
        assert (page.status_code, download.status_code) == (200, 200)
        assert "<script>alert" not in page.text
        assert "x-injected" not in download.headers
        assert download.content == given.content
        named = download.headers["content-disposition"]
        assert not any(word in named for word in ("..", "/etc", "\\", "\x00"))
    shared.check_results()
    everything = {path.name for path in shared.data.rglob("*")} | {path.name for path in shared.folder.iterdir()}
    assert not everything & {"passwd", ".bashrc", "tiny.py.exe", "-rf.py"}


@pytest.mark.long
def test_a_clock_that_is_set_back(course: Served) -> None:
    """By a day, between two starts: sessions go on, the newer attempt counts, and receipts hold."""
    with http.client(base_url=course.url, follow_redirects=True) as browser:
        assert browser.get(f"/link/{course.tokens['ada']}").status_code == 200
        cookies = dict(browser.cookies)
    port = course.url.rpartition(":")[2]
    first = course.hand_in("ada", RIGHT.replace("2 * x", "3 * x").encode())
    course.wait_until_ended("ada", first["id"])
    course.end_all()
    course.program = (sys.executable, "-m", "tests.helpers.set_clock", str(-86_400))
    course.start()
    second = course.hand_in("ada", RIGHT.encode())
    cookies = {name.replace(port, course.url.rpartition(":")[2]): value for name, value in cookies.items()}
    assert second["received_at"] < first["received_at"]
    assert second["estimate_seconds"] >= 0
    course.wait_until_ended("ada", second["id"])
    with http.client(base_url=course.url, cookies=cookies) as browser:
        page = browser.get("/assignments/tiny")
        assert page.status_code == 200
        assert page.text.index(second["id"]) < page.text.index(first["id"])
    metrics = course.get("ada", "/metrics").text
    assert "grader_queue_age_seconds 0.0" in metrics
    course.check()
    with course.book() as book:
        assert [report.score for report in book] == [5.0]


@pytest.mark.long
def test_a_full_disk_at_every_write(tmp_path: Path) -> None:
    """A file system of 4 MB, filled to a few bytes again and again, while students hand in and are graded."""
    data = tmp_path / "data"
    data.mkdir()
    small = ["bwrap", "--dev-bind", "/", "/", "--size", str(4 << 20), "--tmpfs", str(data), "--die-with-parent", "--"]
    done = subprocess.run(
        [*small, sys.executable, "-m", "tests.helpers.full_disk", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    statuses = json.loads(done.stdout.splitlines()[-1])
    assert statuses["202"] >= 5 and statuses["503"] >= 5
