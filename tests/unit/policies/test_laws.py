"""What holds for every policy and every history of hand-ins, extensions and adjustments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.policies import Adjustment, Extension, Grade, HandIn, Policy, days_after, decide, worth
from grader.policies.corrections import holding, settled
from grader.policies.decide import own_due_dates
from grader.policies.lateness import StudentDeadline
from grader.policies.points import to_units
from tests.helpers.policy_strategies import (
    MAX,
    STAFF,
    History,
    courses,
    extension_rows,
    histories,
    hundredths,
    policies,
    zones,
)


def grade(history: History) -> Grade:
    return decide(*history, max_score=MAX)


def due(history: History) -> datetime:
    assert history.policy.due
    return history.policy.due


def received(handin: HandIn) -> datetime:
    assert handin.received
    return handin.received


def too_late(history: History) -> set[tuple[int, int]]:
    """Return which hand-ins are after the last time that counts, by the student's due dates."""
    policy, found = history.policy, set()
    for index, own in enumerate(own_due_dates(policy, history.extensions)):
        deadline = StudentDeadline(policy, own, policy.late.free_days)
        found |= {(index, each.number) for each in history.handins if deadline.lateness(each.received).too_late}
    return found


@given(histories(), st.data())
def test_earlier_is_never_worse(history: History, data: st.DataObject) -> None:
    """A hand-in that comes earlier, in the same order, lowers no grade.

    With "last", one after the last time that counts isn't a hand-in; earlier, it would be the last. That isn't
    about lateness, so hand-ins keep on which side of that time they are; with "best", they needn't.
    """
    assume(history.handins)
    index = data.draw(st.integers(0, len(history.handins) - 1))
    moved = history.handins[index]
    earliest = received(history.handins[index - 1]) if index else received(moved) - timedelta(days=9)
    minutes = data.draw(st.integers(0, int((received(moved) - earliest) / timedelta(minutes=1))))
    sooner = replace(moved, received=received(moved) - timedelta(minutes=minutes))
    changed = history._replace(handins=(*history.handins[:index], sooner, *history.handins[index + 1 :]))
    assume(history.policy.counts == "best" or too_late(history) == too_late(changed))
    assert grade(changed).final >= grade(history).final


@given(histories(), st.data())
def test_an_extension_never_lowers(history: History, data: st.DataObject) -> None:
    """Neither the first one nor a further one, whenever it is given."""
    more = data.draw(extension_rows(due(history)))
    more = tuple(replace(each, number=each.number + 10) for each in more if each.withdraws is None)
    assert grade(history._replace(extensions=(*history.extensions, *more))).final >= grade(history).final


@given(histories(), st.data())
def test_a_fault_of_ours_never_costs(history: History, data: st.DataObject) -> None:
    """A hand-in of which some isn't graded gives at least what the rest of it gives, and what there is without it."""
    graded = [each for each in history.handins if each.state == "graded"]
    assume(graded)
    hit = data.draw(st.sampled_from(graded))
    index = history.handins.index(hit)
    before, after = history.handins[:index], history.handins[index + 1 :]
    unscored = {each.number for each in history.handins if not each.scored}
    kept = tuple(each for each in history.adjustments if each.handin not in unscored)
    history = history._replace(adjustments=kept)  # adjustments of files without a result need such a file to count
    left = replace(hit, state="review")  # what could be graded of it
    final = grade(history._replace(handins=(*before, left, *after))).final
    assert final >= grade(history).final
    if not settled(left, holding(history.adjustments)):  # what a person decided counts as any other hand-in
        assert final >= grade(history._replace(handins=(*before, *after))).final


