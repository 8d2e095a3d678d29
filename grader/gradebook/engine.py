"""Connections to a gradebook: a SQLite file or a PostgreSQL database.

`open_engine` creates the tables of a new gradebook, migrates one of an earlier version, and refuses what isn't a
gradebook. `translate_errors` turns errors of the database into one sentence.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from grader._util import extras
from grader._util.escaping import one_line
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import APPLICATION_ID, FIRST_VERSION, METADATA, VERSION, VERSION_TABLE

BUSY_TIMEOUT_SECONDS = 20.0  # wait for another writer to finish
CONNECT_TIMEOUT_SECONDS = 10
WRITES = "grader_writes"  # execution option of connections whose transactions write
DURABLE = "grader_durable"  # execution option of connections whose commits wait for the disk
TURN = "grader_turn"  # execution option of engines of SQLite files: lock of the thread that writes
POOL_SIZE = 10  # connections that stay open; opening one for each request of many costs a millisecond each
MAX_REASON = 300  # characters of a database's message

Location = Path | str  # path of a SQLite file, or URL of a PostgreSQL database


def location_name(location: Location) -> str:
    """Return a path or URL for messages, without the password. Raises GradebookError if the URL is none."""
    if isinstance(location, Path):
        return str(location)
    url = _postgres_url(location)
    hidden = {key: "***" for key in url.query if "password" in key}  # PostgreSQL reads one here too
    return url.update_query_dict(hidden).render_as_string()


def open_engine(location: Location) -> Engine:
    """Open a gradebook; create it, with the folder of its file, if it doesn't exist. Raises GradebookError."""
    name = location_name(location)
    with translate_errors(name):
        engine = _sqlite_engine(location) if isinstance(location, Path) else _postgres_engine(location)
        try:
            with writing(engine) as connection:
                _prepare(connection, location)
            if engine.dialect.name == "sqlite":
                with engine.connect() as connection:
                    _use_write_ahead_log(connection)
        except BaseException:  # Ctrl-C too
            engine.dispose()
            raise
    return engine


