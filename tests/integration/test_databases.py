"""Both databases: the tables, migrations, backups, faults, and the commands with --database."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from alembic import command as alembic
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from grader.gradebook import engine, migration
from grader.gradebook.backup import back_up, restore
from grader.gradebook.engine import Location, open_engine, writing
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import METADATA, VERSION, VERSION_TABLE
from grader.gradebook.store import Gradebook
from tests.factories import BASIS, NEWER, class_folder, scored_report
from tests.helpers.commands import Command, graded, wait_for_lines
from tests.helpers.postgres import PostgresServer
from tests.helpers.terminal import grader_in

# Each process of a test is forked from one that has imported all of this, and holds no connection.
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload([__name__])


def fill(location: Location) -> None:
    """Two runs of two students; the second reuses a report."""
    with Gradebook.open(location) as book:
        first, second = book.new_run(BASIS, 2), book.new_run(NEWER, 2)
        book.add(first, scored_report("ada", 1.0), "a")
        book.add(first, scored_report("bob", 2.0), "b")
        book.reuse(second, "a")
        book.add(second, scored_report("bob", 3.0), "c")
        book.finish_run(first)


def content(location: Location) -> object:
    """All that a gradebook holds."""
    with Gradebook.open(location) as book:
        runs = book.runs()
        return runs, [list(book.reports(run.number)) for run in runs], [book.history(one) for one in book.students()]


# Tables and their versions


def differences(connection: Connection) -> list[object]:
    """What Alembic would change to make the tables those of schema.py."""
    options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
    found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    return found


def test_the_tables_are_those_of_the_revisions(new_location: Callable[[], Location]) -> None:
    """Whether they were created at once or by one revision after another; the version is the last revision's."""
    location = new_location()
    opened = open_engine(location)
    with opened.connect() as connection:
        assert differences(connection) == []
        assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all() == [str(VERSION)]
    opened.dispose()
    location = new_location()
    if isinstance(location, Path):
        location.parent.mkdir()
    empty = create_engine(f"sqlite:///{location}" if isinstance(location, Path) else location)
    with empty.begin() as connection:
        alembic.upgrade(migration.alembic_config(connection), "head")
    with empty.connect() as connection:
        assert differences(connection) == []
    empty.dispose()
    scripts = ScriptDirectory(str(migration.SCRIPTS))
    assert scripts.get_heads() == [str(VERSION)]


@pytest.mark.parametrize("version", ["2", "3"])
def test_a_database_of_an_earlier_version_is_migrated(postgres: PostgresServer, version: str) -> None:
    """In PostgreSQL too, in one transaction."""
    location = postgres.new_database()
    old = create_engine(location)
    with old.begin() as connection:
        alembic.upgrade(migration.alembic_config(connection), version)
        connection.execute(text("INSERT INTO runs VALUES (7, 'then', NULL, 1, 'digits', 'a1', '1.0', 'sandbox full')"))
        report = msgspec.json.encode(scored_report())
        row = {"report": report}
        columns = "id, run, student, key, status, score, report" + (", digest" if version == "3" else "")
        values = "5, 7, 'ada', 'k', 'graded', 7.0, :report" + (", 'd1'" if version == "3" else "")
        connection.execute(text(f"INSERT INTO results ({columns}) VALUES ({values})"), row)
        connection.execute(text("INSERT INTO entries VALUES (7, 'ada', 5)"))
    old.dispose()
    with Gradebook.open(location) as book:
        assert book.latest_reports() == [scored_report()]
        assert book.submitted_digests("digits") == {"ada": "d1"}
        with book._engine.connect() as connection:
            assert differences(connection) == []


def test_a_newer_version_is_refused(new_location: Callable[[], Location]) -> None:
    """A gradebook by a later grader is not guessed at."""
    location = new_location()
    opened = open_engine(location)
    with writing(opened) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{VERSION + 1}'"))
        if isinstance(location, Path):
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION + 1}")
    opened.dispose()
    with pytest.raises(GradebookError, match=f"version {VERSION + 1}, and this grader knows version {VERSION}"):
        Gradebook.open(location)


