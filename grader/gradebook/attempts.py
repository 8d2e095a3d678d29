"""Attempts: what was handed in, and what became of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from grader.gradebook.roster import Person

State = Literal["queued", "grading", "graded", "rejected", "review"]
Ending = Literal["graded", "rejected", "review"]

UNKNOWN_TIME = "unknown"  # handed_in of a class from a platform that writes no times: then nobody is late for it

INTERACTIVE = 0  # priority of what a person hands in
REGRADE = 1
PREVIEW = 2  # of shadows, which nothing else waits for


class Attempt(msgspec.Struct, frozen=True):
    """One file that a person handed in. Times are UTC, ISO 8601.

    `score` and `max_score` are those of `result`, which stays while the attempt is graded again.
    """

    number: int  # grows, so a person's largest is their newest
    public_id: str  # random; for addresses
    person: int  # Person.number
    assignment: str
    filename: str
    digest: str  # SHA-256 of the file, its name in the file store
    size: int  # bytes
    received: str
    receipt: str
    state: State
    priority: int
    tries: int  # how often it was claimed
    faults: int  # grader errors since it was queued
    owner: str | None  # worker that grades it
    started: str | None
    finished: str | None
    result: int | None  # for `Gradebook.report`
    score: float | None
    max_score: float | None
    late: bool  # as the platform says from which a class was downloaded
    handed_in: str  # time as that platform writes it, or UNKNOWN_TIME; empty if handed in here
    shadow_of: int | None = None  # number of the attempt that a preview grades again; such an attempt is in no list


class QueueCounts(msgspec.Struct, frozen=True):
    """Counts for monitoring."""

    states: dict[tuple[str, State], int]  # (assignment, state) -> attempts
    oldest: str | None  # when the attempt was received that waits longest; regrades don't count


class WorkerSeen(msgspec.Struct, frozen=True):
    """Heartbeat of a worker."""

    name: str
    seconds: float  # since it was last seen
    grading: int  # attempts that it had claimed then


class Standing(msgspec.Struct, frozen=True):
    """A student and what they handed in for an assignment."""

    person: Person
    attempts: int
    newest: Attempt | None
    graded: Attempt | None  # the newest that has a result
