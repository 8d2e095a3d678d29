"""Adjustments, extensions, requests and releases in PostgreSQL as in SQLite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from grader.errors import UserError
from grader.gradebook.adjustments import Adjustments
from grader.gradebook.attempt_queue import AttemptQueue
from grader.gradebook.engine import Location
from grader.gradebook.extensions import Extensions
from grader.gradebook.releases import Releases
from grader.gradebook.requests import Requests, add_answers, open_requests
from grader.gradebook.store import Gradebook
from grader.policies import Adjustment, Extension, HandIn
from grader.policies.corrections import holding
from grader.policies.release import EVERYTHING
from tests.factories import BASIS, scored_report
from tests.helpers.portal import DIGEST, RECEIVED, load_people

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_what_people_decide_is_kept_in_each_database(new_gradebook: Callable[[], Location]) -> None:
    """What one process stored another reads: with NUL, letters beyond ASCII, and zones."""
    location = new_gradebook()
    with Gradebook.open(location) as book:
        given = Adjustment(0, "eve", NOW, "double", "shape", -0.5, comment="nul \0, \u00e9\U0001f600", reason="r")
        first = Adjustments(book).add("tiny", "ada", given)
        second = Adjustments(book).add(
            "tiny", "ada", Adjustment(0, "eve", NOW, verdict="failed", comment="c", reason="r")
        )
        Adjustments(book).withdraw("tiny", second.number, "eve", "w")
        until = datetime.fromisoformat("2026-03-29T02:30:00+01:00")
        extended = Extensions(book).add("tiny", [("ada", Extension(0, "eve", NOW, "ill", until=until))])
        book.add(book.new_run(BASIS, 1), scored_report(), "k")
        result = book.newest_result()
        asked = [
            Requests(book).add("tiny", who, "double", "shape", "m", "s1", result, "Why?") for who in ("ada", "otto")
        ]
        with book.writing(durable=True) as connection:
            waiting = open_requests(connection, asked[0], same_mistake=True)
            add_answers(connection, waiting, "Because.", "eve", {"ada": first.number})
        assert Releases(book).add("tiny", EVERYTHING, "eve", [("ada", "1 of 5")])
        assert not Releases(book).add("tiny", EVERYTHING, "eve")
    with Gradebook.open(location) as book:
        kept = Adjustments(book).of_student("tiny", "ada")
        assert holding(kept) == [first] and len(kept) == 3
        assert first.comment == "nul \\x00, \u00e9\U0001f600"
        assert Extensions(book).of_assignment("tiny") == {"ada": extended}
        answers = [one.answer and one.answer.adjustment for one in Requests(book).of_assignment("tiny", 9)]
        assert answers == [first.number, None] and Requests(book).count_open("tiny") == 0
        assert Releases(book).times("tiny").keys() == {EVERYTHING}


def test_a_file_is_admitted_in_its_transaction(new_gradebook: Callable[[], Location]) -> None:
    """Whoever decides sees what the person handed in before, and nothing is kept of a file that is refused."""
    with Gradebook.open(new_gradebook()) as book:
        ada, otto = load_people(book, ["ada", "otto"])
        queue, seen = AttemptQueue(book), list[list[str]]()

        def admit(handins: Sequence[HandIn]) -> None:
            seen.append([each.state for each in handins])
            if len(handins) == 1:
                raise UserError("one is enough")

        def offer(person: int) -> None:
            queue.hand_in(person, "digits", "work.py", DIGEST, 10, RECEIVED, str, admit=admit)

        offer(ada.number)
        offer(otto.number)
        with pytest.raises(UserError, match="one is enough"):
            offer(ada.number)
        assert seen == [[], [], ["waiting"]]
        assert len(queue.newest("digits", 9)) == 2
        assert [each.digest for each in queue.handins(ada.number, "digits")] == [DIGEST]
