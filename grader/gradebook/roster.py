"""People of a course, and their personal links.

The token of a link is an HMAC of the person's id and the link's serial number, with a key that stands in a file. So
links can be printed again, and the database, which holds SHA-256(token) alone, doesn't let anybody in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import Column, Connection, Row, delete, func, insert, select, update

from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import PEOPLE, SESSIONS
from grader.gradebook.store import Gradebook, column_text
from grader.submissions.student_names import is_safe, name_key, safe_name

Role = Literal["student", "assistant", "instructor"]
ROLES: tuple[Role, ...] = get_args(Role)

MAX_ID = 100  # characters; also the limit of a student's name in a report
MAX_NAME = 200
MAX_EMAIL = 320
MAX_PEOPLE = 100_000
MAX_TOGETHER = 1000  # numbers in one query
TOKEN_BYTES = 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)  # TOKEN_BYTES in urlsafe base64 without padding
FIRST_SERIAL = 1


class RosterEntry(msgspec.Struct, frozen=True):
    """One person as the course lists them."""

    name: str
    email: str
    id: str  # of the course; names the person's reports, so it is safe as a path
    role: Role = "student"


class Person(msgspec.Struct, frozen=True):
    """Person of the roster. `number` is the gradebook's, `id` the course's."""

    number: int
    id: str
    name: str
    email: str
    role: Role
    revoked: bool


class PersonLink(msgspec.Struct, frozen=True):
    """Person and the token of the person's link. The token is empty if access was revoked."""

    person: Person
    token: str


