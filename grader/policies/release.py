"""When results become visible to students. Pure functions of policy, dates and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from grader.policies.decide import own_due_dates
from grader.policies.policy import Policy
from grader.policies.records import Extension

EVERYTHING = ""  # in place of a question: the whole assignment


def last_due(policy: Policy, extensions: Iterable[Iterable[Extension]]) -> datetime | None:
    """Return when the last student's time to hand in without a penalty ends; None if there is no due date.

    :param extensions: of each student of the class
    """
    dates = [date for rows in extensions for date in own_due_dates(policy, list(rows)) if date]
    return max(dates, default=policy.due)


def released(
    policy: Policy, released_at: datetime | None, last_due: datetime | None, now: datetime, question: str = ""
) -> bool:
    """Return whether students may see the results of a question; without a name, the whole report and the grade.

    "after due" is after the last due date of the class, extensions and grace included, so that nobody who may still
    hand in without a penalty learns of the results from others. A release makes everything visible.

    :param released_at: when a person released the results; None if nobody did
    :param last_due: as the function of this name returns it
    """
    if _is_past(released_at, now):
        return True
    if not question:
        return all(
            _visible(each, policy, last_due, now) for each in {policy.visible, *policy.visible_by_question.values()}
        )
    return _visible(policy.visible_by_question.get(question, policy.visible), policy, last_due, now)


def all_released(
    policy: Policy,
    releases: Mapping[str, datetime],
    last_due: datetime | None,
    now: datetime,
    questions: Iterable[str],
) -> bool:
    """Return whether students may see everything: the results of all these questions, and so the grade.

    :param releases: question -> when a person released it; EVERYTHING stands for all
    """
    names = list(questions)
    if not names:
        return released(policy, releases.get(EVERYTHING), last_due, now)
    return all(question_released(policy, releases, last_due, now, name) for name in names)


def question_released(
    policy: Policy, releases: Mapping[str, datetime], last_due: datetime | None, now: datetime, question: str
) -> bool:
    """Return whether students may see the results of a question, by its own release or that of everything.

    :param releases: question -> when a person released it; EVERYTHING stands for all
    """
    times = [releases[name] for name in (EVERYTHING, question) if name in releases]
    return released(policy, min(times, default=None), last_due, now, question)


def _visible(when: str, policy: Policy, last_due: datetime | None, now: datetime) -> bool:
    if when == "after due":
        due = max(filter(None, (policy.due, last_due)), default=None)
        return due is not None and now.astimezone(UTC) > due + policy.grace
    return when == "at once"


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now.astimezone(UTC) >= moment.astimezone(UTC)


def names_hidden(policy: Policy, released_at: datetime | None, now: datetime) -> bool:
    """Return whether those who grade may not see names: under blind marking, until the release."""
    return policy.blind and not _is_past(released_at, now)
