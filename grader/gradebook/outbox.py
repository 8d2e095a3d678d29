"""Outbox: scores on their way to learning platforms.

A row is added in the transaction that changes the grade, if the change is one that the platform must hear of. The rows
of a student in a course are sent one after another, in the order in which they were added. One that the platform
refuses for good is parked, and doesn't hold up later ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, func, insert, select, update

from grader.gradebook.audit import AuditLog, record_change
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.extensions import extensions_of_assignment
from grader.gradebook.grades import student_record
from grader.gradebook.handins import WAITING
from grader.gradebook.late_days import assignments_after
from grader.gradebook.releases import release_times
from grader.gradebook.schema import (
    ATTEMPTS,
    LTI_CONTEXTS,
    LTI_LINE_ITEMS,
    LTI_MEMBERS,
    LTI_PLATFORMS,
    LTI_USERS,
    OUTBOX,
    PEOPLE,
)
from grader.gradebook.store import Gradebook, OpenTransaction, column_text, utc_now
from grader.policies import Grade, Policy
from grader.policies.compare import StudentRecord
from grader.policies.release import all_released, last_due

OutboxState = Literal["waiting", "sent", "parked"]

MAX_PROBLEM = 1000  # characters of why a row waits or is parked
STAMP_STEP = timedelta(seconds=1)  # Moodle compares whole seconds


class ScoreToSend(NamedTuple):
    """What a platform should know of a student's work. Without points, a person has to look at it.

    Without an attempt, the points are those that a person gave; none if they were taken back.
    """

    attempt: str  # public id; empty if nothing was handed in
    submitted: str  # when it was received; the same after each regrade
    score: float | None
    max_score: float | None


class OutboxRow(msgspec.Struct, frozen=True):
    """A score on its way."""

    number: int
    context: int
    person: int
    assignment: str
    attempt: str  # public id; empty if nothing was handed in
    submitted: str
    first: bool  # whether it is the first row about the attempt
    score: float | None
    max_score: float | None
    created: str
    state: OutboxState
    tries: int
    next_try: float  # seconds since 1970
    stamp: str  # empty before the first try
    unsure: bool  # whether an earlier try may have arrived
    problem: str
    sent: str  # when; empty before
    platform: int
    user: str  # the platform's id of the student
    student: str  # Person.id
    title: str  # of the platform's course


COLUMNS: tuple[Any, ...] = (
    *OUTBOX.c[
        *("id", "context", "person", "assignment", "attempt", "submitted", "first", "score", "max_score", "created"),
        *("state", "tries", "next_try"),
    ].values(),
    func.coalesce(OUTBOX.c.stamp, ""),
    OUTBOX.c.unsure,
    OUTBOX.c.problem,
    func.coalesce(OUTBOX.c.sent, ""),
    LTI_CONTEXTS.c.platform,
    LTI_USERS.c.user,
    PEOPLE.c.name_id,
    LTI_CONTEXTS.c.title,
)
ROWS = (
    select(*COLUMNS)
    .join(LTI_CONTEXTS, LTI_CONTEXTS.c.id == OUTBOX.c.context)
    .join(LTI_PLATFORMS, LTI_PLATFORMS.c.id == LTI_CONTEXTS.c.platform)
    .join(LTI_USERS, LTI_USERS.c.person == OUTBOX.c.person)
    .join(PEOPLE, PEOPLE.c.id == OUTBOX.c.person)
)


NOTHING = ScoreToSend("", "", None, None)  # of a student who handed in nothing, and from whom points were taken back


def score_to_send(connection: Connection, person: int, assignment: str) -> ScoreToSend | None:
    """Return the grade of a student that platforms should have; None if they should hear of none now.

    It is the final grade, with what a policy and people changed. One that students may not see yet isn't sent, nor 0
    for a file that can't be graded; and what is being graded again is sent when that has ended. Points that a person
    gave to somebody who handed in nothing are a final grade, too.
    """
    book = OpenTransaction(connection)
    student = connection.scalar(select(PEOPLE.c.name_id).where(PEOPLE.c.id == person))
    if student is None:
        return None
    policy = stored_policy(book, assignment)
    record = student_record(book, assignment, student, policy)
    questions = {question.name for handin in record.handins for question in handin.questions}
    if not _is_released(book, assignment, policy, questions):
        return None
    grade = record.grade(policy)
    if not record.handins:
        return _by_hand(record, grade)
    query = select(*ATTEMPTS.c["public_id", "received", "state"]).where(ATTEMPTS.c.id == grade.handin)
    counts = connection.execute(query).first() if grade.state in ("graded", "review") else None
    if counts is None or counts.state in WAITING:
        return None
    scored = grade.state == "graded"
    return ScoreToSend(counts.public_id, counts.received, *((grade.final, grade.max) if scored else (None, None)))


def _by_hand(record: StudentRecord, grade: Grade) -> ScoreToSend | None:
    """Return what people gave to a student who handed in nothing, or that they took it back; None if they gave none."""
    if grade.state == "graded" and grade.max:
        return ScoreToSend("", "", grade.final, grade.max)
    return NOTHING if record.adjustments else None


def _is_released(book: OpenTransaction, assignment: str, policy: Policy, questions: Iterable[str]) -> bool:
    """Return whether students may see their grade now: the results of all questions."""
    times = release_times(book, assignment)
    extended = extensions_of_assignment(book, assignment).values() if policy.due else ()
    return all_released(policy, times, last_due(policy, extended), datetime.now(UTC), questions)


def _is_news(wanted: ScoreToSend, last: ScoreToSend | None) -> bool:
    """Return whether a platform has to hear of a grade. One that was sent no points has none to forget.

    :param last: what it was sent last, or will be; None if nothing
    """
    return wanted != last and not (wanted == NOTHING and last is None)


def enqueue_score(connection: Connection, person: int, assignment: str, new_column: int = 0) -> None:
    """Add what platforms have to hear of a student's grades, in the transaction that may have changed them.

    A grade may change those for which fewer late days are left then. Nothing is added for a grade that a platform has
    been sent, or will be.

    :param new_column: number of the context that has another column of the assignment now: what the old one was sent
        doesn't count
    """
    _enqueue(connection, person, assignment, new_column)
    book = OpenTransaction(connection)
    for later in assignments_after(book, assignment, stored_policy(book, assignment)):
        _enqueue(connection, person, later)


def _enqueue(connection: Connection, person: int, assignment: str, new_column: int = 0) -> None:
    places = select(LTI_MEMBERS.c.context).join(LTI_CONTEXTS, LTI_CONTEXTS.c.id == LTI_MEMBERS.c.context)
    places = places.join(LTI_LINE_ITEMS, LTI_LINE_ITEMS.c.context == LTI_CONTEXTS.c.id)
    places = places.where(LTI_MEMBERS.c.person == person, LTI_MEMBERS.c.role == "student", LTI_CONTEXTS.c.accepted)
    places = places.where(LTI_LINE_ITEMS.c.assignment == column_text(assignment)).order_by(LTI_MEMBERS.c.context)
    contexts = connection.scalars(places.with_for_update(of=LTI_MEMBERS)).all()  # so that a row is added once
    wanted = score_to_send(connection, person, assignment) if contexts else None
    if wanted is None:
        return
    for context in contexts:
        _add(connection, context, person, assignment, wanted, is_new=context == new_column)


def _add(
    connection: Connection, context: int, person: int, assignment: str, wanted: ScoreToSend, *, is_new: bool
) -> None:
    mine = (OUTBOX.c.context == context, OUTBOX.c.person == person, OUTBOX.c.assignment == column_text(assignment))
    last = connection.execute(select(OUTBOX).where(*mine).order_by(OUTBOX.c.id.desc()).limit(1)).first()
    there = last if last and not (is_new and last.state == "sent") else None
    if not _is_news(
        wanted, ScoreToSend(there.attempt, there.submitted, there.score, there.max_score) if there else None
    ):
        return
    known = connection.scalar(select(OUTBOX.c.id).where(*mine, OUTBOX.c.attempt == wanted.attempt).limit(1))
    row: dict[str, Any] = {"context": context, "person": person, "assignment": column_text(assignment)}
    row |= {**wanted._asdict(), "first": known is None, "created": utc_now(), "state": "waiting", "tries": 0}
    row |= {"next_try": 0.0, "lease_until": 0.0, "unsure": False, "problem": ""}
    connection.execute(insert(OUTBOX), row)


def enqueue_scores(book: Gradebook, assignments: Iterable[str]) -> None:
    """Add what platforms have to hear of any student's grade.

    Grades also change without a new result: by adjustments, extensions, releases, another policy, and as time passes.
    """
    members = select(LTI_MEMBERS.c.person, LTI_LINE_ITEMS.c.assignment).distinct()
    members = members.join(LTI_LINE_ITEMS, LTI_LINE_ITEMS.c.context == LTI_MEMBERS.c.context)
    members = members.where(
        LTI_MEMBERS.c.role == "student", LTI_LINE_ITEMS.c.assignment.in_([column_text(name) for name in assignments])
    )
    with book.reading() as connection:
        found = connection.execute(members.order_by(LTI_MEMBERS.c.person)).all()
    for person, assignment in found:  # a short transaction each: nobody who hands in waits for all of them
        with book.reading() as connection:
            wanted = score_to_send(connection, person, assignment)
            if wanted is None or not any(_is_news(wanted, last) for last in _last(connection, person, assignment)):
                continue
        with book.writing(durable=True) as connection:
            enqueue_score(connection, person, assignment)


def _last(connection: Connection, person: int, assignment: str) -> set[ScoreToSend | None]:
    """Return what the courses of a student have been sent last, or will be; None stands for a course without a row."""
    contexts = select(LTI_MEMBERS.c.context).where(LTI_MEMBERS.c.person == person)
    found: set[ScoreToSend | None] = set()
    for context in connection.scalars(contexts).all():
        mine = (OUTBOX.c.context == context, OUTBOX.c.person == person, OUTBOX.c.assignment == column_text(assignment))
        query = select(*OUTBOX.c["attempt", "submitted", "score", "max_score"]).where(*mine)
        row = connection.execute(query.order_by(OUTBOX.c.id.desc()).limit(1)).first()
        found.add(ScoreToSend(*row) if row else None)
    return found


class Outbox:
    """Outbox of a gradebook, for those who send and for readers. Servers that share the gradebook share the work.

    :param now: returns seconds since 1970
    """

    def __init__(self, book: Gradebook, now: Callable[[], float] = time.time) -> None:
        self._book = book
        self.now = now

    def decisions(self) -> int:
        """Return a number that grows with each thing that a person decides."""
        return AuditLog(self._book).newest()

    def enqueue_all(self, assignments: Iterable[str]) -> None:
        """Add what platforms have to hear of the grades of these assignments, as `enqueue_scores` does."""
        enqueue_scores(self._book, assignments)

    def claim(self, seconds: float) -> OutboxRow | None:
        """Return the next row to be sent, which no other server sends for so many seconds; None if there is none.

        It has a timestamp that is strictly newer than those of the student's rows before it.
        """
        now = self.now()
        earlier = OUTBOX.alias()
        theirs = (earlier.c.context == OUTBOX.c.context, earlier.c.person == OUTBOX.c.person)
        before = select(earlier.c.id).where(*theirs, earlier.c.state == "waiting", earlier.c.id < OUTBOX.c.id).exists()
        due = (OUTBOX.c.state == "waiting", OUTBOX.c.next_try <= now, OUTBOX.c.lease_until <= now, ~before)
        query = ROWS.add_columns(OUTBOX.c.lease_until).where(*due, LTI_CONTEXTS.c.accepted, ~LTI_PLATFORMS.c.removed)
        query = query.order_by(OUTBOX.c.id).limit(1)
        with self._book.reading() as connection:  # nearly always there is none: don't lock the file
            if connection.execute(query).first() is None:
                return None
        with self._book.writing(durable=True) as connection:  # the stamp is on the disk before it is sent
            row = connection.execute(query.with_for_update(skip_locked=True, of=OUTBOX)).first()
            if row is None:
                return None
            # A lease that ran out: the server was killed while it sent the row.
            changed: dict[str, Any] = {"unsure": row.unsure or row[-1] > 0, "tries": row.tries + 1}
            changed |= {"lease_until": now + seconds, "stamp": _stamp(connection, row, now)}
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**changed))
            found = connection.execute(ROWS.where(OUTBOX.c.id == row.id)).one()
        return OutboxRow(*found)

    def sent(self, row: OutboxRow) -> None:
        """Keep that a claimed row has arrived."""
        self._change(row.number, state="sent", sent=utc_now(), problem="")

    def park(self, row: OutboxRow, problem: str) -> None:
        """Give a claimed row up, with the platform's words."""
        self._change(row.number, state="parked", problem=problem)

    def later(self, row: OutboxRow, problem: str, seconds: float, *, unsure: bool, new_stamp: bool = False) -> None:
        """Send a claimed row again after so many seconds.

        :param unsure: whether it may have arrived, so that its timestamp must stay
        :param new_stamp: whether the platform has refused its timestamp
        """
        changed: dict[str, Any] = {"next_try": self.now() + seconds, "unsure": (row.unsure or unsure) and not new_stamp}
        if new_stamp:
            changed["stamp"] = None
        self._change(row.number, problem=problem, **changed)

    def postpone(self, platform: int, seconds: float) -> None:
        """Send nothing to a platform for so many seconds, because it doesn't answer."""
        its = select(LTI_CONTEXTS.c.id).where(LTI_CONTEXTS.c.platform == platform)
        until = self.now() + seconds
        waiting = (OUTBOX.c.state == "waiting", OUTBOX.c.next_try < until, OUTBOX.c.context.in_(its))
        with self._book.writing() as connection:
            connection.execute(update(OUTBOX).where(*waiting).values(next_try=until))

    def retry(self, number: int, who: str) -> bool:
        """Send a parked row again. Return False if it isn't parked."""
        parked = update(OUTBOX).where(OUTBOX.c.id == number, OUTBOX.c.state == "parked")
        again = parked.values(state="waiting", next_try=0.0, tries=0, stamp=None, unsure=False)
        with self._book.writing(durable=True) as connection:
            found = bool(connection.execute(again).rowcount)
            if found:
                record_change(connection, who, "retry score", str(number))
        return found

    def rows(self, limit: int, states: tuple[OutboxState, ...] = ("parked", "waiting")) -> list[OutboxRow]:
        """Return rows in these states: parked ones first, then by number."""
        query = ROWS.where(OUTBOX.c.state.in_(states)).order_by(OUTBOX.c.state, OUTBOX.c.id).limit(limit)
        with self._book.reading() as connection:
            return [OutboxRow(*row) for row in connection.execute(query)]

    def counts(self) -> dict[OutboxState, int]:
        """Return how many rows are in each state."""
        query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
        with self._book.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def _change(self, number: int, *, problem: str, **values: Any) -> None:
        done = update(OUTBOX).where(OUTBOX.c.id == number, OUTBOX.c.state == "waiting")
        done = done.values(lease_until=0.0, problem=column_text(problem)[:MAX_PROBLEM], **values)
        with self._book.writing(durable=True) as connection:
            connection.execute(done)


def _stamp(connection: Connection, row: Row[Any], now: float) -> str:
    """Return the timestamp of a row: the one it has, or one that is strictly newer than those before it."""
    kept = connection.scalar(select(OUTBOX.c.stamp).where(OUTBOX.c.id == row.id))
    if kept:
        return str(kept)
    same = (OUTBOX.c.context == row.context, OUTBOX.c.person == row.person, OUTBOX.c.assignment == row.assignment)
    last = connection.scalar(select(func.max(OUTBOX.c.stamp)).where(*same))
    stamp = datetime.fromtimestamp(now, UTC)
    if last:
        stamp = max(stamp, datetime.fromisoformat(last) + STAMP_STEP)
    return stamp.isoformat(timespec="milliseconds")
