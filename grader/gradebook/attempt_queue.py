"""Queue of attempts, with leases: each accepted attempt is finished exactly once, whoever is killed.

Order: what people hand in comes before regrades, and regrades come before previews of regrades. Within a priority, the
person comes first who was served least recently, and of persons never served the one who waits longest. A person's
attempts are graded one after another, in the order in which they were handed in.

A worker claims an attempt for a number of seconds and renews the lease while it grades. If the lease runs out, the
attempt waits again, and a result of the earlier claim isn't accepted. A claim is named by owner and `tries`.

Order never depends on a clock. Leases do: on the clock of the PostgreSQL server, or with SQLite, which serves one
machine, on that machine's monotonic clock, which is never set back. No lease is longer than MAX_LEASE_SECONDS, so one
that ends later is of another clock (the machine was started again, the server's clock was set back) and has run out.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, extract, func, insert, literal_column, or_, select, update

from grader.gradebook.attempt_lists import (
    COLUMNS,
    GRADING,
    QUEUED,
    REAL,
    AttemptLists,
    as_attempt,
    of_assignments,
    read_handins,
)
from grader.gradebook.attempts import INTERACTIVE, PREVIEW, REGRADE, Attempt, Ending, WorkerSeen
from grader.gradebook.audit import record_change
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.flags import PAUSED, read_flag
from grader.gradebook.outbox import enqueue_score
from grader.gradebook.regraded import ENDED
from grader.gradebook.regrades import enter_counting, explain_change, keep_preview
from grader.gradebook.schema import ATTEMPTS, PEOPLE, REGRADE_ITEMS, WORKERS
from grader.gradebook.store import Gradebook, add_result, column_text, new_number, result_row, utc_now
from grader.gradebook.upserts import upsert
from grader.models import ScoreReport
from grader.policies import HandIn

MAX_LEASE_SECONDS = 600
FORGET_WORKER_SECONDS = 86_400
MAX_FILENAME = 255  # characters
MAX_HANDED_IN = 100
MAX_TOGETHER = 100  # attempts that one transaction changes
PUBLIC_ID_BYTES = 16
RELEASED: dict[str, Any] = {"owner": None, "lease_until": None, "served_before": None}


class AttemptQueue(AttemptLists):
    """Queue of a gradebook. Threads and processes may share it.

    :param now: returns seconds, instead of the clock of leases
    """

    def __init__(self, book: Gradebook, now: Callable[[], float] | None = None) -> None:
        super().__init__(book)
        self._clock = now

    def hand_in(
        self,
        person: int,
        assignment: str,
        filename: str,
        digest: str,
        size: int,
        received: str,
        sign: Callable[[str], str],
        late: bool = False,
        handed_in: str = "",
        admit: Callable[[Sequence[HandIn]], None] | None = None,
    ) -> Attempt:
        """Accept a file and queue it. The attempt is durable when this returns; the file must be before.

        :param person: Person.number
        :param received: when the file was received, UTC, ISO 8601
        :param sign: returns the receipt for the public id of the attempt
        :param late: whether the platform says so from which a class was downloaded
        :param handed_in: time as that platform writes it
        :param admit: called with what the person handed in for the assignment before; an exception of it refuses the
            file. No other file of the person is accepted meanwhile
        """
        public_id = secrets.token_urlsafe(PUBLIC_ID_BYTES)
        row = {"public_id": public_id, "person": person, "assignment": column_text(assignment)}
        row |= {"filename": column_text(filename)[:MAX_FILENAME], "digest": digest, "size": size, "received": received}
        row |= {"receipt": sign(public_id), "state": "queued", "priority": INTERACTIVE, "tries": 0, "faults": 0}
        row |= {"late": late, "handed_in": column_text(handed_in)[:MAX_HANDED_IN]}
        with self._book.writing(durable=True) as connection:
            if admit:
                # NO KEY UPDATE, as in _next: rows that refer to the person don't wait for it.
                lock = select(PEOPLE.c.id).where(PEOPLE.c.id == person).with_for_update(key_share=True)
                connection.execute(lock).all()
                admit(read_handins(connection, person, column_text(assignment)))
            number = new_number(connection.execute(insert(ATTEMPTS), row).inserted_primary_key)
            return as_attempt(connection.execute(select(*COLUMNS).where(ATTEMPTS.c.id == number)).one())

    def claim(self, owner: str, seconds: float, assignments: Iterable[str]) -> Attempt | None:
        """Claim the next attempt for so many seconds; None if nothing can be claimed, or the queue is paused.

        :param owner: name of the worker, unique over all machines and starts
        """
        _check_lease(seconds)
        wanted = of_assignments(assignments)
        with self._book.reading() as connection:  # a worker without work doesn't lock the file
            if connection.scalar(select(ATTEMPTS.c.id).where(QUEUED, wanted).limit(1)) is None:
                return None
        with self._book.writing() as connection:
            if read_flag(connection, PAUSED):
                return None
            for priority in (INTERACTIVE, REGRADE, PREVIEW):
                waits = (QUEUED, ATTEMPTS.c.priority == priority, wanted)
                if (number := _next(connection, waits)) is not None:
                    return self._take(connection, number, owner, self._now(connection) + seconds)
        return None

    def renew(self, owner: str, seconds: float, numbers: Iterable[int] | None = None) -> int:
        """Extend a worker's leases to so many seconds from now and record its heartbeat. Return how many it has.

        :param numbers: attempts that the worker knows it has; None for all. A claim whose answer was lost with the
            database isn't among them: it runs out, and the attempt waits again
        """
        _check_lease(seconds)
        with self._book.writing() as connection:
            now = self._now(connection)
            held = update(ATTEMPTS).where(GRADING, ATTEMPTS.c.owner == owner).values(lease_until=now + seconds)
            if numbers is not None:
                held = held.where(ATTEMPTS.c.id.in_(list(numbers)))
            grading = connection.execute(held).rowcount
            seen = {"seen": now, "grading": grading}
            beat = upsert(connection.dialect, WORKERS).on_conflict_do_update(index_elements=[WORKERS.c.name], set_=seen)
            connection.execute(beat, {"name": column_text(owner), **seen})
        return grading

    def finish(self, attempt: Attempt, owner: str, run: int, report: ScoreReport, key: str, state: Ending) -> bool:
        """Store the report of a claimed attempt, which is no shadow, and end it, in one transaction.

        Return False, and store nothing, if the lease was lost to another worker. Raises ReportUnstorable.

        The entry of the student in the run becomes the result that counts without a policy.

        :param attempt: as `claim` returned it
        :param run: number of `Gradebook.new_run` for the assignment
        :param key: `RunFingerprint.report_key`
        """
        assert attempt.shadow_of is None, "what a preview made counts for nobody"
        row = result_row(run, report, key)
        ended = {"state": state, "finished": utc_now(), "score": report.score, "max_score": report.max_score}
        with self._book.writing() as connection:
            if not connection.execute(
                update(ATTEMPTS).where(*_claimed(attempt, owner)).values(**ended, **RELEASED)
            ).rowcount:
                return False
            number = add_result(connection, row)
            connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == attempt.number).values(result=number))
            enter_counting(self._book, connection, attempt.person, attempt.assignment, row["student"], run)
            enqueue_score(connection, attempt.person, attempt.assignment)
        return True

    def finish_preview(
        self, shadow: Attempt, owner: str, basis: RunFingerprint, report: ScoreReport, key: str, state: Ending
    ) -> bool:
        """Keep the report of a claimed shadow for `Regrades.confirm`, and take the shadow out of the queue.

        Return False, and keep nothing, if the lease was lost or the preview was discarded. Raises ReportUnstorable.

        :param shadow: as `claim` returned it
        :param basis: fingerprint of the run that `confirm` makes
        :param key: `RunFingerprint.report_key`
        """
        row, item = result_row(0, report, key), REGRADE_ITEMS.c.shadow == shadow.number
        change = explain_change(self._book, report, item)
        with self._book.writing() as connection:
            held = select(ATTEMPTS.c.id).where(*_claimed(shadow, owner)).with_for_update()
            if connection.scalar(held) is None:
                return False
            keep_preview(connection, basis, row, report, state, change, item)
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id == shadow.number))
        return True

    def put_back(self, attempt: Attempt, owner: str, *, fault: bool = False) -> bool:
        """Queue a claimed attempt again. Return False if the lease was lost to another worker.

        Its person keeps the place that they had before the claim, unless there was a grader error (`fault`): this is
        counted, and the person is served after the others.
        """
        with self._book.writing() as connection:
            lost = select(*ATTEMPTS.c["id", "person", "served_before"]).where(*_claimed(attempt, owner))
            row = connection.execute(lost.with_for_update()).first()
            if row is None:
                return False
            _queue_again(connection, row.id, faults=ATTEMPTS.c.faults + int(fault))
            if not fault:
                _restore_place(connection, row.person, row.served_before)
        return True

    def expire(self) -> list[Attempt]:
        """Queue attempts again whose lease has run out, and return them. Forget workers that are long gone.

        The person keeps the place they had, once: an attempt that ends its worker each time must not always be first.
        """
        found: list[Attempt] = []
        while part := self._expire_some():
            found += part
        return found

    def regrade(self, numbers: Iterable[int], who: str) -> int:
        """Queue finished attempts again, behind what people hand in, and return how many. Others are left alone.

        The earlier result of an attempt stays until the new one is there.
        """
        remaining, total = iter(numbers), 0
        while part := list(islice(remaining, MAX_TOGETHER)):
            done = update(ATTEMPTS).where(REAL, ATTEMPTS.c.id.in_(part), ATTEMPTS.c.state.in_(ENDED))
            done = done.values(state="queued", priority=REGRADE, faults=0).returning(ATTEMPTS.c.id)
            with self._book.writing(durable=True) as connection:
                changed = sorted(connection.scalars(done))
                if changed:
                    record_change(connection, who, "regrade attempts", ",".join(map(str, changed)))
            total += len(changed)
        return total

    def workers(self, limit: int) -> list[WorkerSeen]:
        """Return the workers, the one seen last first."""
        query = select(*WORKERS.c["name", "seen", "grading"]).order_by(WORKERS.c.seen.desc()).limit(limit)
        with self._book.reading() as connection:
            now = self._now(connection)
            return [WorkerSeen(row.name, max(0.0, now - row.seen), row.grading) for row in connection.execute(query)]

    def forget_worker(self, owner: str) -> None:
        """Forget the heartbeat of a worker that ends."""
        with self._book.writing() as connection:
            connection.execute(delete(WORKERS).where(WORKERS.c.name == column_text(owner)))

    def _take(self, connection: Connection, number: int, owner: str, until: float) -> Attempt:
        """Claim an attempt whose person is locked."""
        person = select(PEOPLE.c.id, PEOPLE.c.served).join(ATTEMPTS, ATTEMPTS.c.person == PEOPLE.c.id)
        row = connection.execute(person.where(ATTEMPTS.c.id == number)).one()
        last = connection.scalar(select(func.max(PEOPLE.c.served))) or 0
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == row.id).values(served=last + 1))
        lease = {"state": "grading", "owner": column_text(owner), "lease_until": until, "served_before": row.served}
        taken = update(ATTEMPTS).where(ATTEMPTS.c.id == number)
        taken = taken.values(**lease, tries=ATTEMPTS.c.tries + 1, started=utc_now())
        return as_attempt(connection.execute(taken.returning(*COLUMNS)).one())

    def _expire_some(self) -> list[Attempt]:
        with self._book.reading() as connection:  # nearly always there is none: don't lock the file
            ended = _passed(ATTEMPTS.c.lease_until, self._now(connection))
            if connection.scalar(select(ATTEMPTS.c.id).where(GRADING, ended).limit(1)) is None:
                return []
        with self._book.writing() as connection:
            now = self._now(connection)
            columns = ATTEMPTS.c["id", "person", "tries", "served_before"]
            lost = select(*columns).where(GRADING, _passed(ATTEMPTS.c.lease_until, now))
            lost = lost.order_by(ATTEMPTS.c.id).limit(MAX_TOGETHER)
            rows = connection.execute(lost.with_for_update(skip_locked=True)).all()
            for row in rows:
                _queue_again(connection, row.id)
                if row.tries == 1:
                    _restore_place(connection, row.person, row.served_before)
            found = connection.execute(select(*COLUMNS).where(ATTEMPTS.c.id.in_([row.id for row in rows]))).all()
            gone = or_(WORKERS.c.seen <= now - FORGET_WORKER_SECONDS, WORKERS.c.seen > now)
            connection.execute(delete(WORKERS).where(gone))
        return [as_attempt(row) for row in found]

    def _now(self, connection: Connection) -> float:
        """Return the seconds of the clock of leases."""
        if self._clock:
            return self._clock()
        if connection.dialect.name == "sqlite":
            return time.monotonic()  # of the machine, for all its processes
        return float(connection.scalar(select(extract("epoch", func.clock_timestamp()))) or 0)


def _next(connection: Connection, waits: Sequence[ColumnElement[bool]]) -> int | None:
    """Return the attempt to be claimed next and lock its person; None if there is none.

    In PostgreSQL others may claim at the same time. Locked persons are skipped. What a person has is read after the
    lock, because a claim may have been committed meanwhile.
    """
    grading = ATTEMPTS.alias()
    busy = (grading.c.person == PEOPLE.c.id, grading.c.state == literal_column("'grading'"))
    idle = ~select(grading.c.id).where(*busy).exists()
    waiting = select(ATTEMPTS.c.id).where(ATTEMPTS.c.person == PEOPLE.c.id, *waits).order_by(ATTEMPTS.c.id).limit(1)
    first = waiting.correlate(PEOPLE).scalar_subquery()
    person = select(PEOPLE.c.id).where(first.is_not(None), idle).order_by(PEOPLE.c.served, first).limit(1)
    # NO KEY UPDATE (key_share): what the person hands in meanwhile refers to the row, and doesn't wait.
    person = person.with_for_update(key_share=True, skip_locked=True, of=PEOPLE)
    while (found := connection.scalar(person)) is not None:
        number: int | None = connection.scalar(select(first).where(PEOPLE.c.id == found, idle))
        if number is not None:
            return number
    return None


def _claimed(attempt: Attempt, owner: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that this claim still holds the attempt."""
    mine = (ATTEMPTS.c.owner == column_text(owner), ATTEMPTS.c.tries == attempt.tries)
    return (ATTEMPTS.c.id == attempt.number, GRADING, *mine)


def _passed(column: ColumnElement[float], now: float) -> ColumnElement[bool]:
    """Return the condition that a time has passed, or is of another clock."""
    return or_(column <= now, column > now + MAX_LEASE_SECONDS)


def _queue_again(connection: Connection, number: int, **values: Any) -> None:
    again = update(ATTEMPTS).where(ATTEMPTS.c.id == number)
    connection.execute(again.values(state="queued", **RELEASED, **values))


def _restore_place(connection: Connection, person: int, served: int) -> None:
    connection.execute(update(PEOPLE).where(PEOPLE.c.id == person).values(served=served))


def _check_lease(seconds: float) -> None:
    if not 0 < seconds <= MAX_LEASE_SECONDS:
        raise ValueError(f"a lease takes 0 to {MAX_LEASE_SECONDS} seconds, not {seconds}")