@contextmanager
def writing(engine: Engine, *, durable: bool = False) -> Iterator[Connection]:
    """Open a transaction that writes. SQLite locks the file at its beginning: a lock that is taken later can fail.

    :param durable: whether a power cut after the commit must lose nothing. Otherwise SQLite may lose the last commits.
    """
    options = {WRITES: True, DURABLE: durable}
    with _turn(engine), engine.execution_options(**options).begin() as connection:
        yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Wait until no other thread of this process writes to a SQLite file. PostgreSQL lets many write.

    SQLite itself sleeps between two looks at its lock, up to a tenth of a second: many who hand in together wait long.
    """
    lock: threading.Lock | None = engine.get_execution_options().get(TURN)
    if lock is None:
        yield
        return
    if not lock.acquire(timeout=BUSY_TIMEOUT_SECONDS):
        raise sqlite3.OperationalError("database is locked")  # as SQLite says it of another process
    try:
        yield
    finally:
        lock.release()


def _sqlite_engine(path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without implicit transactions of the driver; `_begin` begins them.
    arguments: dict[str, Any] = {"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args=arguments,
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        pool_use_lifo=True,
        execution_options={TURN: threading.Lock()},
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    _set_synchronous(connection, durable=False)


def _set_synchronous(connection: sqlite3.Connection, *, durable: bool) -> None:
    """Set whether commits wait for the disk.

    With a write-ahead log, NORMAL keeps every commit when the process is killed, without waiting for the disk each
    time. A power cut may lose the last results, which are graded again, but never the file. Some network file systems
    allow no write-ahead log: there each commit waits for the disk.
    """
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' and not durable else 'FULL'}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(WRITES):
        _set_synchronous(_sqlite_connection(connection), durable=bool(options.get(DURABLE)))
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


def _use_write_ahead_log(connection: Connection) -> None:
    """Switch the file to a write-ahead log, after it was found to be a gradebook."""
    raw = _sqlite_connection(connection)
    raw.execute("PRAGMA journal_mode = WAL")
    _configure_sqlite(raw, None)


def _sqlite_connection(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _postgres_url(location: str) -> URL:
    try:
        url = make_url(location)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in ("postgresql", "postgresql+psycopg") or not url.database:
        raise GradebookError("a database is given as postgresql+psycopg://USER:PASSWORD@HOST:PORT/NAME")
    return url.set(drivername="postgresql+psycopg")


def _postgres_engine(location: str) -> Engine:
    extras.require("postgres", "a PostgreSQL database")
    milliseconds = int(BUSY_TIMEOUT_SECONDS * 1000)
    arguments = {
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "application_name": "grader",
        "client_encoding": "UTF8",  # else a database in SQL_ASCII answers with bytes, before its encoding is checked
        "options": f"-c lock_timeout={milliseconds}",
    }
    # With pre_ping, a run of days survives a restart of the server between two reports.
    # READ COMMITTED, whatever the server's default is: a claim must see what others committed while it waited.
    return create_engine(
        _postgres_url(location), connect_args=arguments, pool_pre_ping=True, isolation_level="READ COMMITTED"
    )


def _prepare(connection: Connection, location: Location) -> None:
    """Check that the database is a gradebook before changing it; create its tables if it is new, or migrate them."""
    if connection.dialect.name == "postgresql":  # if two runs start together, one creates the tables
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": APPLICATION_ID})
    version = _version(connection, location)
    if version is None:
        create_tables(connection)
    elif not FIRST_VERSION <= version <= VERSION:
        raise GradebookError(
            f"{location_name(location)} is a gradebook of version {version}, and this grader knows version {VERSION}; "
            "use the grader that made it, or choose another folder for the results"
        )
    elif version < VERSION:
        # Imported here: importing Alembic takes a tenth of a second, and few gradebooks need it.
        from grader.gradebook.migration import migrate

        migrate(connection, location, version)


def _version(connection: Connection, location: Location) -> int | None:
    """Return the version of a gradebook, None for an empty database. Raises GradebookError for other databases."""
    name = location_name(location)
    if connection.dialect.name == "sqlite":
        objects, program, version = (
            int(connection.exec_driver_sql(query).scalar_one())
            for query in ("SELECT count(*) FROM sqlite_master", "PRAGMA application_id", "PRAGMA user_version")
        )
        if objects == 0 and (program, version) == (0, 0):
            return None
        if program != APPLICATION_ID:
            raise GradebookError(f"{name} is a database of another program; choose another folder for the results")
        return version
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        return int(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one())
    if tables:
        raise GradebookError(f"{name} has tables of another program; create an empty database for the gradebook")
    if (encoding := connection.execute(text("SHOW server_encoding")).scalar_one()) != "UTF8":
        raise GradebookError(f"{name} has the encoding {encoding}; create a database with the encoding UTF8")
    return None


def create_tables(connection: Connection) -> None:
    """Create the tables of the newest version in an empty database."""
    METADATA.create_all(connection, checkfirst=False)
    connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:version)"), {"version": str(VERSION)})
    mark_sqlite(connection)


def mark_sqlite(connection: Connection) -> None:
    """Write program and version into the header of a SQLite file, where every version of the grader looks for them."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


@contextmanager
def translate_errors(name: str) -> Iterator[None]:
    """Raise GradebookError, with the gradebook and the cause, for errors of databases, msgspec and the system."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, sqlite3.Error):
            raise GradebookError(_sqlite_problem(name, cause)) from error
        raise GradebookError(_postgres_problem(name, cause)) from error
    except msgspec.MsgspecError as error:
        raise GradebookError(_damaged(name, error)) from error
    except SQLAlchemyError as error:
        raise GradebookError(f"{name} can't be used as a gradebook: {error}") from error
    except OSError as error:
        raise GradebookError(f"{name} can't be opened: {error.strerror}") from error


def _sqlite_problem(name: str, error: sqlite3.Error) -> str:
    if not isinstance(error, sqlite3.OperationalError):
        return _damaged(name, error)
    if "locked" in str(error) or "busy" in str(error):
        return f"{name} is in use by another run; wait until it ends"
    if error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")):
        return f"{name} can't be written: {error}"
    return f"{name} can't be used as a gradebook: {error}"


def _damaged(name: str, error: Exception) -> str:
    return f"{name} is not a gradebook, or is damaged ({error}); move it away or choose another folder for the results"


def _postgres_problem(name: str, error: BaseException | None) -> str:
    """Say what PostgreSQL reported. Its codes: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
    code, reason = getattr(error, "sqlstate", None) or "", one_line(str(error), MAX_REASON)
    if code == "55P03":  # lock_not_available
        return f"{name} is in use by another run; wait until it ends"
    if code.startswith("53") or code in ("25006", "58030"):  # no resources such as disk space; read-only; I/O error
        return f"{name} can't be written: {reason}"
    if not code or code.startswith(("08", "57P")):  # no connection; the server was shut down
        return f"{name} can't be reached: {reason}"
    return f"{name} can't be used as a gradebook: {reason}"
