"""Regrades: which attempts were graded again, what that changed, and previews.

A preview grades attempts again without any effect on what counts. Each attempt gets a shadow, a row in the queue that
no list shows. The shadow is deleted when it is graded, and its result waits in the table `previews`. A preview that
isn't queued has no shadows: whoever began it grades, and keeps the results. `confirm` makes the results count, all in
one transaction; `discard` deletes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, literal, select, text, update

from grader._util.escaping import escape_surrogates
from grader.gradebook.attempt_lists import REAL
from grader.gradebook.attempts import PREVIEW, Attempt, Ending
from grader.gradebook.audit import record_change
from grader.gradebook.current_policy import stored_policy
from grader.gradebook.errors import GradebookError
from grader.gradebook.fingerprint import RunFingerprint
from grader.gradebook.handins import attempts_that_may_count
from grader.gradebook.outbox import enqueue_score
from grader.gradebook.regrade_grades import RegradedGrade, regraded_grades
from grader.gradebook.regraded import ENDED, Regrade, RegradedAttempt, RegradeState, as_regraded, read_items
from grader.gradebook.report_size import MAX_REPORT
from grader.gradebook.run_diff import StudentChange, compare_reports
from grader.gradebook.schema import ATTEMPTS, ENTRIES, PREVIEWS, REGRADE_ITEMS, REGRADES, RESULTS, RUNS
from grader.gradebook.store import (
    Gradebook,
    OpenTransaction,
    column_text,
    decode_report,
    new_number,
    result_row,
    utc_now,
)
from grader.gradebook.written_text import check_text
from grader.models import ScoreReport
from grader.policies import Policy, decide

PUBLIC_ID_BYTES = 16
TOGETHER = 500  # numbers in one statement
MOVED = ("student", "key", "status", "score", "digest", "report")  # columns of previews and results


class RegradeRefused(GradebookError):
    """The preview can't be confirmed or discarded. The text is a sentence for people."""


class GradesDrop(RegradeRefused):
    """Confirming the preview would lower final grades, and the caller didn't allow that. The text has no names.

    :param drops: of the students who have grades that would drop
    """

    def __init__(self, drops: Sequence[RegradedGrade]) -> None:
        count = sum(each.drops for each in drops)
        what = "1 grade" if count == 1 else f"{count} grades"
        super().__init__(f'{what} would drop. Say that you want this: tick the box, or send "lower": true.')
        self.drops = drops


class Regrades:
    """Regrades of a gradebook."""

    def __init__(self, book: Gradebook) -> None:
        self._book = book

    def start(
        self, assignment: str, numbers: Sequence[int], who: str, *, preview: bool, queued: bool = True
    ) -> Regrade:
        """Begin a regrade of the attempts that have ended; others are left out.

        A direct regrade only keeps the results before: `AttemptQueue.regrade` queues it.

        :param numbers: of attempts of the assignment
        :param queued: whether a preview is put into the queue; else the caller grades, and keeps each result (`keep`)
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
            shadows = _add_shadows(connection, made["public_id"], found) if preview and queued and found else {}
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
        with self._book.reading() as connection:
            return [as_regraded(row, regrade) for row in read_items(connection, regrade.number)]

    def reports(self, regrade: Regrade, attempt: RegradedAttempt) -> tuple[ScoreReport | None, ScoreReport | None]:
        """Return the reports of an attempt before and after a regrade; None for one that isn't there."""
        before, after = attempt.result_before, attempt.result_after
        old = self._book.report(before) if before is not None else None
        return old, self._book.report(after) if after is not None else self._previewed(regrade, attempt.number)

    def _previewed(self, regrade: Regrade, attempt: int) -> ScoreReport | None:
        """Return the report that an open preview has made; None if there is none, or it is too large to be read."""
        query = select(PREVIEWS.c.report).where(PREVIEWS.c.regrade == regrade.number, PREVIEWS.c.attempt == attempt)
        with self._book.reading() as connection:
            content = connection.scalar(query)
        return decode_report(content) if content and len(content) <= MAX_REPORT else None

    def keep(
        self, regrade: Regrade, attempt: Attempt, basis: RunFingerprint, report: ScoreReport, key: str, state: Ending
    ) -> bool:
        """Keep what a preview that isn't queued made of an attempt. Return False if it was discarded meanwhile.

        :param basis: fingerprint of the run that `confirm` makes
        :param key: `RunFingerprint.report_key`
        Raises ReportUnstorable.
        """
        row, mine = result_row(0, report, key), _key(regrade, attempt.number)
        change = explain_change(self._book, report, *mine)
        with self._book.writing() as connection:
            return keep_preview(connection, basis, row, report, state, change, *mine)

    def remaining(self, regrade: Regrade) -> int:
        """Return how many attempts of a regrade aren't graded again yet."""
        mine = REGRADE_ITEMS.c.regrade == regrade.number
        query = select(func.count()).select_from(REGRADE_ITEMS).where(mine, REGRADE_ITEMS.c.state.is_(None))
        if regrade.state == "direct":
            query = (
                select(func.count()).select_from(REGRADE_ITEMS).join(ATTEMPTS, ATTEMPTS.c.id == REGRADE_ITEMS.c.attempt)
            )
            query = query.where(mine, ATTEMPTS.c.state.not_in(ENDED))
        with self._book.reading() as connection:
            return connection.scalar(query) or 0

    def confirm(
        self, assignment: str, public_id: str, who: str, *, lower: bool = False, reason: str = ""
    ) -> list[RegradedAttempt]:
        """Replace results by those of a preview, all in one transaction; return the attempts of the preview.

        An attempt keeps its result if the preview ended with a grader error, or if the attempt was graded again
        since the preview began, or is being graded again.

        :param lower: whether final grades may drop
        :param reason: for the students whose score changes; may be empty
        Raises GradesDrop, RegradeRefused and TextRefused; then nothing was changed.
        """
        reason = check_text("reason", reason) if reason.strip() else ""
        with self._book.writing(durable=True) as connection:
            regrade = _open_preview(connection, assignment, public_id)
            items = read_items(connection, regrade.number)
            found = [as_regraded(row, regrade) for row in items]
            if not all(one.ended for one in found):
                raise RegradeRefused("The preview isn't complete yet. Wait until everything is graded.")
            grades = regraded_grades(OpenTransaction(connection), regrade, found).values()
            drops = [each for each in grades if each.drops]
            if drops and not lower:
                raise GradesDrop(drops)
            runs: dict[str, int] = {}
            for row, one in zip(items, found, strict=True):
                if one.kept is None:
                    self._replace(connection, regrade, row, runs)
                else:
                    connection.execute(update(REGRADE_ITEMS).where(*_key(regrade, row.attempt)).values(kept=one.kept))
            connection.execute(delete(PREVIEWS).where(PREVIEWS.c.regrade == regrade.number))
            for person in sorted({one.person for one in found if one.kept is None}):
                enqueue_score(connection, person, assignment)  # when all of a student's results are replaced
            _end(connection, regrade, "confirmed", who, reason)
            _record_confirmation(connection, regrade, who, found, grades)
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


