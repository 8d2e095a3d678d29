"""A gradebook's file: what is refused, in a sentence, and what is left alone."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.gradebook import engine
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import VERSION
from grader.gradebook.store import Gradebook
from tests.factories import BASIS, scored_report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out" / "gradebook.sqlite"


@pytest.fixture
def book(path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(path) as opened:
        yield opened


def test_a_book_that_stays_locked_is_told(book: Gradebook, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When another program never lets go of the file, the sentence says who holds it."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(GradebookError, match="in use by another run"):
        Gradebook.open(path)
    holder.close()


def test_threads_write_in_turn(book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits until the one before has committed, and not longer than for another program."""
    order: list[str] = []

    def write(name: str) -> None:
        with book.writing():
            order.extend([name, name])

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    with book.writing():
        for thread in threads:
            thread.start()
        order.append("first")
    for thread in threads:
        thread.join()
    assert order[0] == "first" and order[1::2] == order[2::2] and sorted(order[1::2]) == ["a", "b", "c"]
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0.05)
    refused: list[str] = []

    def give_up() -> None:
        with pytest.raises(GradebookError, match="in use by another run") as problem, book.writing():
            pass
        refused.append(str(problem.value))

    with book.writing():
        thread = threading.Thread(target=give_up)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_a_file_that_is_no_database_is_told_and_left_alone(path: Path) -> None:
    """The sentence names the file; its content is what it was."""
    path.parent.mkdir()
    path.write_bytes(b"ada,100\n" * 300)
    with pytest.raises(GradebookError, match=r"gradebook\.sqlite is not a gradebook"):
        Gradebook.open(path)
    assert path.read_bytes() == b"ada,100\n" * 300


def test_the_database_of_another_program_is_told_and_left_alone(path: Path) -> None:
    """A database that isn't ours gets no tables of ours."""
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (title)")
    before = path.read_bytes()
    with pytest.raises(GradebookError, match="another program"):
        Gradebook.open(path)
    assert path.read_bytes() == before


def test_a_gradebook_that_must_be_there_is_not_made(path: Path) -> None:
    """Who only reads gets a sentence, and no new file."""
    with pytest.raises(GradebookError, match="doesn't exist"):
        Gradebook.open_existing(path)
    assert not path.parent.exists()


def test_a_newer_version_is_told(book: Gradebook, path: Path) -> None:
    """A gradebook by a later grader is not guessed at."""
    book.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(GradebookError, match=f"version {VERSION + 1}, and this grader knows version {VERSION}"):
        Gradebook.open(path)


@pytest.mark.parametrize("where", ["folder", "file/gradebook.sqlite", "file/deeper/gradebook.sqlite"])
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, where: str) -> None:
    """A folder in the file's place, or a file in the folder's, is a GradebookError."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(GradebookError):
        Gradebook.open(tmp_path / where)


def test_a_damaged_report_is_told(book: Gradebook, path: Path) -> None:
    """A stored report that isn't one any more is a GradebookError, not a traceback."""
    book.add(book.new_run(BASIS, 1), scored_report(), "k")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE results SET report = x'7b7d'")
    connection.commit()
    connection.close()
    with pytest.raises(GradebookError, match="damaged"):
        book.latest_reports()


def test_a_damaged_file_is_told(book: Gradebook, path: Path) -> None:
    """Pages overwritten with something else are a GradebookError, not a traceback."""
    run = book.new_run(BASIS, 1)
    for _ in range(200):
        book.add(run, scored_report(), "k")
    book.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(GradebookError), Gradebook.open(path) as damaged:
        damaged.latest_reports()


def test_a_writer_survives_a_power_cut_of_the_process_only(book: Gradebook, path: Path) -> None:
    """The file has a write-ahead log, and each connection checks foreign keys and waits as this one needs."""
    with book._engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "synchronous")]
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    assert (pragmas, mode) == ([1, 1], "wal")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("55P03", "is in use by another run"),
        ("53100", "can't be written"),
        ("25006", "can't be written"),
        ("57P01", "can't be reached"),
        (None, "can't be reached"),
        ("42501", "can't be used as a gradebook"),
    ],
)
def test_what_postgresql_reports_is_one_sentence(code: str | None, told: str) -> None:
    """By its code, in one line."""

    class Reported(Exception):
        sqlstate = code

    sentence = engine._postgres_problem("course", Reported("first line\nDETAIL: second line"))
    assert sentence.startswith(f"course {told}")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "postgresql+psycopg://host", "postgresql+psycopg2://host/x", "nonsense"]
)
def test_a_url_of_something_else_is_told(url: str) -> None:
    """Before anything connects."""
    with pytest.raises(GradebookError, match="a database is given as"):
        Gradebook.open(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada:geheim@127.0.0.1:1/course",
        "postgresql+psycopg://ada@127.0.0.1:1/course?password=geheim",
        "postgresql+psycopg://ada@127.0.0.1:1/course?sslpassword=geheim",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    """A server that doesn't answer is one sentence, with the URL but not with the password."""
    with pytest.raises(GradebookError, match="can't be reached") as raised:
        Gradebook.open(url)
    assert "geheim" not in str(raised.value)
    assert "ada" in str(raised.value)
