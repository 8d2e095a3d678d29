"""What regrades did to the scores of attempts, for those who handed them in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Row, and_, or_, select

from grader.gradebook.attempts import Attempt
from grader.gradebook.points import Points
from grader.gradebook.schema import REGRADE_ITEMS, REGRADES
from grader.gradebook.store import Readable, column_text

MAX_TOGETHER = 500  # attempts in one query
MAX_CHANGES = 5  # of one attempt, the newest


class ScoreChange(msgspec.Struct, frozen=True):
    """Another score that a regrade gave to an attempt."""

    before: Points
    after: Points
    at: str  # UTC, ISO 8601: when a preview was confirmed, or a regrade without one began
    reason: str  # that an instructor gave; may be empty


def score_changes(book: Readable, assignment: str, attempts: Sequence[Attempt]) -> dict[int, tuple[ScoreChange, ...]]:
    """Return number of an attempt -> how regrades changed its score, oldest first, of those whose score was changed.

    Previews count once they are confirmed. A score that a grader error took or gave is no change: nobody was shown it.

    :param attempts: of the assignment
    """
    now = {one.number: _points(one.score, one.max_score) for one in attempts if one.state != "review"}
    found: dict[int, tuple[ScoreChange, ...]] = {}
    for number, items in groupby(_items(book, assignment, sorted(now)), attrgetter("attempt")):
        if changes := _changes(list(items), now[number]):
            found[number] = tuple(changes[-MAX_CHANGES:])
    return found


def _items(book: Readable, assignment: str, numbers: Sequence[int]) -> list[Row[Any]]:
    """Return the parts of regrades that count, of each attempt in turn, oldest first."""
    confirmed = and_(REGRADES.c.state == "confirmed", REGRADE_ITEMS.c.kept.is_(None))
    query = select(
        *REGRADES.c["state", "started", "ended", "reason"],
        *REGRADE_ITEMS.c["attempt", "score_before", "max_before", "score", "max_score"],
    ).join(REGRADE_ITEMS, REGRADE_ITEMS.c.regrade == REGRADES.c.id)
    query = query.where(REGRADES.c.assignment == column_text(assignment), or_(REGRADES.c.state == "direct", confirmed))
    query = query.order_by(REGRADE_ITEMS.c.attempt, REGRADES.c.id)
    found: list[Row[Any]] = []
    with book.reading() as connection:
        for start in range(0, len(numbers), MAX_TOGETHER):
            some = REGRADE_ITEMS.c.attempt.in_(numbers[start : start + MAX_TOGETHER])
            found += connection.execute(query.where(some)).all()
    return found


def _changes(items: Sequence[Row[Any]], now: Points | None) -> list[ScoreChange]:
    """Return the changes of one attempt.

    :param now: its score
    """
    scores = [_points(item.score_before, item.max_before) for item in items]
    changes: list[ScoreChange] = []
    shown: Points | None = None  # the last score; none while the attempt waits for a person
    for item, before, later in zip(items, scores, [*scores[1:], now], strict=True):
        # A regrade without a preview keeps no score: its score is the one before the next regrade, or that of now.
        after = later if item.state == "direct" else _points(item.score, item.max_score)
        shown = before or shown
        if shown and after and shown != after:
            changes.append(ScoreChange(shown, after, item.ended or item.started, item.reason))
    return changes


def _points(score: float | None, max_score: float | None) -> Points | None:
    return None if score is None or max_score is None else Points(score, max_score)
