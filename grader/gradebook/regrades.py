"""Regrades: which attempts were graded again, what that changed, and previews.

A preview grades attempts again without any effect on what counts. Each attempt gets a shadow, a row in the queue that
no list shows. The shadow is deleted when it is graded, and its result waits in the table `previews`. `confirm` makes
the results count, all in one transaction; `discard` deletes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Iterator, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, literal, select, text, update

from grader._util.escaping import escape_surrogates
from grader._util.wording import format_number
from grader.gradebook.attempt_lists import REAL
from grader.gradebook.attempts import PREVIEW, Ending, State
from grader.gradebook.audit import record_change
from grader.gradebook.errors import GradebookError
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.outbox import enqueue_score
from grader.gradebook.report_size import MAX_REPORT
from grader.gradebook.run_diff import StudentChange, compare_reports
from grader.gradebook.schema import ATTEMPTS, ENTRIES, PREVIEWS, REGRADE_ITEMS, REGRADES, RESULTS, RUNS
from grader.gradebook.store import Gradebook, column_text, decode_report, new_number, utc_now
from grader.models import ScoreReport

RegradeState = Literal["direct", "preview", "confirmed", "discarded"]
Kept = Literal["grader error", "being graded", "another result"]  # why a preview doesn't replace a result

ENDED = ("graded", "rejected", "review")
PUBLIC_ID_BYTES = 16
TOGETHER = 500  # numbers in one statement
ROUNDING = 1e-9  # difference of points that is none
MOVED = ("student", "key", "status", "score", "digest", "report")  # columns of previews and results


class RegradeRefused(GradebookError):
    """The preview can't be confirmed or discarded. The text is a sentence for people."""


class ScoresDrop(RegradeRefused):
    """Confirming the preview would lower scores, and the caller didn't allow that."""


class Points(msgspec.Struct, frozen=True):
    """A score and its maximum."""

    score: float
    max_score: float

    def is_below(self, other: Points) -> bool:
        """Return whether this is fewer points than another score, or a smaller share of the maximum."""
        shares = self.score * other.max_score - other.score * self.max_score
        return self.score < other.score - ROUNDING or shares < -ROUNDING


class Regrade(msgspec.Struct, frozen=True):
    """One regrade. Times are UTC, ISO 8601."""

    number: int
    public_id: str  # random; for addresses
    assignment: str
    who: str
    started: str
    state: RegradeState
    ended: str | None  # when a preview was confirmed or discarded
    ended_by: str | None


class RegradedAttempt(msgspec.Struct, frozen=True):
    """One attempt of a regrade, before and after."""

    number: int  # Attempt.number
    public_id: str
    person: int  # Person.number
    state: State  # of the shadow in a preview, of the attempt in a direct regrade
    before: Points | None  # None if there was no score that a student could see
    after: Points | None  # None as long as there is none, and after a grader error
    change: StudentChange | None  # question by question; for previews
    kept: Kept | None  # why the result before stays
    assignment_digest: str  # what the preview was graded with; empty before it was, and for a direct regrade

    @property
    def ended(self) -> bool:
        """Return whether the attempt is graded again."""
        return self.state in ENDED

    @property
    def changed(self) -> bool:
        """Return whether the attempt was graded again with another outcome."""
        return self.change is not None or (self.after is not None and self.after != self.before)

    @property
    def lower(self) -> bool:
        """Return whether the score is lower than before, or would be if the preview is confirmed."""
        replaces = self.kept is None and self.before is not None and self.after is not None
        return bool(replaces and self.before and self.after and self.after.is_below(self.before))