@given(histories(), st.sampled_from(("rejected", "waiting")), st.data())
def test_a_file_without_a_result_changes_nothing(
    history: History, state: Literal["rejected", "waiting"], data: st.DataObject
) -> None:
    """An unreadable file, or one that isn't graded yet, leaves the grade of what is graded."""
    assume(any(each.scored for each in history.handins))
    offset = timedelta(minutes=data.draw(st.integers(-9000, 9000)))
    further = HandIn(99, due(history) + offset, state, max_score=MAX)
    assert grade(history._replace(handins=(*history.handins, further))) == grade(history)


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(history: History, random: Random) -> None:
    """A database may return them in any order."""

    def shuffled(rows: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(random.sample(rows, len(rows)))

    handins, policy, extensions, adjustments = history
    assert decide(shuffled(handins), policy, shuffled(extensions), shuffled(adjustments), max_score=MAX) == grade(
        history
    )


@given(histories())
def test_replaying_the_log_gives_the_same(history: History) -> None:
    """Rows that were written as JSON and read again give the same grade, ledger and all."""
    read: list[Any] = [
        msgspec.json.decode(msgspec.json.encode(part), type=kind)
        for part, kind in zip(
            history, (tuple[HandIn, ...], Policy, tuple[Extension, ...], tuple[Adjustment, ...]), strict=True
        )
    ]
    assert decide(*read, max_score=MAX) == grade(history)


@given(histories(), policies())
def test_changing_the_policy_and_back_changes_nothing(history: History, other: Policy) -> None:
    """A grade depends on nothing that another policy leaves behind."""
    before = grade(history)
    grade(history._replace(policy=other))
    assert grade(history) == before


@given(histories(), hundredths)
def test_a_withdrawn_row_changes_nothing(history: History, points: float) -> None:
    """The log keeps an adjustment and an extension; the grade forgets both."""
    at = due(history)
    adjustments = (
        Adjustment(50, STAFF, at, points=points, absolute=True),
        Adjustment(51, STAFF, at, withdraws=50),
    )
    extensions = (Extension(50, STAFF, at, days=3), Extension(51, STAFF, at, withdraws=50))
    longer = History(
        history.handins,
        history.policy,
        (*history.extensions, *extensions),
        (*history.adjustments, *adjustments),
    )
    assert grade(longer) == grade(history)


@given(histories())
def test_the_final_grade_has_limits(history: History) -> None:
    """It is neither below 0 nor above the maximum and the bonus, whatever people add or take off."""
    found = grade(history)
    assert 0 <= to_units(found.final) <= to_units(found.max) + to_units(history.policy.bonus)


@given(histories())
def test_a_ledger_adds_up(history: History) -> None:
    """Exactly, in millionths of a point: its lines, and the columns that tables show."""
    found = grade(history)
    assert sum(to_units(line.points) for line in found.ledger) == to_units(found.final)
    assert to_units(found.auto) + to_units(found.adjustments) + to_units(found.penalty) == to_units(found.final)
    by_people = sum(to_units(line.points) for line in found.ledger if line.adjustment is not None)
    assert by_people == to_units(found.adjustments)


@given(histories())
def test_the_hand_in_that_counts_is_worth_the_grade(history: History) -> None:
    """What lists show of a hand-in is no other number than the final grade."""
    found, worths = grade(history), worth(*history, max_score=MAX)
    scored = {each.number for each in history.handins if each.scored}
    assert scored <= worths.keys() <= {each.number for each in history.handins}
    if found.state == "graded" and found.handin in worths:
        assert worths[found.handin].final == found.final


@given(histories(), zones)
def test_zones_of_server_and_student_are_irrelevant(history: History, zone: str) -> None:
    """A time is the same time wherever it is written down. Days are those of the course's zone."""
    here = ZoneInfo(zone)
    elsewhere = History(
        tuple(replace(each, received=received(each).astimezone(here)) for each in history.handins),
        replace(history.policy, due=due(history).astimezone(here)),
        tuple(replace(each, until=each.until and each.until.astimezone(here)) for each in history.extensions),
        history.adjustments,
    )
    assert grade(elsewhere) == grade(history)


@given(histories(counts=("best",)), st.data())
def test_a_better_result_is_never_worse(history: History, data: st.DataObject) -> None:
    """More automatic points lower no grade; adjustments that set points aside, which were made for other points."""
    graded = [each for each in history.handins if each.state == "graded"]
    assume(graded)
    hit = data.draw(st.sampled_from(graded))
    index = history.handins.index(hit)
    better = replace(hit, score=data.draw(hundredths.filter(lambda points: points >= hit.score)))
    changed = (*history.handins[:index], better, *history.handins[index + 1 :])
    plain = history._replace(adjustments=())
    assert grade(plain._replace(handins=changed)).final >= grade(plain).final


# ---- a budget of late days that the assignments of a course share


def course_grades(course: Sequence[History]) -> list[Grade]:
    """Return the grades of a course, whose assignments take late days one after another."""
    used, found = frozenset((0,)), []
    for each in course:
        found.append(decide(*each, max_score=MAX, days_used=used))
        used = days_after(*each, days_used=used)
    return found


def lowered(before: Sequence[History], after: Sequence[History]) -> bool:
    pairs = zip(course_grades(before), course_grades(after), strict=True)
    return any(new.final < old.final for old, new in pairs)


def changed_at(course: Sequence[History], index: int, history: History) -> tuple[History, ...]:
    return (*course[:index], history, *course[index + 1 :])


@given(courses(), st.data())
def test_an_extension_lowers_no_grade_of_the_course(course: tuple[History, ...], data: st.DataObject) -> None:
    """Neither that of its assignment nor a later one, though another file may count then, and take late days."""
    index = data.draw(st.integers(0, len(course) - 1))
    history = course[index]
    more = data.draw(extension_rows(due(history)))
    more = tuple(replace(each, number=each.number + 10) for each in more if each.withdraws is None)
    longer = history._replace(extensions=(*history.extensions, *more))
    assert not lowered(course, changed_at(course, index, longer))


@given(courses(), st.data())
def test_a_fault_of_ours_lowers_no_grade_of_the_course(course: tuple[History, ...], data: st.DataObject) -> None:
    """Whatever the file that it hit will have taken of the late days."""
    index = data.draw(st.integers(0, len(course) - 1))
    history = course[index]
    graded = [each for each in history.handins if each.state == "graded"]
    assume(graded)
    unscored = {each.number for each in history.handins if not each.scored}
    kept = tuple(each for each in history.adjustments if each.handin not in unscored)
    history = history._replace(adjustments=kept)  # adjustments of files without a result need such a file to count
    hit = data.draw(st.sampled_from(graded))
    handins = tuple(replace(each, state="review") if each is hit else each for each in history.handins)
    before = changed_at(course, index, history)
    assert not lowered(before, changed_at(course, index, history._replace(handins=handins)))


@given(courses())
def test_a_course_takes_no_more_late_days_than_there_are(course: tuple[History, ...]) -> None:
    """If nobody gave an extension, and nothing is in doubt."""
    graded = [
        each._replace(handins=tuple(one for one in each.handins if one.state == "graded"), extensions=())
        for each in course
    ]
    assert sum(each.late_days for each in course_grades(graded)) <= course[0].policy.late.free_days


@given(courses(), st.randoms(use_true_random=False))
def test_a_course_is_the_same_from_other_rows(course: tuple[History, ...], random: Random) -> None:
    """In another order, and written as JSON and read again."""

    def stored(rows: Sequence[Any], kind: Any) -> Any:
        return msgspec.json.decode(msgspec.json.encode(random.sample(rows, len(rows))), type=kind)

    again = [
        History(
            stored(each.handins, tuple[HandIn, ...]),
            msgspec.json.decode(msgspec.json.encode(each.policy), type=Policy),
            stored(each.extensions, tuple[Extension, ...]),
            stored(each.adjustments, tuple[Adjustment, ...]),
        )
        for each in course
    ]
    assert course_grades(again) == course_grades(course)


@given(histories())
def test_one_assignment_has_the_whole_budget(history: History) -> None:
    """Whether it says that the course shares it or not."""
    assume(history.policy.late.free_days)
    shared = replace(history.policy, late=replace(history.policy.late, free_days_for="course"))
    assert grade(history._replace(policy=shared)) == grade(history)
