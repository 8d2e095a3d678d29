"""Learning platforms that may launch the portal (LTI 1.3), and tickets: what is valid once and for a while."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.roster import token_hash
from grader.gradebook.schema import LTI_DEPLOYMENTS, LTI_PLATFORMS, LTI_TICKETS, LTI_USERS, SESSIONS
from grader.gradebook.store import Gradebook, column_text, new_number

Content = TypeVar("Content")
TicketKind = Literal["login", "launch", "window", "choice", "registration"]

MAX_PLATFORMS = 100
MAX_DEPLOYMENTS = 1000  # of a platform
MAX_FIELD = 2000  # characters of an address or id
MAX_TICKETS = 20_000  # of a kind; the oldest are forgotten first
MAX_TICKET_CONTENT = 1 << 17  # characters of JSON


ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]+)?|https?://\[[0-9a-fA-F:]+\](:[0-9]+)?", re.ASCII)


class PlatformEntry(msgspec.Struct, frozen=True):
    """What a platform and the portal have to know of each other. Addresses are URLs."""

    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    name: str = ""
    audience: str = ""  # of assertions for access tokens, if it isn't the token_url
    origins: tuple[str, ...] = ()  # whose pages may show the portal in a frame
    product: str = ""  # such as canvas or moodle


class LearningPlatform(msgspec.Struct, frozen=True):
    """A registered platform."""

    number: int
    entry: PlatformEntry
    deployments: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return a name for people."""
        return self.entry.name or self.entry.issuer


class Platforms:
    """Platforms of a gradebook. One that is removed keeps its people and their work, and may be added again."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def add(self, entry: PlatformEntry, deployments: tuple[str, ...], who: str) -> LearningPlatform:
        """Register a platform, or change the one with its issuer and client id; deployments are added.

        Raises GradebookError if there are too many, or a field is too long.
        """
        _check_fields(entry, deployments)
        row: dict[str, Any] = {"origins": " ".join(entry.origins), "removed": False}
        row |= {
            name: column_text(getattr(entry, name)) for name in PlatformEntry.__struct_fields__ if name != "origins"
        }
        with self._book.writing(durable=True) as connection:
            known = _find(connection, _is(entry.issuer, entry.client_id))
            if known is None:
                if len(connection.execute(select(LTI_PLATFORMS.c.id)).all()) >= MAX_PLATFORMS:
                    raise GradebookError(f"there are {MAX_PLATFORMS} platforms, the limit; remove some")
                number = new_number(connection.execute(insert(LTI_PLATFORMS), row).inserted_primary_key)
            else:
                number = known.number
                connection.execute(update(LTI_PLATFORMS).where(LTI_PLATFORMS.c.id == number).values(**row))
            for deployment in deployments:
                _add_deployment(connection, number, deployment)
            record_change(connection, who, "add platform", entry.issuer, after=f"client {entry.client_id}")
            found = _find(connection, LTI_PLATFORMS.c.id == number)
        assert found
        return found

    def add_deployment(self, number: int, deployment: str, who: str) -> None:
        """Let a platform launch by one more deployment. Raises GradebookError if there is no such platform."""
        with self._book.writing(durable=True) as connection:
            platform = _known(connection, number)
            _check_fields(platform.entry, (deployment,))
            _add_deployment(connection, number, deployment)
            record_change(connection, who, "add deployment", platform.entry.issuer, after=deployment)

    def learn_product(self, platform: LearningPlatform, product: str) -> None:
        """Keep the name of a platform's product, as a launch says, if it isn't known yet."""
        if product and not platform.entry.product:
            with self._book.writing() as connection:
                changed = update(LTI_PLATFORMS).where(LTI_PLATFORMS.c.id == platform.number)
                connection.execute(changed.values(product=column_text(product)[:MAX_FIELD]))

    def remove(self, number: int, who: str) -> None:
        """Refuse launches from a platform, end the sessions of its people, and send it nothing.

        Raises GradebookError if there is no such platform.
        """
        with self._book.writing(durable=True) as connection:
            platform = _known(connection, number)
            connection.execute(update(LTI_PLATFORMS).where(LTI_PLATFORMS.c.id == number).values(removed=True))
            connection.execute(delete(LTI_DEPLOYMENTS).where(LTI_DEPLOYMENTS.c.platform == number))
            people = select(LTI_USERS.c.person).where(LTI_USERS.c.platform == number)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.person.in_(people)))
            record_change(connection, who, "remove platform", platform.entry.issuer)

    def all(self) -> list[LearningPlatform]:
        """Return the platforms, in the order in which they were added."""
        query = select(LTI_PLATFORMS).where(~LTI_PLATFORMS.c.removed).order_by(LTI_PLATFORMS.c.id)
        with self._book.reading() as connection:
            return [_as_platform(connection, row) for row in connection.execute(query.limit(MAX_PLATFORMS)).all()]

    def get(self, number: int) -> LearningPlatform | None:
        """Return a platform; None if there is none."""
        with self._book.reading() as connection:
            return _find(connection, (LTI_PLATFORMS.c.id == number) & ~LTI_PLATFORMS.c.removed)

    def of_issuer(self, issuer: str, client_id: str = "") -> list[LearningPlatform]:
        """Return the platforms of an issuer, with a client id that one alone.

        One issuer may serve many schools, each with its own client id, so without it there may be several.
        """
        wanted = LTI_PLATFORMS.c.issuer == column_text(issuer)
        if client_id:
            wanted &= LTI_PLATFORMS.c.client_id == column_text(client_id)
        query = select(LTI_PLATFORMS).where(wanted, ~LTI_PLATFORMS.c.removed).limit(MAX_PLATFORMS)
        with self._book.reading() as connection:
            return [_as_platform(connection, row) for row in connection.execute(query).all()]


class Tickets:
    """Tickets of a gradebook: random tokens of which it holds the hash, each valid once and for a while.

    :param now: returns seconds since 1970
    """

    def __init__(self, book: Gradebook, now: Callable[[], float] = time.time) -> None:
        self._book = book
        self._now = now

    def issue(self, kind: TicketKind, content: Any, seconds: float) -> str:
        """Return a new ticket for some content, which msgspec can encode. Forget those that have expired."""
        token = secrets.token_urlsafe(32)
        text = msgspec.json.encode(content).decode()
        if len(text) > MAX_TICKET_CONTENT:
            raise GradebookError(f"the request has {len(text)} characters; the limit is {MAX_TICKET_CONTENT}")
        row = {"hash": token_hash(token), "kind": kind, "content": text, "expires": self._now() + seconds}
        mine = LTI_TICKETS.c.kind == kind
        newest = select(LTI_TICKETS.c.expires).where(mine).order_by(LTI_TICKETS.c.expires.desc())
        with self._book.writing() as connection:
            connection.execute(delete(LTI_TICKETS).where(LTI_TICKETS.c.expires <= self._now()))
            last = connection.scalar(newest.offset(MAX_TICKETS - 1).limit(1))
            if last is not None:
                connection.execute(delete(LTI_TICKETS).where(mine, LTI_TICKETS.c.expires <= last))
            connection.execute(insert(LTI_TICKETS), row)
        return token

    def take(self, kind: TicketKind, token: str, type: type[Content]) -> Content | None:
        """Return the content of a ticket, which is void from now on; None if it isn't valid."""
        mine = (LTI_TICKETS.c.hash == token_hash(token), LTI_TICKETS.c.kind == kind)
        taken = delete(LTI_TICKETS).where(*mine).returning(LTI_TICKETS.c.content, LTI_TICKETS.c.expires)
        with self._book.writing() as connection:
            row = connection.execute(taken).first()
        return msgspec.json.decode(row.content, type=type) if row and row.expires > self._now() else None

    def look(self, kind: TicketKind, token: str, type: type[Content]) -> Content | None:
        """Return the content of a ticket, which stays valid; None if it isn't."""
        mine = (LTI_TICKETS.c.hash == token_hash(token), LTI_TICKETS.c.kind == kind)
        with self._book.reading() as connection:
            row = connection.execute(select(LTI_TICKETS).where(*mine, LTI_TICKETS.c.expires > self._now())).first()
        return msgspec.json.decode(row.content, type=type) if row else None


