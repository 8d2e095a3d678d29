"""Switches that all servers and workers of a gradebook share, such as `paused`."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from grader.gradebook.audit import record_change
from grader.gradebook.schema import FLAGS
from grader.gradebook.store import Gradebook

PAUSED = "paused"  # while it is set, nothing is claimed from the queue
VERSION_OF = "version of "  # and an assignment: by which version of it and of the grader a portal grades
MAX_VALUE = 2000  # characters


class Flags:
    """Switches of a gradebook, each a text. One that isn't set is empty."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def get(self, name: str) -> str:
        """Return the value of a switch; empty if it isn't set."""
        with self._book.reading() as connection:
            return read_flag(connection, name)

    def set(self, name: str, value: str, who: str) -> None:
        """Set a switch, or unset it with an empty value. The audit log records a change."""
        with self._book.writing(durable=True) as connection:
            before = read_flag(connection, name)
            if before == value:
                return
            connection.execute(delete(FLAGS).where(FLAGS.c.name == name))
            if value:
                connection.execute(insert(FLAGS), {"name": name, "value": value[:MAX_VALUE]})
            record_change(connection, who, "set flag", name, before=before, after=value)


def read_flag(connection: Connection, name: str) -> str:
    """Return the value of a switch in an open transaction; empty if it isn't set."""
    return connection.scalar(select(FLAGS.c.value).where(FLAGS.c.name == name)) or ""
