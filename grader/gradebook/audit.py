"""Audit log: who changed what, when, from what to what. Entries are only added."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, func, insert, select

from grader.gradebook.schema import AUDIT
from grader.gradebook.store import Gradebook, column_text, utc_now

MAX_TEXT = 2000  # characters of each field


class AuditEntry(msgspec.Struct, frozen=True):
    """One change."""

    number: int
    at: str  # UTC, ISO 8601
    who: str
    what: str  # verb and noun, such as "revoke link"
    target: str
    before: str
    after: str


class AuditLog:
    """Audit log of a gradebook."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def entries(self, limit: int) -> list[AuditEntry]:
        """Return the newest entries, newest first."""
        with self._book.reading() as connection:
            rows = connection.execute(select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)).all()
        return [AuditEntry(*row) for row in rows]

    def newest(self) -> int:
        """Return the number of the newest entry; 0 if there is none. It grows with each change."""
        with self._book.reading() as connection:
            return connection.scalar(select(func.max(AUDIT.c.id))) or 0


def record_change(
    connection: Connection, who: str, what: str, target: str = "", *, before: str = "", after: str = ""
) -> None:
    """Add an entry, in the transaction of the change."""
    fields = {"who": who, "what": what, "target": target, "before": before, "after": after}
    capped = {name: column_text(text)[:MAX_TEXT] for name, text in fields.items()}
    connection.execute(insert(AUDIT), {"at": utc_now(), **capped})