def explain_change(book: Gradebook, report: ScoreReport, *item: ColumnElement[bool]) -> StudentChange | None:
    """Return what differs between the report before a preview and the one that the preview made; None if nothing.

    :param item: conditions that hold for the attempt's row of the table `regrade_items`
    """
    with book.reading() as connection:
        number = connection.scalar(select(REGRADE_ITEMS.c.before).where(*item))
    try:
        old = book.report(number) if number is not None else None
    except GradebookError:  # a damaged report can't be compared, and stops no preview: the scores are there
        return None
    return compare_reports(old, report) if old else None


def keep_preview(
    connection: Connection,
    basis: RunFingerprint,
    row: dict[str, Any],
    report: ScoreReport,
    state: Ending,
    change: StudentChange | None,
    *item: ColumnElement[bool],
) -> bool:
    """Keep what a preview made of an attempt, and let go of its shadow. Return False if the preview was discarded.

    :param row: `result_row` of the report
    :param item: conditions that hold for the attempt's row of the table `regrade_items`
    """
    made: dict[str, Any] = {"state": state, "score": report.score, "max_score": report.max_score, "shadow": None}
    made |= {"basis": _as_text(basis), "change": _as_text(change) if change else None}
    graded = update(REGRADE_ITEMS).where(*item, REGRADE_ITEMS.c.state.is_(None)).values(**made)
    key = connection.execute(graded.returning(*REGRADE_ITEMS.c["regrade", "attempt"])).first()
    if key is None:
        return False
    connection.execute(insert(PREVIEWS), {**key._mapping, **{name: row[name] for name in MOVED}})
    return True


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
    """Return the number of the result that counts without a policy or a person's adjustments."""
    book = OpenTransaction(connection)
    handins = attempts_that_may_count(book, person, assignment, stored_policy(book, assignment).zone)
    counts = decide(handins, Policy()).handin
    result = next((each.result for each in handins if each.number == counts), None)
    assert result is not None, "a result was added"
    return result


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


def _end(connection: Connection, regrade: Regrade, state: RegradeState, who: str, reason: str = "") -> None:
    ended = update(REGRADES).where(REGRADES.c.id == regrade.number)
    values = {"state": state, "ended": utc_now(), "ended_by": column_text(who), "reason": column_text(reason)}
    connection.execute(ended.values(**values))


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


def _record_confirmation(
    connection: Connection,
    regrade: Regrade,
    who: str,
    found: Collection[RegradedAttempt],
    grades: Collection[RegradedGrade],
) -> None:
    """Write into the audit log which scores and final grades a confirmed preview has changed."""
    for one in found:
        if one.kept is None and one.after != one.before:
            points = {"before": str(one.before or "no score"), "after": str(one.after or "no score")}
            record_change(connection, who, "change score", f"{regrade.assignment} {one.public_id}", **points)
    for each in grades:
        for name, final in ((regrade.assignment, each.final), *((one.assignment, one.final) for one in each.later)):
            if final.before != final.after:
                points = {"before": final.before, "after": final.after}
                record_change(connection, who, "change grade", f"{name} {each.student}", **points)
    kept = sum(one.kept is not None for one in found)
    drops = sum(each.drops for each in grades)
    after = f"{len(found) - kept} results replaced, {kept} kept, {drops} grades lower"
    record_change(connection, who, "confirm regrade", regrade.public_id, after=after)


def _as_text(value: msgspec.Struct) -> str:
    return msgspec.json.encode(escape_surrogates(msgspec.to_builtins(value))).decode()
