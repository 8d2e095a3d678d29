"""After kill -9 at every step, and on a full disk: everything accepted is there, and is finished exactly once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from grader.gradebook.attempt_queue import MAX_LEASE_SECONDS, AttemptQueue
from grader.gradebook.attempts import Attempt
from grader.gradebook.data_folder import DataFolder, DataFolderError
from grader.gradebook.engine import Location
from grader.gradebook.errors import GradebookError
from grader.gradebook.files import FileStoreError
from grader.gradebook.store import Gradebook
from tests.factories import BASIS
from tests.helpers.portal import RECEIVED, finish, hand_in, load_people
from tests.helpers.postgres import PostgresServer

FORK = multiprocessing.get_context("fork")
LIMIT = 1000
LEASE = 30.0


class KillAt:
    """Ends this process by SIGKILL when a step is taken for the n-th time: statements, commits, files."""

    def __init__(self, number: int) -> None:
        self.left = number

    def step(self, *_: object, **__: object) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, book: Gradebook) -> None:
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(book._engine, name, self.step)
        for owner, name in ((os, "open"), (os, "fsync"), (Path, "replace"), (Path, "mkdir")):
            setattr(owner, name, self.around(getattr(owner, name)))

    def around(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            self.step()
            done = original(*arguments, **keywords)
            self.step()
            return done

        return call


def serve(location: Location, folder: Path, number: int, answers: int) -> None:
    """Hand in two files of a student of their own and grade two, with one claim put back; end at a step.

    The pipe gets what students get.
    """
    with Gradebook.open(location) as book:
        kill = KillAt(number)
        kill.watch(book)
        data, queue, owner = DataFolder(folder), AttemptQueue(book), f"server {number}"
        run = book.new_run(BASIS, 1)
        for name in ("first", "second"):
            digest, size = data.files.write([f"{name} {number}".encode()], LIMIT)
            attempt = queue.hand_in(number, "digits", "work.py", digest, size, RECEIVED, lambda id: f"receipt of {id}")
            os.write(answers, f"{attempt.public_id} {digest}\n".encode())
            claimed = queue.claim(owner, LEASE, ["digits"])
            if name == "first" and claimed:
                queue.put_back(claimed, owner)
                claimed = queue.claim(owner, LEASE, ["digits"])
            queue.renew(owner, LEASE)
            if claimed:
                finish(queue, claimed, owner, run)
    os._exit(0)


def killed_at(location: Location, folder: Path, number: int) -> tuple[bool, list[list[str]]]:
    """Whether the process was killed, and what students were answered."""
    reading, answers = os.pipe()
    process = FORK.Process(target=serve, args=(location, folder, number, answers))
    process.start()
    os.close(answers)
    with os.fdopen(reading) as stream:
        lines = [line.split() for line in stream]
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0, lines


def finish_all(book: Gradebook) -> None:
    """What a server does that is started afterwards, when the leases have run out."""
    queue, run = AttemptQueue(book), book.new_run(BASIS, 1)
    with book.writing() as connection:
        connection.execute(text("UPDATE attempts SET lease_until = 0 WHERE state = 'grading'"))
    while {state for _, state in queue.counts().states} - {"graded"}:
        queue.expire()
        if attempt := queue.claim("after", LEASE, ["digits"]):
            assert finish(queue, attempt, "after", run)


def check_all(book: Gradebook, data: DataFolder, answered: list[list[str]]) -> None:
    """Each answer is kept with its file, and each attempt has one result."""
    queue = AttemptQueue(book)
    for public_id, digest in answered:
        attempt = queue.get(public_id)
        assert attempt is not None
        assert (attempt.digest, attempt.receipt) == (digest, f"receipt of {public_id}")
        assert len(data.files.read(digest, LIMIT)) == attempt.size
    assert all(data.files.read(attempt.digest, LIMIT) for attempt in check_results(book))


def check_results(book: Gradebook) -> list[Attempt]:
    """Each attempt has one result; return the attempts."""
    attempts = AttemptQueue(book).newest("digits", 10_000)
    with book.reading() as connection:
        keys = sorted(connection.execute(text("SELECT key FROM results")).scalars())
    assert keys == sorted(f"attempt {attempt.number}" for attempt in attempts)
    return attempts


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long)])
def test_a_server_that_is_killed_at_any_step_loses_nothing(
    new_gradebook: Callable[[], Location], tmp_path: Path, every: int
) -> None:
    """At each statement, each commit and each operation on a file, one after another, on one gradebook."""
    location, data = new_gradebook(), DataFolder.open(tmp_path / "data")
    with Gradebook.open(location) as book:
        load_people(book, [f"s{number}" for number in range(300)])  # whoever was killed keeps a lease of one of them
    answered: list[list[str]] = []
    number, killed = 1 - every, True
    while killed:
        number += every
        killed, lines = killed_at(location, data.folder, number)
        answered += lines
    with Gradebook.open(location) as book:
        finish_all(book)
        check_all(book, data, answered)
    assert number > 60
    assert len(answered) > number / every / 2


def test_a_database_that_is_killed_loses_nothing(postgres: PostgresServer, tmp_path: Path) -> None:
    """Three times, at any moment, while students hand in and two workers grade; all go on when it is back."""
    data = DataFolder.open(tmp_path / "data")
    answered: list[list[str]] = []
    ended = threading.Event()
    with Gradebook.open(postgres.new_database()) as book:
        load_people(book, ["ada", "bob"])
        run = book.new_run(BASIS, 2)

        def students() -> None:
            number = 0
            while not ended.is_set():
                number += 1
                digest, size = data.files.write([f"work {number}".encode()], LIMIT)
                with retrying():
                    attempt = AttemptQueue(book).hand_in(
                        1 + number % 2, "digits", "work.py", digest, size, RECEIVED, lambda id: f"receipt of {id}"
                    )
                    answered.append([attempt.public_id, digest])

        def work(owner: str) -> None:
            queue = AttemptQueue(book)
            while not ended.is_set():
                with retrying():
                    if attempt := queue.claim(owner, LEASE, ["digits"]):
                        finish(queue, attempt, owner, run)

        threads = [threading.Thread(target=students), *(threading.Thread(target=work, args=(name,)) for name in "ab")]
        for thread in threads:
            thread.start()
        try:
            for _ in range(3):
                enough = len(answered) + 20
                while len(answered) < enough:
                    time.sleep(0.01)
                postgres.stop(signal.SIGKILL)
                postgres.start()
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        finish_all(book)
        check_all(book, data, answered)


@contextmanager
def retrying() -> Iterator[None]:
    """A server answers 503 and a worker waits when the database can't be reached."""
    try:
        yield
    except GradebookError:
        time.sleep(0.01)