class Roster:
    """Roster of a gradebook. `key` holds the secret bytes that tokens are made with."""

    def __init__(self, book: Gradebook, key: bytes) -> None:
        self._book = book
        self._key = key

    def load(self, rows: Iterable[RosterEntry], who: str) -> list[PersonLink]:
        """Add people, and change those whose id is known. Return their links in the order of the rows.

        Nobody is removed, and a revoked person stays revoked. Raises GradebookError, and changes nothing, if a row
        can't be stored or two rows have one id.
        """
        rows = list(rows)
        check_rows(rows)
        with self._book.writing(durable=True) as connection:
            known = {person.id: (person, 0) for person in _everybody(connection)}
            keys = {name_key(name): name for name in known}
            for row in rows:
                if keys.setdefault(name_key(row.id), row.id) != row.id:
                    raise GradebookError(
                        f"the ids {row.id} and {keys[name_key(row.id)]} differ only in case; rename one"
                    )
                self.put(connection, row, known[row.id][0] if row.id in known else None, who)
            links = {link.person.id: link for link in self._links(connection)}
        return [links[row.id] for row in rows]

    def put(self, connection: Connection, row: RosterEntry, known: Person | None, who: str) -> None:
        """Add a person, or change the known one, in a transaction of the caller, who has checked the row."""
        fields = {"name": column_text(row.name), "email": column_text(row.email), "role": row.role}
        if known is None:
            link = {"link_serial": FIRST_SERIAL, "link_hash": token_hash(self._token(row.id, FIRST_SERIAL))}
            connection.execute(insert(PEOPLE), {"name_id": row.id, **fields, **link})
            record_change(connection, who, "add person", row.id, after=_described(fields))
            return
        before = {"name": known.name, "email": known.email, "role": known.role}
        if fields != before:
            connection.execute(update(PEOPLE).where(PEOPLE.c.id == known.number).values(**fields))
            record_change(connection, who, "change person", row.id, before=_described(before), after=_described(fields))

    def links(self) -> list[PersonLink]:
        """Return everybody with the token of their link, sorted by id."""
        with self._book.reading() as connection:
            return self._links(connection)

    def people(self) -> list[Person]:
        """Return everybody, sorted by id. There are at most MAX_PEOPLE."""
        with self._book.reading() as connection:
            return _everybody(connection)

    def find(self, id: str) -> Person | None:
        """Return the person with an id of the course; None if there is none."""
        return self._one(PEOPLE.c.name_id == column_text(id))

    def get(self, number: int) -> Person | None:
        """Return the person with a number of the gradebook; None if there is none."""
        return self._one(PEOPLE.c.id == number)

    def by_login(self, login: str) -> Person | None:
        """Return the person with this id, or else with this e-mail address, without regard to its case.

        None if there is none, if two with access have the address, or if access was revoked.
        """
        email = func.lower(PEOPLE.c.email) == column_text(login).lower()
        for condition in (PEOPLE.c.name_id == column_text(login), email & (PEOPLE.c.email != "") & ~PEOPLE.c.revoked):
            with self._book.reading() as connection:
                found = connection.execute(select(*person_columns()).where(condition).limit(2)).all()
            if found:
                person = as_person(found[0])
                return person if len(found) == 1 and not person.revoked else None
        return None

    def numbered(self, numbers: Iterable[int]) -> dict[int, Person]:
        """Return the people with these numbers of the gradebook, by number."""
        wanted = sorted(set(numbers))
        with self._book.reading() as connection:
            found = [
                as_person(row)
                for start in range(0, len(wanted), MAX_TOGETHER)
                for row in connection.execute(
                    select(*person_columns()).where(PEOPLE.c.id.in_(wanted[start : start + MAX_TOGETHER]))
                )
            ]
        return {person.number: person for person in found}

    def by_token(self, token: str) -> Person | None:
        """Return the person whose link has this token; None if it is no link, an earlier one, or a revoked one."""
        if not TOKEN.fullmatch(token):
            return None
        return self._one((PEOPLE.c.link_hash == token_hash(token)) & ~PEOPLE.c.revoked)

    def revoke(self, id: str, who: str) -> None:
        """Take a person's access: the link and all sessions end. Raises GradebookError if there is no such person."""
        with self._book.writing(durable=True) as connection:
            row = _locked(connection, id)
            connection.execute(update(PEOPLE).where(PEOPLE.c.id == row.id).values(revoked=True))
            connection.execute(delete(SESSIONS).where(SESSIONS.c.person == row.id))
            record_change(
                connection, who, "revoke link", id, before="revoked" if row.revoked else "valid", after="revoked"
            )

    def renew(self, id: str, who: str) -> str:
        """Give a person a new link, also after a revocation, and return its token. The earlier link and sessions end.

        Raises GradebookError if there is no such person.
        """
        with self._book.writing(durable=True) as connection:
            row = _locked(connection, id)
            serial = row.link_serial + 1
            token = self._token(row.name_id, serial)
            changed = {"link_serial": serial, "link_hash": token_hash(token), "revoked": False}
            connection.execute(update(PEOPLE).where(PEOPLE.c.id == row.id).values(**changed))
            connection.execute(delete(SESSIONS).where(SESSIONS.c.person == row.id))
            record_change(connection, who, "renew link", id, before=f"link {row.link_serial}", after=f"link {serial}")
        return token

    def _links(self, connection: Connection) -> list[PersonLink]:
        query = select(*person_columns(), PEOPLE.c.link_serial).order_by(PEOPLE.c.name_id).limit(MAX_PEOPLE)
        people = ((as_person(row), row.link_serial) for row in connection.execute(query))
        return [
            PersonLink(person, "" if person.revoked else self._token(person.id, serial)) for person, serial in people
        ]

    def _one(self, condition: Any) -> Person | None:
        with self._book.reading() as connection:
            row = connection.execute(select(*person_columns()).where(condition)).first()
        return as_person(row) if row else None

    def _token(self, id: str, serial: int) -> str:
        code = hmac.digest(self._key, f"{id}:{serial}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(code[:TOKEN_BYTES]).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """Return what the database holds of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def person_columns() -> Sequence[Column[Any]]:
    """Return the columns from which `as_person` makes a Person."""
    return PEOPLE.c["id", "name_id", "name", "email", "role", "revoked"].values()


def as_person(row: Sequence[Any]) -> Person:
    """Return the person in a row that begins with `person_columns`."""
    return Person(*row[:6])


def check_rows(rows: Sequence[RosterEntry]) -> None:
    """Raise GradebookError if a row can't be stored, or two rows have one id. The message names the id."""
    if len(rows) > MAX_PEOPLE:
        raise GradebookError(f"the roster has {len(rows)} people; the limit is {MAX_PEOPLE}")
    seen: dict[str, str] = {}
    for row in rows:
        _check_row(row)
        if (key := name_key(row.id)) in seen:
            other = "two rows have the id" if seen[key] == row.id else f"only case differs between {seen[key]} and"
            raise GradebookError(f"{other} {row.id}; give each person an id of their own")
        seen[key] = row.id


def _check_row(row: RosterEntry) -> None:
    shown = repr(row.id[:MAX_ID])
    if not is_safe(row.id) or row.id != safe_name(row.id) or len(row.id) > MAX_ID:
        hint = f"; {safe_name(row.id)} would do" if row.id.strip() else ""
        raise GradebookError(f"the id {shown} can't name a student: use letters, digits, '.', '_' and '-'{hint}")
    if row.role not in ROLES:
        raise GradebookError(f"the role of {shown} is {str(row.role)[:MAX_ID]!r}; it can be {', '.join(ROLES)}")
    for name, text, limit in (("name", row.name, MAX_NAME), ("email", row.email, MAX_EMAIL)):
        if len(text) > limit or not text.isprintable():
            raise GradebookError(f"the {name} of {shown} must be one line of at most {limit} characters")


def _everybody(connection: Connection) -> list[Person]:
    rows = connection.execute(select(*person_columns()).order_by(PEOPLE.c.name_id).limit(MAX_PEOPLE))
    return [as_person(row) for row in rows]


def _locked(connection: Connection, id: str) -> Row[Any]:
    """Return a person's row, locked until the transaction ends. Raises GradebookError if there is none."""
    row = connection.execute(select(PEOPLE).where(PEOPLE.c.name_id == column_text(id)).with_for_update()).first()
    if row is None:
        raise GradebookError(f"there is nobody with the id {id[:MAX_ID]!r} in the roster")
    return row


def _described(fields: dict[str, Any]) -> str:
    return msgspec.json.encode(fields).decode()