class Regrades:
    """Regrades of a gradebook."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def start(self, assignment: str, numbers: Sequence[int], who: str, *, preview: bool) -> Regrade:
        """Begin a regrade of the attempts that have ended; others are left out.

        A preview queues them. A direct regrade only keeps the results before: `AttemptQueue.regrade` queues it.

        :param numbers: of attempts of the assignment
        """
        made: dict[str, Any] = {"public_id": secrets.token_urlsafe(PUBLIC_ID_BYTES), "started": utc_now()}
        made |= {"assignment": column_text(assignment), "who": column_text(who)}
        made["state"] = "preview" if preview else "direct"
        with self._book.writing(durable=True) as connection:
            regrade = new_number(connection.execute(insert(REGRADES), made).inserted_primary_key)
            found: list[Row[Any]] = []
            for part in _parts(numbers):
                wanted = (ATTEMPTS.c.id.in_(part), REAL, ATTEMPTS.c.assignment == made["assignment"])
                query = select(ATTEMPTS).where(*wanted, ATTEMPTS.c.state.in_(ENDED)).order_by(ATTEMPTS.c.id)
                found += connection.execute(query).all()
            shadows = _add_shadows(connection, made["public_id"], found) if preview and found else {}
            if found:
                items = [_item(regrade, row, shadows.get(row.id)) for row in found]
                connection.execute(insert(REGRADE_ITEMS), items)
            if preview:
                record_change(connection, who, "preview regrade", made["public_id"], after=f"{len(found)} attempts")
        return Regrade(regrade, **made, ended=None, ended_by=None)

    def get(self, assignment: str, public_id: str) -> Regrade | None:
        """Return a regrade of an assignment; None if there is none."""
        query = select(REGRADES).where(REGRADES.c.public_id == column_text(public_id))
        with self._book.reading() as connection:
            row = connection.execute(query.where(REGRADES.c.assignment == column_text(assignment))).first()
        return Regrade(*row) if row else None

    def open_previews(self, assignment: str, limit: int) -> list[Regrade]:
        """Return the previews that were neither confirmed nor discarded, newest first."""
        query = select(REGRADES).where(REGRADES.c.assignment == column_text(assignment), REGRADES.c.state == "preview")
        with self._book.reading() as connection:
            return [Regrade(*row) for row in connection.execute(query.order_by(REGRADES.c.id.desc()).limit(limit))]

    def attempts(self, regrade: Regrade) -> list[RegradedAttempt]:
        """Return the attempts of a regrade, in the order of their numbers. None are left of a discarded preview."""
        return [_as_regraded(row, regrade) for row in self._item_rows(regrade)]

    def report_pairs(
        self, regrade: Regrade, wanted: Container[int]
    ) -> Iterator[tuple[int, ScoreReport | None, ScoreReport | None]]:
        """Yield number of an attempt, the report before and the one of the regrade, of attempts that have both.

        None stands for the attempt's report of now.

        :param wanted: numbers of attempts
        """
        for row in self._item_rows(regrade):
            if row.attempt not in wanted:
                continue
            replaced = row.after is not None or (regrade.state == "direct" and row.now_result != row.before)
            if replaced and row.before is not None:
                yield row.attempt, self._book.report(row.before), None
            elif regrade.state == "preview" and row.state is not None:
                yield row.attempt, None, self._preview_report(regrade, row.attempt)

    def _item_rows(self, regrade: Regrade) -> Sequence[Row[Any]]:
        with self._book.reading() as connection:
            return _items(connection, regrade.number)

    def _preview_report(self, regrade: Regrade, attempt: int) -> ScoreReport | None:
        """Return the report that a preview made; None if it is none, or can't be read."""
        query = select(PREVIEWS.c.report).where(PREVIEWS.c.regrade == regrade.number, PREVIEWS.c.attempt == attempt)
        with self._book.reading() as connection:
            content = connection.scalar(query)
        return decode_report(content) if content and len(content) <= MAX_REPORT else None

    def remaining(self, regrade: Regrade) -> int:
        """Return how many attempts of a regrade wait or are being graded."""
        mine = REGRADE_ITEMS.c.regrade == regrade.number
        query = select(func.count(REGRADE_ITEMS.c.shadow)).where(mine)
        if regrade.state == "direct":
            query = (
                select(func.count()).select_from(REGRADE_ITEMS).join(ATTEMPTS, ATTEMPTS.c.id == REGRADE_ITEMS.c.attempt)
            )
            query = query.where(mine, ATTEMPTS.c.state.not_in(ENDED))
        with self._book.reading() as connection:
            return connection.scalar(query) or 0

    def confirm(self, assignment: str, public_id: str, who: str, *, lower: bool = False) -> list[RegradedAttempt]:
        """Replace results by those of a preview, all in one transaction; return the attempts of the preview.

        An attempt keeps its result if the preview ended with a grader error, or if the attempt was graded again
        since the preview began, or is being graded again.

        :param lower: whether scores may drop
        Raises ScoresDrop and RegradeRefused; then nothing was changed.
        """
        with self._book.writing(durable=True) as connection:
            regrade = _open_preview(connection, assignment, public_id)
            items = _items(connection, regrade.number)
            found = [_as_regraded(row, regrade) for row in items]
            if not all(one.ended for one in found):
                raise RegradeRefused("The preview isn't complete yet. Wait until everything is graded.")
            if not lower and (drops := sum(one.lower for one in found)):
                raise ScoresDrop(
                    f'{_scores(drops)} would drop. Say that you want this: tick the box, or send "lower": true.'
                )
            runs: dict[str, int] = {}
            for row, one in zip(items, found, strict=True):
                if one.kept is None:
                    self._replace(connection, regrade, row, runs)
                    if one.after != one.before:
                        points = {"before": _in_words(one.before), "after": _in_words(one.after)}
                        record_change(connection, who, "change score", f"{assignment} {one.public_id}", **points)
                else:
                    connection.execute(update(REGRADE_ITEMS).where(*_key(regrade, row.attempt)).values(kept=one.kept))
            connection.execute(delete(PREVIEWS).where(PREVIEWS.c.regrade == regrade.number))
            _end(connection, regrade, "confirmed", who)
            kept = sum(one.kept is not None for one in found)
            after = f"{len(found) - kept} results replaced, {kept} kept, {sum(one.lower for one in found)} scores lower"
            record_change(connection, who, "confirm regrade", regrade.public_id, after=after)
        return found

    def discard(self, assignment: str, public_id: str, who: str) -> None:
        """Delete a preview with all that it made, also while it runs. Raises RegradeRefused."""
        with self._book.writing(durable=True) as connection:
            regrade = _open_preview(connection, assignment, public_id)
            mine = REGRADE_ITEMS.c.regrade == regrade.number
            query = select(REGRADE_ITEMS.c.shadow).where(mine, REGRADE_ITEMS.c.shadow.is_not(None))
            shadows = connection.scalars(query).all()
            connection.execute(delete(PREVIEWS).where(PREVIEWS.c.regrade == regrade.number))
            connection.execute(delete(REGRADE_ITEMS).where(mine))
            for part in _parts(shadows):
                connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id.in_(part)))
            _end(connection, regrade, "discarded", who)
            record_change(connection, who, "discard regrade", regrade.public_id)

    def _replace(self, connection: Connection, regrade: Regrade, row: Row[Any], runs: dict[str, int]) -> None:
        """Make the result of a preview the attempt's.

        :param runs: the run of each fingerprint, which are made as they are needed
        """
        if row.basis not in runs:
            runs[row.basis] = _new_run(connection, row.basis)
        run = runs[row.basis]
        kept = select(literal(run), *(PREVIEWS.c[name] for name in MOVED))
        kept = kept.where(PREVIEWS.c.regrade == regrade.number, PREVIEWS.c.attempt == row.attempt)
        moved = insert(RESULTS).from_select(["run", *MOVED], kept).returning(RESULTS.c.id, RESULTS.c.student)
        result = connection.execute(moved).one()
        ended = {"state": row.state, "finished": utc_now(), "result": result.id}
        ended |= {"score": row.score, "max_score": row.max_score}
        connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.id == row.attempt).values(**ended))
        connection.execute(update(REGRADE_ITEMS).where(*_key(regrade, row.attempt)).values(after=result.id))
        counted = update(RUNS).where(RUNS.c.id == run).values(submissions=RUNS.c.submissions + 1)
        connection.execute(counted)
        enter_counting(self._book, connection, row.person, regrade.assignment, result.student, run)
        enqueue_score(connection, row.person, regrade.assignment)


