"""Courses of learning platforms (contexts, in LTI), their people, and the columns of their gradebooks.

A data folder is one course. It may be taught in several contexts, and an instructor of the portal accepts each: a
platform's teacher who isn't one of ours must not become one. Ids of people hold the number of the platform, so that
people of two platforms are never one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from grader._util.escaping import one_line
from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.outbox import enqueue_score
from grader.gradebook.roster import (
    MAX_EMAIL,
    MAX_NAME,
    MAX_PEOPLE,
    Person,
    Role,
    Roster,
    RosterEntry,
    as_person,
    person_columns,
)
from grader.gradebook.schema import (
    LTI_CONTEXTS,
    LTI_LINE_ITEMS,
    LTI_MEMBERS,
    LTI_PLATFORMS,
    LTI_USERS,
    OUTBOX,
    PEOPLE,
    SESSIONS,
)
from grader.gradebook.store import Gradebook, column_text

MAX_CONTEXTS = 1000  # of a platform
MAX_USER = 255  # characters of a platform's id of a person, as LTI says
PLAIN_USER = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*", re.ASCII)
PLAIN_LENGTH = 60
RANKS: dict[str, int] = {"student": 0, "assistant": 1, "instructor": 2}


class ContextEntry(msgspec.Struct, frozen=True):
    """A course as a platform describes it at a launch."""

    context: str  # the platform's id
    title: str
    line_items: str = ""  # address; empty if the platform offers none
    memberships: str = ""
    scopes: tuple[str, ...] = ()


class LtiContext(msgspec.Struct, frozen=True):
    """A course of a platform."""

    number: int
    platform: int
    entry: ContextEntry
    accepted: bool


class MemberEntry(msgspec.Struct, frozen=True):
    """A person as a platform describes them."""

    user: str  # the platform's id
    name: str
    email: str
    role: Role
    active: bool = True


class LineItem(msgspec.Struct, frozen=True):
    """Column of a platform's gradebook for an assignment."""

    resource_link: str
    url: str  # empty until it is known
    linked: bool  # whether the platform named it at a launch


