"""Read attempts: those of a person or an assignment, the queue, and counts. Every list has a limit.

Shadows, which previews of regrades put into the queue, are in no list and no count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select

from grader.gradebook.attempts import INTERACTIVE, REGRADE, Attempt, QueueCounts, Standing
from grader.gradebook.roster import as_person, person_columns
from grader.gradebook.schema import ATTEMPTS, PEOPLE
from grader.gradebook.store import Gradebook, column_text
from grader.policies import HandIn

COLUMNS = ATTEMPTS.c[
    *("id", "public_id", "person", "assignment", "filename", "digest", "size", "received", "receipt", "state"),
    *("priority", "tries", "faults", "owner", "started", "finished", "result", "score", "max_score"),
    *("late", "handed_in", "shadow_of"),
].values()
# Literals: a statement that PostgreSQL prepares with parameters may not use the indexes of these states.
QUEUED = ATTEMPTS.c.state == literal_column("'queued'")
GRADING = ATTEMPTS.c.state == literal_column("'grading'")
REAL = ATTEMPTS.c.shadow_of.is_(None)  # no shadow
MAX_QUEUE = 100_000  # attempts whose places are found
MAX_TOGETHER = 1000  # numbers in one query


class _Waiting(NamedTuple):
    number: int
    person: int
    priority: int
    served: int  # people.served


@dataclass(frozen=True)
class QueuePlaces:
    """Places in the queue at one moment.

    :param places: number of each waiting attempt -> how many are expected to be graded before it, in this order
    :param waiting: person -> how many of theirs wait that were handed in and aren't regrades
    """

    places: Mapping[int, int]
    waiting: Mapping[int, int]

    def before(self, attempt: Attempt) -> int:
        """Return how many attempts are expected to be graded before one.

        One that was handed in since is in its turn behind everybody: of each other person, as many come before it as
        there were of its own, and one more.
        """
        if (place := self.places.get(attempt.number)) is not None:
            return place
        if attempt.priority == REGRADE:
            return len(self.places)
        turn = self.waiting.get(attempt.person, 0)
        return sum(min(count, turn + 1) for count in self.waiting.values())


class AttemptLists:
    """Attempts of a gradebook, for readers."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def get(self, public_id: str) -> Attempt | None:
        """Return the attempt with a public id; None if there is none."""
        return next(
            iter(self._read(select(*COLUMNS).where(REAL, ATTEMPTS.c.public_id == column_text(public_id)))), None
        )

    def of_person(self, person: int, assignment: str, limit: int, before: int | None = None) -> list[Attempt]:
        """Return a person's attempts for an assignment, newest first; with `before`, those older than this number."""
        theirs = (REAL, ATTEMPTS.c.person == person, ATTEMPTS.c.assignment == column_text(assignment))
        query = select(*COLUMNS).where(*theirs)
        return self._read(_page(query, limit, before))

    def handins(self, person: int, assignment: str) -> list[HandIn]:
        """Return what a person handed in for an assignment, oldest first, without the questions."""
        with self._book.reading() as connection:
            return read_handins(connection, person, column_text(assignment))

    def newest(self, assignment: str, limit: int, before: int | None = None) -> list[Attempt]:
        """Return everybody's attempts for an assignment, newest first; with `before`, those older than this number."""
        query = select(*COLUMNS).where(REAL, ATTEMPTS.c.assignment == column_text(assignment))
        return self._read(_page(query, limit, before))

    def numbered(self, numbers: Sequence[int]) -> list[Attempt]:
        """Return the attempts with these numbers, in the order of the numbers; of shadows, none."""
        wanted = sorted(set(numbers))
        return [
            attempt
            for start in range(0, len(wanted), MAX_TOGETHER)
            for attempt in self._read(
                _numbered(wanted[start : start + MAX_TOGETHER]).where(REAL).order_by(ATTEMPTS.c.id)
            )
        ]

    def running(self, assignment: str, limit: int) -> list[Attempt]:
        """Return the attempts that are being graded, oldest first."""
        query = select(*COLUMNS).where(REAL, GRADING, ATTEMPTS.c.assignment == column_text(assignment))
        return self._read(query.order_by(ATTEMPTS.c.id).limit(limit))

    def waiting(self, assignment: str, limit: int) -> list[Attempt]:
        """Return the attempts that wait, in the order in which they are expected to be graded."""
        numbers = list(self.places([assignment]).places)[:limit]
        with self._book.reading() as connection:
            rows = connection.execute(select(*COLUMNS).where(QUEUED, ATTEMPTS.c.id.in_(numbers))).all()
        place = {number: index for index, number in enumerate(numbers)}
        return sorted(map(as_attempt, rows), key=lambda attempt: place[attempt.number])

    def places(self, assignments: Iterable[str]) -> QueuePlaces:
        """Return the places of all waiting attempts. One read finds them: share it between those who ask.

        :param assignments: what the dispatcher claims
        """
        query = select(*ATTEMPTS.c["id", "person", "priority"], PEOPLE.c.served)
        query = query.join(PEOPLE, PEOPLE.c.id == ATTEMPTS.c.person).where(REAL, QUEUED, of_assignments(assignments))
        with self._book.reading() as connection:
            found = connection.execute(query.order_by(ATTEMPTS.c.id).limit(MAX_QUEUE))
            rows = [_Waiting(*tuple(row)) for row in found]
        served = {row.person: (0, row.served) for row in rows}
        order: list[int] = []
        for priority in (INTERACTIVE, REGRADE):
            for row in _in_turn([row for row in rows if row.priority == priority], served):
                served[row.person] = (1, len(order))
                order.append(row.number)
        waiting = Counter(row.person for row in rows if row.priority == INTERACTIVE)
        return QueuePlaces({number: place for place, number in enumerate(order)}, waiting)

    def position(self, attempt: Attempt, assignments: Iterable[str] = ()) -> int:
        """Return how many attempts are expected to be graded before one; 0 if it doesn't wait.

        :param assignments: what the dispatcher claims; the attempt's assignment alone if empty
        """
        return self.places(list(assignments) or [attempt.assignment]).places.get(attempt.number, 0)

    def standings(self, assignment: str, limit: int, after: str = "") -> list[Standing]:
        """Return the students with their newest attempts, sorted by id.

        :param after: return only students behind this id
        """
        theirs = (REAL, ATTEMPTS.c.person == PEOPLE.c.id, ATTEMPTS.c.assignment == column_text(assignment))
        mine = select(ATTEMPTS.c.id).where(*theirs).order_by(ATTEMPTS.c.id.desc()).limit(1)
        # Subqueries, because a join would group the attempts of all students for a page of a few.
        query = select(
            *person_columns(),
            select(func.count()).where(*theirs).correlate(PEOPLE).scalar_subquery(),
            mine.correlate(PEOPLE).scalar_subquery(),
            mine.where(ATTEMPTS.c.result.is_not(None)).correlate(PEOPLE).scalar_subquery(),
        ).where(PEOPLE.c.role == "student", PEOPLE.c.name_id > column_text(after))
        with self._book.reading() as connection:
            rows = connection.execute(query.order_by(PEOPLE.c.name_id).limit(limit)).all()
            numbers = sorted({number for row in rows for number in row[-2:] if number is not None})
            attempts = {
                attempt.number: attempt
                for start in range(0, len(numbers), MAX_TOGETHER)
                for attempt in map(as_attempt, connection.execute(_numbered(numbers[start : start + MAX_TOGETHER])))
            }
        return [Standing(as_person(row), row[-3], attempts.get(row[-2]), attempts.get(row[-1])) for row in rows]

    def counts(self) -> QueueCounts:
        """Return how many attempts of each assignment are in each state, and the age of the queue."""
        states = select(ATTEMPTS.c.assignment, ATTEMPTS.c.state, func.count())
        states = states.where(REAL).group_by(ATTEMPTS.c.assignment, ATTEMPTS.c.state)
        oldest = select(func.min(ATTEMPTS.c.received)).where(QUEUED, ATTEMPTS.c.priority == INTERACTIVE)
        with self._book.reading() as connection:
            rows = connection.execute(states).all()
            return QueueCounts({(row[0], row[1]): row[2] for row in rows}, connection.scalar(oldest))

    def grading_seconds(self, assignment: str, limit: int) -> list[float]:
        """Return how long the newest graded attempts took, from their claim to their report."""
        query = select(ATTEMPTS.c.started, ATTEMPTS.c.finished)
        query = query.where(ATTEMPTS.c.assignment == column_text(assignment), ATTEMPTS.c.state == "graded")
        with self._book.reading() as connection:
            rows = connection.execute(query.order_by(ATTEMPTS.c.id.desc()).limit(limit)).all()
        times = [[datetime.fromisoformat(text) for text in row if text] for row in rows]
        return [max(0.0, (pair[1] - pair[0]).total_seconds()) for pair in times if len(pair) == 2]

    def _read(self, query: Select[Any]) -> list[Attempt]:
        with self._book.reading() as connection:
            return [as_attempt(row) for row in connection.execute(query)]


