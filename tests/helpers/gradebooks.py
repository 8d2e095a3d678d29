"""What all gradebooks of a process of the tests share: the tables of new ones, and compiled statements."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from grader.gradebook import engine
from grader.gradebook.files import private_file
from grader.gradebook.store import Gradebook

FIRST: dict[str, Engine] = {}  # of each kind of database


@pytest.fixture(autouse=True, scope="session")
def statements_compiled_once() -> Iterator[None]:
    """Have all SQLite files share compiled statements, and all databases of PostgreSQL.

    SQLAlchemy compiles each statement anew for each engine, in a millisecond, and hundreds of tests open a gradebook.
    It compiles those that create tables each time, in 20 milliseconds for all of them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_engine", engine_of_tests)
        patch.setattr(engine, "create_tables", create_tables)
        yield


def create_tables(connection: Connection) -> None:
    """Create the tables of a gradebook, in a SQLite file by the statements that made the first one's."""
    if connection.dialect.name != "sqlite":
        CREATE_TABLES(connection)
        return
    for statement, parameters in _creating_statements():
        connection.exec_driver_sql(statement, parameters)


CREATE_TABLES = engine.create_tables


@cache
def _creating_statements() -> list[tuple[str, Any]]:
    """Return the statements that create the tables, each with its parameters."""
    found: list[tuple[str, Any]] = []
    made = create_engine("sqlite://")
    event.listen(made, "before_cursor_execute", lambda *of: found.append((of[2], of[3])))
    with made.begin() as connection:
        CREATE_TABLES(connection)
    made.dispose()
    return found


def engine_of_tests(url: Any, **options: Any) -> Engine:
    """Return a new engine with dialect and statements of the first one, if that has connected.

    Before, its dialect doesn't know what the database can do.
    """
    name = make_url(url).get_backend_name()
    first = FIRST.get(name)
    if first is None or first.dialect.server_version_info is None:
        FIRST[name] = create_engine(url, query_cache_size=10_000, **options)
        return FIRST[name]
    made = create_engine(url, _initialize=False, **options)
    made.dialect, made._compiled_cache = first.dialect, first._compiled_cache
    return made


@cache
def empty_gradebook() -> bytes:
    """Return the file of a new gradebook: making its tables takes 20 ms, and 100 ms in PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gradebook.sqlite"
        Gradebook.open(path).close()
        return path.read_bytes()


def put_gradebook(path: Path) -> Path:
    """Put a new gradebook at `path`, in a folder that is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with private_file(path) as stream:
        stream.write(empty_gradebook())
    return path
