"""People and attempts for tests of the portal's tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.attempts import Attempt, Ending
from grader.gradebook.roster import Person, Roster, RosterEntry
from grader.gradebook.store import Gradebook
from grader.models import ScoreReport
from tests.factories import scored_report

KEY = bytes(range(32))
RECEIVED = "2026-11-29T08:00:00+00:00"
DIGEST = "0" * 64


def load_people(book: Gradebook, ids: Sequence[str]) -> list[Person]:
    """Students with these ids, in this order."""
    links = Roster(book, KEY).load([RosterEntry(id.title(), f"{id}@example.org", id) for id in ids], "test")
    return [link.person for link in links]


def hand_in(queue: AttemptQueue, person: int, assignment: str = "digits", digest: str = DIGEST) -> Attempt:
    """An attempt of a person."""
    return queue.hand_in(person, assignment, "work.ipynb", digest, 10, RECEIVED, lambda id: f"receipt of {id}")


def finish(
    queue: AttemptQueue, attempt: Attempt, owner: str, run: int, score: float = 1.0, state: Ending = "graded"
) -> bool:
    """Finish an attempt with a report that names it by its key."""
    return queue.finish(attempt, owner, run, report_of(attempt, score, state), f"attempt {attempt.number}", state)


def report_of(attempt: Attempt, score: float, state: Ending) -> ScoreReport:
    """A report of an attempt, of 10 points, by which it ends in this state."""
    status = "rejected" if state == "rejected" else "graded"
    return scored_report(f"s{attempt.person}", score, max_score=10.0, status=status, needs_review=state == "review")


def claim_all(queue: AttemptQueue, run: int, owner: str = "w", assignments: Iterable[str] = ("digits",)) -> list[int]:
    """Claim and finish one attempt after another; return their numbers in this order."""
    numbers = []
    while attempt := queue.claim(owner, 60, assignments):
        assert finish(queue, attempt, owner, run)
        numbers.append(attempt.number)
    return numbers
