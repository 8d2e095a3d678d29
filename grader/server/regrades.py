"""Regrades: which attempts were graded again, and what changed. Each is a file in the data folder."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec
from fastapi import HTTPException
from pydantic import BaseModel

from grader._util.atomic_files import write_atomically
from grader.gradebook.attempts import Attempt, State
from grader.gradebook.roster import Person
from grader.server.limits import MAX_ROWS
from grader.server.portal import Course, Portal

ID = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


class RegradeId(BaseModel):
    """Regrade that was started."""

    id: str


class RegradeChange(BaseModel):
    """One attempt before and after a regrade. `after` is None until it is graded."""

    student: str
    submission: str
    state: State
    before: float | None
    after: float | None
    changed: bool


class RegradeDiff(BaseModel):
    """What a regrade has changed so far."""

    id: str
    done: bool
    changes: list[RegradeChange]


class _Earlier(msgspec.Struct, frozen=True):
    """An attempt before the regrade: its public id, its result and score."""

    attempt: str
    result: int | None
    score: float | None


class _Regrade(msgspec.Struct, frozen=True):
    assignment: str
    who: str
    attempts: list[_Earlier]


def start_regrade(portal: Portal, course: Course, who: Person, students: Collection[str] | None) -> str:
    """Queue the newest attempts of students again, and return the regrade's id.

    :param students: ids of the course; None for everybody
    Raises HTTPException 404 for a student who isn't in the roster.
    """
    name = course.assignment.name
    rows = {row.person.id: row.newest for row in portal.queue.standings(name, MAX_ROWS)}
    if unknown := sorted(set(students or ()) - rows.keys()):
        raise HTTPException(404, f"There is no student {unknown[0]} in the roster.")
    attempts = [newest for id, newest in rows.items() if newest and (students is None or id in students)]
    return keep_regrade(portal, name, who, attempts)


def keep_regrade(portal: Portal, assignment: str, who: Person, attempts: Collection[Attempt]) -> str:
    """Queue attempts again, and return the regrade's id, under which it is kept."""
    id = secrets.token_urlsafe(16)
    earlier = [_Earlier(attempt.public_id, attempt.result, attempt.score) for attempt in attempts]
    write_atomically(_path(portal, id), msgspec.json.encode(_Regrade(assignment, who.id, earlier)))
    portal.regrade(attempts, who.id)
    return id


def read_regrade(portal: Portal, course: Course, id: str) -> RegradeDiff:
    """Return what a regrade has changed. Raises HTTPException 404."""
    try:
        kept = msgspec.json.decode(_path(portal, id).read_bytes(), type=_Regrade) if ID.fullmatch(id) else None
    except FileNotFoundError:
        kept = None
    if kept is None or kept.assignment != course.assignment.name:
        raise HTTPException(404, "There is no such regrade.")
    changes = list(_changes(portal, kept))
    return RegradeDiff(id=id, done=all(one.state not in ("queued", "grading") for one in changes), changes=changes)


def _changes(portal: Portal, kept: _Regrade) -> Iterator[RegradeChange]:
    found = [(before, now) for before in kept.attempts if (now := portal.queue.get(before.attempt))]
    people = portal.roster.numbered(now.person for _, now in found)
    for before, now in found:
        graded = now.result != before.result
        yield RegradeChange(
            student=people[now.person].id,
            submission=now.public_id,
            state=now.state,
            before=before.score,
            after=now.score if graded else None,
            changed=graded and now.score != before.score,
        )


def _path(portal: Portal, id: str) -> Path:
    return portal.data.regrades / f"{id}.json"