# ---- full disks


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(tmp_path / "gradebook.sqlite") as opened:
        load_people(opened, ["ada", "bob"])
        yield opened


def limit_pages(book: Gradebook, more: int | None) -> None:
    """Let the file grow by so many pages, and no further: SQLite then says that the disk is full."""
    book._engine.dispose()

    def limit(connection: sqlite3.Connection, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + more if more is not None else 2**31}")

    event.listen(book._engine, "connect", limit)


def test_a_full_disk_refuses_what_it_cannot_keep(book: Gradebook) -> None:
    """An attempt or a result is stored as a whole or not at all, and all goes on when there is room."""
    queue, run = AttemptQueue(book), book.new_run(BASIS, 1)
    accepted = [hand_in(queue, 1)]
    limit_pages(book, 3)
    with pytest.raises(GradebookError, match="full"):
        while True:
            accepted.append(hand_in(queue, 1 + len(accepted) % 2))
    assert {one.number for one in queue.newest("digits", 1000)} == {one.number for one in accepted}
    limit_pages(book, 0)
    with pytest.raises(GradebookError, match="full"):
        while attempt := queue.claim("w", LEASE, ["digits"]):
            finish(queue, attempt, "w", run)
    limit_pages(book, None)
    finish_all(book)
    check_results(book)
    assert len(queue.newest("digits", 1000)) == len(accepted)


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_full_disk_leaves_no_part_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The upload is refused with a sentence; a file of these bytes that was there is kept."""
    store = DataFolder.open(tmp_path / "data").files
    digest, _ = store.write([b"kept"], LIMIT)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path if step == "replace" else os, step, full)
        for content in (b"new", b"kept"):
            with pytest.raises(FileStoreError, match="can't be stored: No space left on device"):
                store.write([content], LIMIT)
    assert store.read(digest, LIMIT) == b"kept"
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [digest]


def test_a_file_that_outgrows_what_the_disk_allows_is_refused(tmp_path: Path) -> None:
    """A real limit of the system, in a process of its own."""
    store = DataFolder.open(tmp_path / "data").files

    def write() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            store.write([b"x" * 50_000] * 4, 10**6)
        except FileStoreError:
            os._exit(7)

    process = FORK.Process(target=write)
    process.start()
    process.join(60)
    assert process.exitcode == 7
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("step", ["open", "fsync", "link"])
def test_a_full_disk_makes_no_half_of_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The next start makes the key."""
    data = DataFolder.open(tmp_path / "data")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(DataFolderError, match="No space left on device"):
            data.links_key()
    assert list(data.keys.iterdir()) == []
    key = data.links_key()
    assert len(key) == 32
    assert DataFolder.open(data.folder).links_key() == key


def test_a_lease_of_another_start_of_the_machine_has_run_out(book: Gradebook) -> None:
    """The monotonic clock begins again when a machine does: nothing waits for a lease of before."""
    queue = AttemptQueue(book)
    hand_in(queue, 1)
    before = AttemptQueue(book, lambda: time.monotonic() + 10 * MAX_LEASE_SECONDS)
    assert before.claim("w", LEASE, ["digits"]) is not None
    assert len(queue.expire()) == 1
