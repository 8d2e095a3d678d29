"""Migration of a gradebook of an earlier version, in one transaction, by the Alembic scripts in migrations/.

A SQLite file is copied first. Only this module imports Alembic, and only if a gradebook must be migrated.
"""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect

from grader.gradebook.engine import Location, mark_sqlite
from grader.gradebook.schema import VERSION_TABLE
from grader.gradebook.sqlite_copy import copy_sqlite

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: Connection, location: Location, version: int) -> None:
    """Migrate a gradebook to the newest version. The connection is in a transaction that the caller commits.

    The copy of a SQLite file is durable before anything is changed. In PostgreSQL, the administrator makes backups.
    """
    if isinstance(location, Path):
        copy_sqlite(location, _free_name(location, version))
    config = alembic_config(connection)
    if not inspect(connection).has_table(VERSION_TABLE):  # version 2 was made before Alembic was used
        command.stamp(config, str(version))
    command.upgrade(config, "head")
    mark_sqlite(connection)


def alembic_config(connection: Connection) -> Config:
    """Return the configuration of Alembic for an open connection; env.py reads it."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _free_name(path: Path, version: int) -> Path:
    """Return a name for the copy that no file has, such as gradebook.version-2.sqlite."""
    endings = chain([""], (f".{number}" for number in count(1)))
    names = (path.with_name(f"{path.stem}.version-{version}{ending}{path.suffix}") for ending in endings)
    return next(name for name in names if not name.exists())