def test_a_database_of_another_program_is_left_alone(postgres: PostgresServer) -> None:
    """Or one that can't hold every name."""
    location = postgres.new_database()
    postgres.execute("CREATE TABLE songs (title text)", location.rpartition("/")[2])
    with pytest.raises(GradebookError, match="has tables of another program"):
        Gradebook.open(location)
    for encoding in ("LATIN1", "SQL_ASCII"):
        postgres.execute(f"CREATE DATABASE {encoding.lower()} ENCODING '{encoding}' TEMPLATE template0")
        with pytest.raises(GradebookError, match=f"has the encoding {encoding}"):
            Gradebook.open(postgres.url(encoding.lower()))


# Faults


def _open_and_add(location: Location, student: str) -> None:
    with Gradebook.open(location) as book:
        run = book.new_run(BASIS, 20)
        for score in range(20):
            book.add(run, scored_report(student, float(score)), f"{student} {score}")


def test_runs_that_start_together_create_one_gradebook(new_location: Callable[[], Location]) -> None:
    """Four processes open a new gradebook at once and add to it; each result is there."""
    location = new_location()
    students = ("ada", "bob", "cleo", "dora")
    processes = [FRESH.Process(target=_open_and_add, args=(location, student)) for student in students]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    with Gradebook.open(location) as book:
        assert {run.number for run in book.runs()} == {1, 2, 3, 4}
        assert {student: len(book.history(student)) for student in students} == dict.fromkeys(students, 20)