class LtiCourses:
    """Courses of platforms, in a gradebook."""

    def __init__(self, book: Gradebook, roster: Roster) -> None:
        self._book = book
        self._roster = roster

    def arrive(self, platform: int, entry: ContextEntry) -> LtiContext:
        """Return the context of a launch, and keep what the platform says of it. A new one isn't accepted yet."""
        row = {"title": one_line(column_text(entry.title), MAX_NAME), "scopes": " ".join(entry.scopes)}
        row |= {name: column_text(getattr(entry, name)) for name in ("line_items", "memberships")}
        mine = (LTI_CONTEXTS.c.platform == platform, LTI_CONTEXTS.c.context == column_text(entry.context))
        with self._book.reading() as connection:
            known = connection.execute(select(LTI_CONTEXTS).where(*mine)).first()
        if known is not None and all(getattr(known, name) == value for name, value in row.items()):
            return _as_context(known)
        with self._book.writing(durable=True) as connection:
            if connection.execute(update(LTI_CONTEXTS).where(*mine).values(**row)).rowcount == 0:
                others = select(LTI_CONTEXTS.c.id).where(LTI_CONTEXTS.c.platform == platform).limit(MAX_CONTEXTS)
                if len(connection.execute(others).all()) >= MAX_CONTEXTS:
                    raise GradebookError(f"the platform has launched from {MAX_CONTEXTS} courses, the limit")
                new = {"platform": platform, "context": column_text(entry.context), **row}
                connection.execute(insert(LTI_CONTEXTS), new)
            return _as_context(connection.execute(select(LTI_CONTEXTS).where(*mine)).one())

    def contexts(self) -> list[LtiContext]:
        """Return the contexts of all platforms that aren't removed."""
        query = select(LTI_CONTEXTS).join(LTI_PLATFORMS, LTI_PLATFORMS.c.id == LTI_CONTEXTS.c.platform)
        query = query.where(~LTI_PLATFORMS.c.removed).order_by(LTI_CONTEXTS.c.id).limit(MAX_CONTEXTS)
        with self._book.reading() as connection:
            return [_as_context(row) for row in connection.execute(query)]

    def context(self, number: int) -> LtiContext | None:
        """Return a context; None if there is none."""
        with self._book.reading() as connection:
            row = connection.execute(select(LTI_CONTEXTS).where(LTI_CONTEXTS.c.id == number)).first()
        return _as_context(row) if row else None

    def accept(self, number: int, who: str, *, accepted: bool = True) -> None:
        """Let people of a context in, or end their sessions. Raises GradebookError if there is no such context."""
        with self._book.writing(durable=True) as connection:
            changed = update(LTI_CONTEXTS).where(LTI_CONTEXTS.c.id == number).values(accepted=accepted)
            row = connection.execute(changed.returning(LTI_CONTEXTS.c.title)).first()
            if row is None:
                raise GradebookError(f"there is no course {number}; `grader lti course list` shows their numbers")
            if not accepted:
                members = select(LTI_MEMBERS.c.person).where(LTI_MEMBERS.c.context == number)
                connection.execute(delete(SESSIONS).where(SESSIONS.c.person.in_(members)))
            record_change(connection, who, "accept course" if accepted else "refuse course", str(number), after=row[0])

    def enter(self, context: LtiContext, member: MemberEntry, who: str) -> Person:
        """Return the person of a launch from an accepted context; add or change them as the platform says.

        Raises GradebookError if the platform's id can't be that of a person.
        """
        with self._book.writing(durable=True) as connection:
            person = self._store(connection, context, member, who)
            for assignment in _assignments(connection, context.number):
                enqueue_score(connection, person.number, assignment)
        return person

    def synchronize(
        self, context: LtiContext, members: Sequence[MemberEntry], who: str, *, names_tutors: bool = True
    ) -> int:
        """Make the members of a context those that the platform lists, and return how many are active.

        Nobody is deleted, nor what they handed in. Who is a member nowhere any more loses their sessions.

        :param names_tutors: whether the list says of all who teach that they do; else the role of their last launch
            stays
        """
        if len(members) > MAX_PEOPLE:
            raise GradebookError(f"the platform lists {len(members)} people; the limit is {MAX_PEOPLE}")
        with self._book.writing(durable=True) as connection:
            active = [member for member in members if member.active]
            if not names_tutors:
                active = [_as_launched(connection, context, member) for member in active]
            listed = {self._store(connection, context, member, who).number for member in active}
            before = connection.scalars(
                select(LTI_MEMBERS.c.person).where(LTI_MEMBERS.c.context == context.number, LTI_MEMBERS.c.active)
            ).all()
            for person in set(before) - listed:
                gone = (LTI_MEMBERS.c.context == context.number, LTI_MEMBERS.c.person == person)
                connection.execute(update(LTI_MEMBERS).where(*gone).values(active=False))
                _end_sessions(connection, person)
            for assignment in _assignments(connection, context.number):
                for person in sorted(listed):
                    enqueue_score(connection, person, assignment)
            record_change(connection, who, "load roster", context.entry.title, after=f"{len(listed)} people")
        return len(listed)

    def bind(self, context: int, assignment: str, resource_link: str, url: str) -> None:
        """Keep which link and line item of a context belong to an assignment, as a launch says.

        The line item that is known stays, because scores are there. A first one makes the grades of all members wait
        to be sent, and rows that were parked for want of it.

        :param url: address of the line item; empty if the launch names none
        """
        known = self.line_item(context, assignment)
        if known and (known.url or not url):
            return
        fields = {"resource_link": column_text(resource_link), "url": column_text(url), "linked": bool(url)}
        with self._book.writing(durable=True) as connection:
            _put_line_item(connection, context, assignment, fields)
            its = (OUTBOX.c.context == context, OUTBOX.c.assignment == column_text(assignment))
            again = {"state": "waiting", "next_try": 0.0, "tries": 0}
            connection.execute(update(OUTBOX).where(*its, OUTBOX.c.state == "parked").values(**again))
            _fill_column(connection, context, assignment)

    def line_item(self, context: int, assignment: str) -> LineItem | None:
        """Return the line item of an assignment in a context; None if no link leads to the assignment."""
        mine = (LTI_LINE_ITEMS.c.context == context, LTI_LINE_ITEMS.c.assignment == column_text(assignment))
        with self._book.reading() as connection:
            query = select(*LTI_LINE_ITEMS.c["resource_link", "url", "linked"]).where(*mine)
            row = connection.execute(query).first()
        return LineItem(*row) if row else None

    def set_line_item(self, context: int, assignment: str, url: str) -> None:
        """Keep the address of a line item that was found or made; empty if it is gone.

        One that replaces another has none of the grades that the other had, so all wait to be sent.
        """
        mine = (LTI_LINE_ITEMS.c.context == context, LTI_LINE_ITEMS.c.assignment == column_text(assignment))
        with self._book.writing(durable=True) as connection:
            connection.execute(update(LTI_LINE_ITEMS).where(*mine).values(url=column_text(url)))
            if url:
                _fill_column(connection, context, assignment)

    def _store(self, connection: Connection, context: LtiContext, member: MemberEntry, who: str) -> Person:
        """Add or change a member and their person. The person's role is the highest that they have in any context."""
        if not 0 < len(member.user) <= MAX_USER:
            raise GradebookError(f"the platform's id of a person must have 1 to {MAX_USER} characters")
        known = _person_of(connection, context.platform, member.user)
        entry = self._entry(connection, context, member, known)
        if known is None:
            self._roster.put(connection, entry, None, who)
            number = connection.scalars(select(PEOPLE.c.id).where(PEOPLE.c.name_id == entry.id)).one()
            user = {"platform": context.platform, "user": column_text(member.user), "person": number}
            connection.execute(insert(LTI_USERS), user)
        else:
            number = known.number
        mine = {"context": context.number, "person": number}
        connection.execute(delete(LTI_MEMBERS).filter_by(**mine))
        connection.execute(insert(LTI_MEMBERS), {**mine, "role": member.role, "active": True})
        roles = select(LTI_MEMBERS.c.role).join(LTI_CONTEXTS, LTI_CONTEXTS.c.id == LTI_MEMBERS.c.context)
        held = (LTI_MEMBERS.c.person == number, LTI_MEMBERS.c.active, LTI_CONTEXTS.c.accepted)
        highest = max(connection.scalars(roles.where(*held)).all(), key=RANKS.__getitem__)
        before = _person(connection, number)
        self._roster.put(connection, msgspec.structs.replace(entry, id=before.id, role=highest), before, who)
        return _person(connection, number)

    def _entry(
        self, connection: Connection, context: LtiContext, member: MemberEntry, known: Person | None
    ) -> RosterEntry:
        """Return a member as a row of the roster. What the platform doesn't say stays as it was."""
        name = one_line(column_text(member.name), MAX_NAME) or (known.name if known else "")
        email = column_text(member.email) if len(member.email) <= MAX_EMAIL and member.email.isprintable() else ""
        id = known.id if known else _free_id(connection, context.platform, member.user)
        return RosterEntry(name, email or (known.email if known else ""), id, member.role)


