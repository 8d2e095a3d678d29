"""PostgreSQL server of the tests, on a free port of the loopback. It ends with the tests."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.helpers.processes import Watched

if TYPE_CHECKING:  # every run of pytest imports this module: neither PostgreSQL's driver nor SQLAlchemy with it
    from grader.gradebook.engine import Location

BINARIES = Path("/usr/lib/postgresql")  # of Debian's package: VERSION/bin
START_SECONDS = 60
ATTEMPTS = 5  # another program may take the port in the meantime
USER = "postgres"  # the administrator
TEMPLATE = "gradebook"  # database with the tables of a gradebook, of which others are copies
FAST_COPY = 15  # version from which a database can be copied file by file
RAM_DISK = Path("/dev/shm")  # creating hundreds of files, as each database has, takes a fifth of the time there
RAM_NEEDED = 4 << 30  # free bytes
PREFIX = "grader-postgres-"  # of folders
FORGOTTEN_SECONDS = 86_400  # no run of the tests takes a day
DISPOSABLE = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_wal_size=64MB")  # kept by no power cut

# Empties a gradebook for the next test. No process of the last test may still write to it.
EMPTY = """
DO $$
DECLARE found text;
BEGIN
    PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;  -- in any order, whatever refers to whatever
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '{version}' LOOP
        EXECUTE format('DELETE FROM %I', found);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


class PostgresServer:
    """Server with its data in a temporary folder, under an account without privileges."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self._folder = folder
        self._password = secrets.token_hex(16)
        self._numbers = count(1)
        self._settings = settings
        self._has_template = False
        self._emptied: list[str] = []  # gradebooks that no test uses
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._initialise()

    def start(self) -> None:
        """Start the server, and wait until it answers. Started again it keeps its port, which its clients know."""
        known = self.port
        for _ in range(ATTEMPTS):
            self.port = known or free_port()
            if self._answers_after_start():
                return
        raise RuntimeError((self._folder / "log").read_text())

    def stop(self, number: int = signal.SIGINT) -> None:
        """End the server. SIGINT ends it at once, with its clients."""
        if self.process:
            others = Watched(self.process.pid)  # after SIGKILL they take a moment, and no server could start meanwhile
            self.process.send_signal(number)
            self.process.wait(START_SECONDS)
            assert others.ended(START_SECONDS)
            self.process = None

    def new_database(self) -> str:
        """Create a database and return its URL."""
        name = f"course{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} {fast_copy()}")
        return self.url(name)

    def new_gradebook(self) -> str:
        """Return the URL of a database with the tables of a gradebook: one that was given back, or a new one."""
        if self._emptied:
            return self.url(self._emptied.pop())
        if not self._has_template:
            from grader.gradebook.store import Gradebook

            self.execute(f"CREATE DATABASE {TEMPLATE}")
            Gradebook.open(self.url(TEMPLATE)).close()
            self._has_template = True
        name = f"course{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} {fast_copy()}")
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Empty a database of `new_gradebook`, for another test. Creating one takes a tenth of a second."""
        from grader.gradebook.schema import VERSION_TABLE

        name = url.rpartition("/")[2]
        self.execute(EMPTY.format(version=VERSION_TABLE), name)
        self._emptied.append(name)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Execute a statement as the administrator."""
        import psycopg

        with psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _initialise(self) -> None:
        password = self._folder / "password"
        password.write_text(self._password)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (self._folder, password):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        options = ["--auth=scram-sha-256", f"--pwfile={password}", f"--username={USER}"]
        options += ["--encoding=UTF8", "--locale=C", "--no-sync"]
        command = [*as_nobody(), program("initdb"), *options, f"--pgdata={self._folder / 'data'}"]
        subprocess.run(command, cwd=self._folder, check=True, stdout=subprocess.DEVNULL)

    def _answers_after_start(self) -> bool:
        settings = (f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *self._settings)
        options = [word for setting in settings for word in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*as_nobody(), program("postgres"), "-D", str(self._folder / "data"), *options],
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        from psycopg import OperationalError

        end = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            try:
                self.execute("SELECT 1")
            except OperationalError:
                time.sleep(0.05)
            else:
                return True
        self.stop()
        return False


def as_nobody() -> list[str]:
    """Return the start of a command: PostgreSQL doesn't run as root. It ends when the tests are killed."""
    account = ["--reuid=nobody", f"--regid={pwd.getpwnam('nobody').pw_gid}", "--clear-groups"]
    return ["setpriv", "--pdeathsig=INT", *(account if os.geteuid() == 0 else [])]


def program(name: str) -> str:
    """Return the path of a program of the newest installed PostgreSQL."""
    found = sorted(BINARIES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    assert found, "PostgreSQL is not installed; run: make postgres"
    return str(found[-1])


def fast_copy() -> str:
    """Return the option of CREATE DATABASE that copies files, instead of writing each page to the log."""
    return "STRATEGY file_copy" if int(Path(program("postgres")).parts[-3]) >= FAST_COPY else ""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server, started once for all tests. It doesn't wait for the disk."""
    in_ram = RAM_DISK.is_dir() and shutil.disk_usage(RAM_DISK).free > RAM_NEEDED
    for left in RAM_DISK.glob(f"{PREFIX}*") if in_ram else ():  # by tests that were killed
        if time.time() - left.stat().st_mtime > FORGOTTEN_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    # Not in pytest's folder, which only its user may enter.
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=RAM_DISK if in_ram else None))
    server = PostgresServer(folder, *DISPOSABLE)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_location(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Location]:
    """Return a function that returns the location of a new gradebook, in each database."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_database
    numbers = count(1)
    return lambda: tmp_path / f"out{next(numbers)}" / "gradebook.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_gradebook(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Location]]:
    """A function that makes a gradebook without runs and people and returns its location, in each database."""
    if request.param == "postgresql":
        yield from _lent_gradebooks(request.getfixturevalue("postgres"))
        return
    from tests.helpers.gradebooks import put_gradebook

    numbers = count(1)
    yield lambda: put_gradebook(tmp_path / f"out{next(numbers)}" / "gradebook.sqlite")


def _lent_gradebooks(server: PostgresServer) -> Iterator[Callable[[], Location]]:
    """Yield what lends gradebooks of a server to one test."""
    lent: list[str] = []

    def lend() -> str:
        lent.append(server.new_gradebook())
        return lent[-1]

    yield lend
    for url in lent:
        server.give_back(url)