def as_attempt(row: Sequence[Any]) -> Attempt:
    """Return the attempt in a row of COLUMNS."""
    return Attempt(*tuple(row))


def read_handins(connection: Connection, person: int, assignment: str) -> list[HandIn]:
    """Return what a person handed in for an assignment, oldest first, in an open transaction, without the questions."""
    query = select(*ATTEMPTS.c["id", "received", "state", "digest"])
    theirs = (REAL, ATTEMPTS.c.person == person, ATTEMPTS.c.assignment == assignment)
    return [
        HandIn(
            row.id,
            datetime.fromisoformat(row.received),
            "waiting" if row.state in ("queued", "grading") else row.state,
            digest=row.digest,
        )
        for row in connection.execute(query.where(*theirs).order_by(ATTEMPTS.c.id))
    ]


def of_assignments(assignments: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that an attempt is for one of the assignments."""
    return ATTEMPTS.c.assignment.in_([column_text(name) for name in assignments])


def _in_turn(rows: Sequence[_Waiting], served: Mapping[int, tuple[int, int]]) -> list[_Waiting]:
    """Return attempts, given by number, in the order of the queue: a person who was served is behind all others."""
    turns: dict[int, int] = {}
    first: dict[int, int] = {}
    keys: dict[int, tuple[int, tuple[int, int], int]] = {}
    for row in rows:
        turn = turns[row.person] = turns.get(row.person, -1) + 1
        keys[row.number] = (turn, served[row.person], first.setdefault(row.person, row.number))
    return sorted(rows, key=lambda row: keys[row.number])


def _numbered(numbers: Sequence[int]) -> Select[Any]:
    return select(*COLUMNS).where(ATTEMPTS.c.id.in_(numbers))


def _page(query: Select[Any], limit: int, before: int | None) -> Select[Any]:
    older = query if before is None else query.where(ATTEMPTS.c.id < before)
    return older.order_by(ATTEMPTS.c.id.desc()).limit(limit)