def _as_launched(connection: Connection, context: LtiContext, member: MemberEntry) -> MemberEntry:
    """Return a member whom a list calls a student with the role of their last launch, if they teach."""
    known = _person_of(connection, context.platform, member.user) if member.role == "student" else None
    if known is None:
        return member
    mine = (LTI_MEMBERS.c.context == context.number, LTI_MEMBERS.c.person == known.number, LTI_MEMBERS.c.active)
    return msgspec.structs.replace(member, role=connection.scalar(select(LTI_MEMBERS.c.role).where(*mine)) or "student")


def new_person_ids(platform: int, user: str) -> Iterable[str]:
    """Yield ids for a new person of a platform: one that people recognize, and one that nobody else has."""
    if len(user) <= PLAIN_LENGTH and PLAIN_USER.fullmatch(user):
        yield f"lti{platform}-{user}"
    yield f"lti{platform}-{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def _free_id(connection: Connection, platform: int, user: str) -> str:
    for id in new_person_ids(platform, user):
        if connection.scalar(select(PEOPLE.c.id).where(PEOPLE.c.name_id == id)) is None:
            return id
    raise GradebookError(f"the roster has somebody else with the id {id}")


def _assignments(connection: Connection, context: int) -> Sequence[str]:
    """Return the assignments that links of a context lead to."""
    query = select(LTI_LINE_ITEMS.c.assignment).where(LTI_LINE_ITEMS.c.context == context)
    return connection.scalars(query.order_by(LTI_LINE_ITEMS.c.assignment)).all()


def _fill_column(connection: Connection, context: int, assignment: str) -> None:
    """Make the grades of all members wait to be sent to a line item that was found, made or named just now."""
    members = select(LTI_MEMBERS.c.person).where(LTI_MEMBERS.c.context == context)
    for person in connection.scalars(members.order_by(LTI_MEMBERS.c.person).limit(MAX_PEOPLE)).all():
        enqueue_score(connection, person, assignment, new_column=context)


def _put_line_item(connection: Connection, context: int, assignment: str, fields: dict[str, Any]) -> None:
    mine = {"context": context, "assignment": column_text(assignment)}
    connection.execute(delete(LTI_LINE_ITEMS).filter_by(**mine))
    connection.execute(insert(LTI_LINE_ITEMS), {**mine, **fields})


def _end_sessions(connection: Connection, person: int) -> None:
    """End the sessions of a person who is an active member nowhere."""
    active = select(LTI_MEMBERS.c.context).where(LTI_MEMBERS.c.person == person, LTI_MEMBERS.c.active).limit(1)
    if connection.scalar(active) is None:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person))


def _person_of(connection: Connection, platform: int, user: str) -> Person | None:
    query = select(*person_columns()).join(LTI_USERS, LTI_USERS.c.person == PEOPLE.c.id)
    mine = (LTI_USERS.c.platform == platform, LTI_USERS.c.user == column_text(user))
    row = connection.execute(query.where(*mine)).first()
    return as_person(row) if row else None


def _person(connection: Connection, number: int) -> Person:
    return as_person(connection.execute(select(*person_columns()).where(PEOPLE.c.id == number)).one())


def _as_context(row: Row[Any]) -> LtiContext:
    scopes = tuple(row.scopes.split())
    entry = ContextEntry(row.context, row.title, row.line_items, row.memberships, scopes)
    return LtiContext(row.id, row.platform, entry, row.accepted)