def explain_change(book: Gradebook, shadow: int, report: ScoreReport) -> StudentChange | None:
    """Return what differs between the report before a preview and the one that the preview made; None if nothing."""
    before = select(REGRADE_ITEMS.c.before).where(REGRADE_ITEMS.c.shadow == shadow)
    with book.reading() as connection:
        number = connection.scalar(before)
    try:
        old = book.report(number) if number is not None else None
    except GradebookError:  # a damaged report can't be compared, and stops no preview: the scores are there
        return None
    return compare_reports(old, report) if old else None


def keep_preview(
    connection: Connection,
    shadow: int,
    basis: RunFingerprint,
    row: dict[str, Any],
    report: ScoreReport,
    state: Ending,
    change: StudentChange | None,
) -> None:
    """Keep what a preview made of an attempt, and let go of the shadow.

    :param row: `result_row` of the report
    """
    made: dict[str, Any] = {"state": state, "score": report.score, "max_score": report.max_score, "shadow": None}
    made |= {"basis": _as_text(basis), "change": _as_text(change) if change else None}
    item = update(REGRADE_ITEMS).where(REGRADE_ITEMS.c.shadow == shadow).values(**made)
    key = connection.execute(item.returning(*REGRADE_ITEMS.c["regrade", "attempt"])).one()
    connection.execute(insert(PREVIEWS), {**key._mapping, **{name: row[name] for name in MOVED}})