def _add_and_die(location: Location) -> None:
    book = Gradebook.open(location)
    run = book.new_run(BASIS, 1)
    for score in range(5):
        book.add(run, scored_report(score=float(score)), "k")
    with writing(book._engine) as connection:  # a sixth, whose transaction is open at the end
        connection.execute(text("UPDATE results SET score = 100"))
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_loses_nothing_that_was_added(new_location: Callable[[], Location]) -> None:
    """After SIGKILL every result of the run is there, nothing of an open transaction, and the next run adds its own."""
    location = new_location()
    process = FRESH.Process(target=_add_and_die, args=(location,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with Gradebook.open(location) as book:
        assert [one.score for one in book.history("ada")] == [0, 1, 2, 3, 4]
        assert book.runs()[0].mean == 4
        book.add(book.new_run(BASIS, 1), scored_report("bob"), "k")
        assert book.students() == ["ada", "bob"]


STEPS = ("copy_sqlite", "alembic_config", "command.stamp", "command.upgrade", "mark_sqlite")


def _migrate_and_die(path: Path, step: str, after: bool) -> None:
    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    owner = alembic if step.startswith("command.") else migration  # alembic is migration's command
    name = step.removeprefix("command.")
    original = getattr(owner, name)

    def then_die(*arguments: object) -> None:
        original(*arguments)
        die()

    setattr(owner, name, then_die if after else die)
    Gradebook.open(path)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_migration_that_is_killed_is_made_again(tmp_path: Path, step: str, after: bool) -> None:
    """At every step: the gradebook is the old one until the end, and the next opening migrates it."""
    dump = Path(__file__).parents[1] / "corpus" / "gradebooks" / "grader-2891440.sql"
    path, calm = tmp_path / "gradebook.sqlite", tmp_path / "calm" / "gradebook.sqlite"
    calm.parent.mkdir()
    for each in (path, calm):
        with sqlite3.connect(each) as connection:
            connection.executescript(dump.read_text())
    process = FRESH.Process(target=_migrate_and_die, args=(path, step, after))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert content(path) == content(calm)


def test_a_server_that_ends_is_one_sentence_and_a_run_goes_on_when_it_is_back(postgres: PostgresServer) -> None:
    """Killed without warning, it has kept every report that was added."""
    location = postgres.new_database()
    with Gradebook.open(location) as book:
        run = book.new_run(BASIS, 2)
        book.add(run, scored_report("ada"), "a")
        postgres.stop()
        try:
            with pytest.raises(GradebookError, match="can't be reached"):
                book.add(run, scored_report("bob"), "b")
        finally:
            postgres.start()
        book.add(run, scored_report("bob"), "b")
        assert book.students() == ["ada", "bob"]


def test_a_database_that_stays_locked_or_can_not_be_written_is_told(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentences are those of a file."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0.05)
    location = postgres.new_database()
    with Gradebook.open(location) as book, Gradebook.open(location) as other:
        run = book.new_run(BASIS, 1)
        with writing(other._engine) as connection:
            connection.execute(text("LOCK TABLE results"))
            with pytest.raises(GradebookError, match="is in use by another run; wait until it ends"):
                book.add(run, scored_report(), "k")
        postgres.execute(f"ALTER DATABASE {location.rpartition('/')[2]} SET default_transaction_read_only = on")
    with Gradebook.open(location) as book:
        assert len(book.runs()) == 1
        with pytest.raises(GradebookError, match=r"\*\*\*.* can't be written: cannot execute INSERT in a read-only"):
            book.add(run, scored_report(), "k")


# Backups


def test_a_backup_is_restored_as_it_was(new_location: Callable[[], Location], tmp_path: Path) -> None:
    """Into a file and into a database; then runs go on from there, with numbers of their own."""
    source, file = new_location(), tmp_path / "course.sqlite"
    fill(source)
    back_up(source, file)
    before = file.read_bytes()
    target = new_location()
    for place in (target, tmp_path / "restored" / "gradebook.sqlite"):
        restore(file, place)
        assert content(place) == content(source)
        with Gradebook.open(place) as book:
            run = book.new_run(BASIS, 1)
            assert run == 3
            book.add(run, scored_report("zoe"), "z")
            assert len(book.students()) == 3
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_a_backup_while_a_run_writes_is_of_one_moment(new_location: Callable[[], Location], tmp_path: Path) -> None:
    """In each backup every result is entered, and all results are there that had been added before it began."""
    location = new_location()
    stop, room = threading.Event(), threading.Semaphore(0)
    with Gradebook.open(location) as book:
        run = book.new_run(BASIS, 1)
        added: list[int] = []

        def write() -> None:
            while room.acquire() and not stop.is_set():
                book.add(run, scored_report(f"s{len(added)}"), f"k{len(added)}")
                added.append(1)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(3):
                room.release(60)  # results that may be added meanwhile, or later: without end they'd be thousands
                there = len(added)
                back_up(location, tmp_path / f"{number}.sqlite")
                with Gradebook.open(tmp_path / f"{number}.sqlite") as copy:
                    reports = list(copy.reports(run))
                    assert there <= len(reports) <= len(added) + 1
                    assert copy.runs()[0].done == len(reports)
                    assert sum(len(copy.history(student)) for student in copy.students()) == len(reports)
        finally:
            stop.set()
            room.release()
            writer.join()


def test_nothing_is_overwritten_by_a_backup_or_from_one(postgres: PostgresServer, tmp_path: Path) -> None:
    """Each refusal is one sentence, and the files are what they were."""
    book, file = tmp_path / "out" / "gradebook.sqlite", tmp_path / "course.sqlite"
    with pytest.raises(GradebookError, match="nothing to back up"):
        back_up(book, file)
    fill(book)
    file.write_text("roster")
    with pytest.raises(GradebookError, match="exists; choose another name"):
        back_up(book, file)
    with pytest.raises(GradebookError, match="is not a"):
        restore(file, tmp_path / "other" / "gradebook.sqlite")
    assert file.read_text() == "roster"
    file.unlink()
    back_up(book, file)
    with pytest.raises(GradebookError, match="exists; restore into an empty folder"):
        restore(file, book)
    full = postgres.new_database()
    fill(full)
    with pytest.raises(GradebookError, match="has runs or people already"):
        restore(file, full)
    with Gradebook.open(full) as untouched:
        assert len(untouched.runs()) == 2
    with pytest.raises(GradebookError, match=r"missing/course\.sqlite"):
        back_up(book, tmp_path / "missing" / "course.sqlite")


def test_a_backup_of_an_earlier_version_is_restored(postgres: PostgresServer, tmp_path: Path) -> None:
    """It is migrated on the way, and stays what it is."""
    file = tmp_path / "old.sqlite"
    dump = Path(__file__).parents[1] / "corpus" / "gradebooks" / "grader-0d11eab.sql"
    with sqlite3.connect(file) as connection:
        connection.executescript(dump.read_text())
    before = file.read_bytes()
    places: list[Location] = [tmp_path / "restored" / "gradebook.sqlite", postgres.new_database()]
    for place in places:
        restore(file, place)
    assert content(places[0]) == content(places[1])
    assert file.read_bytes() == before


# Commands

DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


@pytest.fixture
def command(tmp_path: Path, tiny_folder: Path) -> Command:
    """For a class of six."""
    return Command(class_folder(6, tmp_path / "class"), tiny_folder)


def grader(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return grader_in(folder, *arguments, **environment)


def test_every_command_reads_and_writes_a_database(command: Command, postgres: PostgresServer, tmp_path: Path) -> None:
    """A second run grades nothing; show, runs, diff and export print what they print of a file."""
    location = postgres.new_database()
    command("--no-pages")
    command("--no-pages")
    assert len(graded(command("--no-pages", "--database", location, out="other"))) == 6
    assert not (tmp_path / "other" / "gradebook.sqlite").exists()
    assert graded(command("--no-pages", "--database", location, out="third")) == []
    for arguments in (("show", "OUT", "s00"), ("diff", "OUT"), ("export", "OUT", "--to", "csv", "--output", "x.csv")):
        ours = grader(tmp_path, *(word.replace("OUT", "out") for word in arguments))
        theirs = grader(tmp_path, *(word.replace("OUT", "other") for word in arguments), "--database", location)
        assert (ours.returncode, theirs.returncode) == (0, 0), ours.stderr + theirs.stderr
        assert DATE.sub("", ours.stdout) == DATE.sub("", theirs.stdout)
    listed = grader(tmp_path, "runs", "other", "--json", GRADER_DATABASE=location)
    assert [(run["done"], run["reused"]) for run in json.loads(listed.stdout)] == [(6, 0), (6, 6)]
    wrong = grader(tmp_path, "runs", "other", "--database", "mysql://host/x")
    assert (wrong.returncode, "takes the URL of a PostgreSQL database" in wrong.stderr) == (2, True)


def test_a_backup_of_a_run_goes_on_elsewhere(command: Command, tmp_path: Path) -> None:
    """Made while the run writes; restored, the same command grades what is left and writes all files."""
    command("--no-pages", out="calm")
    with command.start("--jobs", "1", "--no-pages") as process:
        wait_for_lines(process, 2)
        done = grader(tmp_path, "backup", "out", "course.sqlite")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        process.communicate()
    with Gradebook.open(tmp_path / "course.sqlite") as book:
        kept = set(book.students())
    assert len(kept) >= 2
    done = grader(tmp_path, "restore", "course.sqlite", "again")
    assert (done.returncode, done.stderr) == (0, "")
    assert set(graded(command("--no-pages", out="again"))) == {f"s{number:02}" for number in range(6)} - kept
    assert (tmp_path / "again" / "scores.csv").read_bytes() == (tmp_path / "calm" / "scores.csv").read_bytes()
    names = [sorted(path.name for path in (tmp_path / out / "reports").iterdir()) for out in ("again", "calm")]
    assert names[0] == names[1]
