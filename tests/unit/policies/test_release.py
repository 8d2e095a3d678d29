"""When students see their results, and graders the names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from grader.policies import Extension, Policy
from grader.policies.policy import Visibility
from grader.policies.release import last_due, names_hidden, released

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_after_due_is_after_the_last_due_date_of_the_class() -> None:
    """Somebody with an extension hands in for two days more; nobody may tell them the results. Grace counts, too."""
    policy = Policy(due=DUE, visible="after due", grace_minutes=15)
    last = last_due(policy, [[], [Extension(1, "A. Instructor", DUE, days=2)]])
    assert last == DUE + timedelta(days=2)
    end = DUE + timedelta(days=2, minutes=15)
    assert not released(policy, None, last, end)
    assert released(policy, None, last, end + SECOND)
    assert released(policy, None, None, DUE + timedelta(minutes=15) + SECOND)


def test_by_question() -> None:
    """The whole is visible when everything is."""
    policy = Policy(due=DUE, visible="at once", visible_by_question={"double": "on release"})
    assert released(policy, None, DUE, DUE, "quadruple")
    assert not released(policy, None, DUE, DUE + timedelta(days=9), "double")
    assert not released(policy, None, DUE, DUE + timedelta(days=9))
    assert released(policy, DUE, DUE, DUE, "double")
    assert released(policy, DUE, DUE, DUE)


@pytest.mark.parametrize("visible", ["after due", "on release"])
def test_a_release_makes_everything_visible(visible: Visibility) -> None:
    """Also before the due date; and not before it happens."""
    policy = Policy(due=DUE, visible=visible)
    early = DUE - timedelta(days=1)
    assert released(policy, early, DUE, early)
    assert not released(policy, early, DUE, early - SECOND)


def test_names_under_blind_marking() -> None:
    """Hidden until the release, and only then."""
    assert names_hidden(Policy(blind=True), None, DUE)
    assert names_hidden(Policy(blind=True), DUE, DUE - SECOND)
    assert not names_hidden(Policy(blind=True), DUE, DUE)
    assert not names_hidden(Policy(), None, DUE)