def enter_counting(
    book: Gradebook, connection: Connection, person: int, assignment: str, student: str, run: int
) -> None:
    """Make the result that counts without a policy a person's entry, in the transaction that adds a result.

    The entry is in the run that counts for the student: `run`, or a later one that has an entry of theirs. A later run
    is there if a preview was confirmed, or another server was started, after `run` had begun.

    :param student: `student` of the results
    """
    counts = _counting_result(connection, person, assignment)
    later = select(func.max(ENTRIES.c.run)).join(RUNS, RUNS.c.id == ENTRIES.c.run)
    later = later.where(ENTRIES.c.student == student, RUNS.c.assignment == column_text(assignment))
    book.enter(connection, max(run, connection.scalar(later) or 0), student, counts)


def _counting_result(connection: Connection, person: int, assignment: str) -> int:
    """Return the number of the result that counts by the default policy (policies/decide.py): that of the last attempt.

    A file that can't be read counts only if there is nothing else. One that waits for a person doesn't push out those
    before it: the best down to the first that is certain counts.
    """
    query = select(*ATTEMPTS.c["result", "state"], *RESULTS.c["status", "score"])
    query = query.join(RESULTS, RESULTS.c.id == ATTEMPTS.c.result)
    query = query.where(ATTEMPTS.c.person == person, ATTEMPTS.c.assignment == column_text(assignment))
    newest: int | None = None
    best: Row[Any] | None = None
    for row in connection.execute(query.order_by(ATTEMPTS.c.id.desc())):
        newest = newest or row.result
        if row.status == "rejected":
            continue
        if best is None or row.score > best.score:
            best = row
        if row.state != "review":
            break
    counts: int | None = best.result if best else newest
    assert counts is not None, "a result was added"
    return counts


def _add_shadows(connection: Connection, regrade: str, found: Sequence[Row[Any]]) -> dict[int, int]:
    """Queue a shadow of each attempt, and return number of the attempt -> number of its shadow.

    :param regrade: public id, which the ids of the shadows begin with
    """
    copied = ("person", "assignment", "filename", "digest", "size", "received", "late", "handed_in")
    fresh = {"receipt": "", "state": "queued", "priority": PREVIEW, "tries": 0, "faults": 0}
    rows = [
        {name: getattr(row, name) for name in copied}
        | {"public_id": f"{regrade}.{row.public_id}", "shadow_of": row.id, **fresh}
        for row in found
    ]
    made = connection.execute(insert(ATTEMPTS).returning(*ATTEMPTS.c["shadow_of", "id"]), rows)
    return {row.shadow_of: row.id for row in made}


def _item(regrade: int, row: Row[Any], shadow: int | None) -> dict[str, Any]:
    """Return the columns of an attempt that is graded again."""
    scored = row.result is not None and row.state != "review"
    item = {"regrade": regrade, "attempt": row.id, "before": row.result, "shadow": shadow}
    return item | {"score_before": row.score if scored else None, "max_before": row.max_score if scored else None}


