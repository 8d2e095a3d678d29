"""Sessions of people who opened their link: a random token in a cookie, of which the gradebook holds the hash."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select

from grader.gradebook.roster import Person, as_person, person_columns, token_hash
from grader.gradebook.schema import PEOPLE, SESSIONS
from grader.gradebook.store import Gradebook

LIFETIME = timedelta(days=14)
MAX_SESSIONS = 20  # of a person; the oldest end first


class Sessions:
    """Sessions of a gradebook. Times are aware datetimes."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def start(self, person: int, now: datetime) -> str:
        """Start a session of a person, by Person.number, and return its new token. Forget what has expired."""
        token = secrets.token_urlsafe(32)
        row = {"hash": token_hash(token), "person": person, "created": _stamp(now), "expires": _stamp(now + LIFETIME)}
        newest = select(SESSIONS.c.hash).where(SESSIONS.c.person == person)
        newest = newest.order_by(SESSIONS.c.created.desc(), SESSIONS.c.hash).limit(MAX_SESSIONS - 1)
        old = (SESSIONS.c.expires <= _stamp(now)) | SESSIONS.c.hash.not_in(newest)
        with self._book.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person, old))
            connection.execute(insert(SESSIONS), row)
        return token

    def person(self, token: str, now: datetime) -> Person | None:
        """Return whose session it is; None if it has ended or expired, or the person's access was revoked."""
        found = select(*person_columns()).join(SESSIONS, SESSIONS.c.person == PEOPLE.c.id)
        found = found.where(SESSIONS.c.hash == token_hash(token), SESSIONS.c.expires > _stamp(now), ~PEOPLE.c.revoked)
        with self._book.reading() as connection:
            row = connection.execute(found).first()
        return as_person(row) if row else None

    def end(self, token: str) -> None:
        """End a session, if it is one."""
        with self._book.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.hash == token_hash(token)))

    def end_all(self, person: int) -> None:
        """End all sessions of a person, by Person.number."""
        with self._book.writing(durable=True) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person))


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")