def _is(issuer: str, client_id: str) -> ColumnElement[bool]:
    return (LTI_PLATFORMS.c.issuer == column_text(issuer)) & (LTI_PLATFORMS.c.client_id == column_text(client_id))


def _find(connection: Connection, condition: ColumnElement[bool]) -> LearningPlatform | None:
    row = connection.execute(select(LTI_PLATFORMS).where(condition)).first()
    return _as_platform(connection, row) if row else None


def _known(connection: Connection, number: int) -> LearningPlatform:
    found = _find(connection, (LTI_PLATFORMS.c.id == number) & ~LTI_PLATFORMS.c.removed)
    if found is None:
        raise GradebookError(f"there is no platform {number}; `grader lti platform list` shows their numbers")
    return found


def _as_platform(connection: Connection, row: Row[Any]) -> LearningPlatform:
    mine = select(LTI_DEPLOYMENTS.c.deployment).where(LTI_DEPLOYMENTS.c.platform == row.id)
    deployments = connection.scalars(mine.order_by(LTI_DEPLOYMENTS.c.deployment).limit(MAX_DEPLOYMENTS)).all()
    fields = {name: getattr(row, name) for name in PlatformEntry.__struct_fields__ if name != "origins"}
    return LearningPlatform(row.id, PlatformEntry(**fields, origins=tuple(row.origins.split())), tuple(deployments))


def _add_deployment(connection: Connection, platform: int, deployment: str) -> None:
    row = {"platform": platform, "deployment": column_text(deployment)}
    connection.execute(delete(LTI_DEPLOYMENTS).filter_by(**row))
    connection.execute(insert(LTI_DEPLOYMENTS), row)


def _check_fields(entry: PlatformEntry, deployments: tuple[str, ...]) -> None:
    fields = [value for value in msgspec.structs.astuple(entry) if isinstance(value, str)]
    if any(len(text) > MAX_FIELD or not text.isprintable() for text in (*fields, *entry.origins, *deployments)):
        raise GradebookError(f"each field of a platform must be one line of at most {MAX_FIELD} characters")
    if bad := [origin for origin in entry.origins if not ORIGIN.fullmatch(origin)]:
        raise GradebookError(f"{bad[0]!r} is no origin; write it as https://lms.example.org")
    if not (entry.issuer and entry.client_id and all(deployments)):
        raise GradebookError("a platform needs an issuer and a client id, and no deployment may be empty")
    if len(deployments) > MAX_DEPLOYMENTS:
        raise GradebookError(f"a platform may have {MAX_DEPLOYMENTS} deployments")