def _items(connection: Connection, regrade: int) -> Sequence[Row[Any]]:
    """Return the items of a regrade with their attempts as they are now, and the states of their shadows."""
    shadows = ATTEMPTS.alias()
    now = ATTEMPTS.c["state", "result", "score", "max_score"]
    query = select(
        REGRADE_ITEMS,
        *ATTEMPTS.c["public_id", "person"],
        *(column.label(f"now_{column.name}") for column in now),
        shadows.c.state.label("shadow_state"),
    )
    query = query.join(ATTEMPTS, ATTEMPTS.c.id == REGRADE_ITEMS.c.attempt)
    query = query.outerjoin(shadows, shadows.c.id == REGRADE_ITEMS.c.shadow)
    query = query.where(REGRADE_ITEMS.c.regrade == regrade).order_by(REGRADE_ITEMS.c.attempt)
    return connection.execute(query).all()


def _as_regraded(row: Row[Any], regrade: Regrade) -> RegradedAttempt:
    """Return an item of a regrade from a row of `_items`."""
    if regrade.state == "direct":
        graded = row.now_result != row.before and row.now_state != "review"
        state, after, kept = row.now_state, _points(row.now_score, row.now_max_score) if graded else None, None
    else:
        state = row.shadow_state or row.state
        after = None if row.state in (None, "review") else _points(row.score, row.max_score)
        kept = _why_kept(row) if regrade.state == "preview" else row.kept
    return RegradedAttempt(
        number=row.attempt,
        public_id=row.public_id,
        person=row.person,
        state=state,
        before=_points(row.score_before, row.max_before),
        after=after,
        change=msgspec.json.decode(row.change, type=StudentChange) if row.change else None,
        kept=kept,
        assignment_digest=msgspec.json.decode(row.basis, type=RunFingerprint).assignment_digest if row.basis else "",
    )


def _why_kept(row: Row[Any]) -> Kept | None:
    """Return why the result of a preview must not replace the attempt's; None if it may."""
    if row.now_state not in ENDED:
        return "being graded"
    if row.now_result != row.before:
        return "another result"
    return "grader error" if row.state == "review" else None


def _points(score: float | None, max_score: float | None) -> Points | None:
    return None if score is None or max_score is None else Points(score, max_score)


def _open_preview(connection: Connection, assignment: str, public_id: str) -> Regrade:
    """Return a preview that waits for a decision, and keep the attempts as they are. Raises RegradeRefused."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer
        connection.execute(text("LOCK TABLE attempts IN EXCLUSIVE MODE"))
    query = select(REGRADES).where(REGRADES.c.public_id == column_text(public_id))
    row = connection.execute(query.where(REGRADES.c.assignment == column_text(assignment))).first()
    if row is None:
        raise RegradeRefused("There is no such preview.")
    if row.state != "preview":
        what = "was no preview" if row.state == "direct" else f"was {row.state} by {row.ended_by}"
        raise RegradeRefused(f"This regrade {what}. Nothing was changed now.")
    return Regrade(*row)


def _end(connection: Connection, regrade: Regrade, state: RegradeState, who: str) -> None:
    ended = update(REGRADES).where(REGRADES.c.id == regrade.number)
    connection.execute(ended.values(state=state, ended=utc_now(), ended_by=column_text(who)))


def _new_run(connection: Connection, basis: str) -> int:
    """Add the run of the results that a preview made, and return its number."""
    fields = {name: column_text(value) for name, value in msgspec.json.decode(basis).items()}
    now = utc_now()
    return new_number(
        connection.execute(
            insert(RUNS), {"started": now, "finished": now, "submissions": 0, **fields}
        ).inserted_primary_key
    )


def _key(regrade: Regrade, attempt: int) -> tuple[Any, Any]:
    return (REGRADE_ITEMS.c.regrade == regrade.number, REGRADE_ITEMS.c.attempt == attempt)


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(numbers), TOGETHER):
        yield numbers[begin : begin + TOGETHER]


def _in_words(points: Points | None) -> str:
    return f"{format_number(points.score)} of {format_number(points.max_score)}" if points else "no score"


def _scores(number: int) -> str:
    return "1 score" if number == 1 else f"{number} scores"


def _as_text(value: msgspec.Struct) -> str:
    return msgspec.json.encode(escape_surrogates(msgspec.to_builtins(value))).decode()
