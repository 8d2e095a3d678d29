"""Roster, personal links and sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from grader.gradebook.audit import AuditLog
from grader.gradebook.errors import GradebookError
from grader.gradebook.roster import MAX_NAME, Roster, RosterEntry
from grader.gradebook.sessions import LIFETIME, MAX_SESSIONS, Sessions
from grader.gradebook.store import Gradebook
from tests.helpers.portal import KEY

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
ADA = RosterEntry("Ada", "ada@example.org", "ada")
EVE = RosterEntry("Eve", "", "eve", "instructor")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook.open(tmp_path / "gradebook.sqlite") as opened:
        yield opened


@pytest.fixture
def roster(book: Gradebook) -> Roster:
    return Roster(book, KEY)


def test_who_is_loaded_has_a_link_that_is_printed_again(roster: Roster, book: Gradebook) -> None:
    """The tokens are equal each time, differ for each person and key, and aren't in the database."""
    eve, ada = roster.load([EVE, ADA], "eve")
    assert [(link.person.id, link.person.role) for link in (eve, ada)] == [("eve", "instructor"), ("ada", "student")]
    assert roster.links() == [ada, eve]
    assert roster.by_token(ada.token) == ada.person == roster.find("ada") == roster.get(ada.person.number)
    assert len({eve.token, ada.token, Roster(book, bytes(32)).links()[0].token}) == 3
    with book.reading() as connection:
        for table in ("people", "audit", "sessions"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert ada.token not in str(rows)


def test_loading_again_changes_and_never_removes(roster: Roster, book: Gradebook) -> None:
    """Links stay, and the audit log has what changed."""
    ada, _ = roster.load([ADA, EVE], "eve")
    changed = RosterEntry("Ada Lovelace", "ada@example.org", "ada", "assistant")
    (again,) = roster.load([changed], "eve")
    assert again.token == ada.token
    assert [(person.id, person.name, person.role) for person in roster.people()] == [
        ("ada", "Ada Lovelace", "assistant"),
        ("eve", "Eve", "instructor"),
    ]
    roster.load([changed, EVE], "eve")
    entries = [(entry.what, entry.target) for entry in AuditLog(book).entries(10)]
    assert entries == [("change person", "ada"), ("add person", "eve"), ("add person", "ada")]
    assert "Lovelace" in AuditLog(book).entries(1)[0].after


def test_a_revoked_link_lets_nobody_in_and_a_new_one_does(roster: Roster, book: Gradebook) -> None:
    """Nor do sessions that were started with it; loading the roster again gives nothing back."""
    (ada,) = roster.load([ADA], "eve")
    sessions = Sessions(book)
    session = sessions.start(ada.person.number, NOW)
    roster.revoke("ada", "eve")
    assert (roster.by_token(ada.token), sessions.person(session, NOW)) == (None, None)
    (again,) = roster.load([ADA], "eve")
    assert (again.token, again.person.revoked) == ("", True)
    renewed = roster.renew("ada", "eve")
    found = roster.by_token(renewed)
    assert found is not None
    assert (found.id, found.revoked) == ("ada", False)
    assert (roster.by_token(ada.token), sessions.person(session, NOW)) == (None, None)
    assert renewed == roster.links()[0].token
    assert [entry.what for entry in AuditLog(book).entries(2)] == ["renew link", "revoke link"]
    with pytest.raises(GradebookError, match="nobody with the id 'zoe'"):
        roster.revoke("zoe", "eve")


NO_ROLE: Any = "boss"  # as a program without type checks may give it


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([ADA, ADA], "two rows have the id ada"),
        ([ADA, RosterEntry("Ada", "", "ADA")], "only case differs between ada and ADA"),
        ([RosterEntry("Ada", "", "../ada")], r"the id '\.\./ada' can't name a student"),
        ([RosterEntry("Ada", "", "a" * 101)], "can't name a student"),
        ([RosterEntry("Ada", "", "")], "can't name a student"),
        ([RosterEntry("Ada", "", "ada", NO_ROLE)], "the role of 'ada' is 'boss'; it can be student"),
        ([RosterEntry("A" * (MAX_NAME + 1), "", "ada")], "the name of 'ada' must be one line"),
        ([RosterEntry("Ada", "a\nb", "ada")], "the email of 'ada' must be one line"),
    ],
)
def test_a_roster_that_cannot_be_stored_changes_nothing(roster: Roster, rows: list[RosterEntry], message: str) -> None:
    """The sentence says which person, and what to do."""
    with pytest.raises(GradebookError, match=message):
        roster.load([EVE, *rows], "eve")
    assert roster.people() == []


def test_an_id_that_differs_in_case_from_a_loaded_one_is_refused(roster: Roster) -> None:
    """Their reports would be one file on some disks."""
    roster.load([ADA], "eve")
    with pytest.raises(GradebookError, match="differ only in case"):
        roster.load([RosterEntry("Ada", "", "Ada")], "eve")


@pytest.mark.parametrize("token", ["", "x" * 22, "x" * 10_000, "é" * 22, "' OR 1=1 --", "\udc80" * 22])
def test_what_is_no_token_is_nobody(roster: Roster, book: Gradebook, token: str) -> None:
    """Neither as a link nor as a session."""
    roster.load([ADA], "eve")
    assert roster.by_token(token) is None
    assert Sessions(book).person(token, NOW) is None


def test_a_session_ends_by_itself_or_when_it_is_ended(roster: Roster, book: Gradebook) -> None:
    """Each is of one person; all of a person end together."""
    ada, eve = (link.person for link in roster.load([ADA, EVE], "eve"))
    sessions = Sessions(book)
    one, two, hers = (sessions.start(person.number, NOW) for person in (ada, ada, eve))
    assert [sessions.person(token, NOW) for token in (one, two, hers)] == [ada, ada, eve]
    assert sessions.person(one, NOW + LIFETIME) is None
    sessions.end(one)
    assert [sessions.person(token, NOW) for token in (one, two)] == [None, ada]
    sessions.end_all(ada.number)
    assert [sessions.person(token, NOW) for token in (two, hers)] == [None, eve]


def test_sessions_of_a_person_are_few(roster: Roster, book: Gradebook) -> None:
    """Expired ones are forgotten, and the oldest end when there are too many."""
    (ada,) = (link.person for link in roster.load([ADA], "eve"))
    sessions = Sessions(book)
    tokens = [sessions.start(ada.number, NOW + timedelta(seconds=second)) for second in range(MAX_SESSIONS + 2)]
    alive = [sessions.person(token, NOW) is not None for token in tokens]
    assert alive == [False, False, *[True] * MAX_SESSIONS]
    sessions.start(ada.number, NOW + 2 * LIFETIME)
    with book.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sessions")) == 1
