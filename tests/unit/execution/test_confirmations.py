"""Which timeouts are confirmed, when, and how long the others wait for that."""

from __future__ import annotations

import pytest

from grader._util.wording import UNCONFIRMED_NOTE
from grader.execution.confirmations import Confirmations, unconfirmed
from grader.execution.limits import CONFIRMATION_SHARE, MAX_CONFIRMATION_CREDIT, MAX_UNCONFIRMED
from grader.models import ScoreReport, Status, TimeUse
from tests.factories import RIGHT, case, question, report, submission


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def timed_out(**use: float) -> ScoreReport:
    """A report in which a limit of 2 s on time was reached."""
    values = {"limit": 2.0, "used": 2.0, "processor": 1.9, "wall": 2.1, "load": 1.0, **use}
    return report(question("double", case("slow", Status.TIMEOUT, time_use=TimeUse(**values))), student="ada")


@pytest.mark.parametrize("use", [{"load": 4.0}, {"wall": 8.0}])
def test_a_timeout_on_a_busy_machine_is_confirmed_once(use: dict[str, float]) -> None:
    """The load tells of other processes, and so does time that passed without counting. The second report counts."""
    confirmations = Confirmations()
    for _ in range(2):
        assert confirmations.is_needed(timed_out(**use))
        confirmations.add(submission(RIGHT, "ada"))
        assert confirmations.begin().student == "ada"
        assert not confirmations.is_needed(timed_out(**use))
        confirmations.end("ada")


def test_other_reports_need_no_confirmation() -> None:
    """Neither one without a timeout nor a timeout on a machine that was not busy."""
    confirmations = Confirmations()
    assert not confirmations.is_needed(timed_out())
    assert not confirmations.is_needed(report(question("double", case("value", Status.FAILED))))


def test_one_confirmation_runs_at_a_time() -> None:
    """The next one may start when it has ended, and one whose process died starts again before the others."""
    confirmations = Confirmations()
    for name in ("ada", "bob"):
        confirmations.add(submission(RIGHT, name))
    assert confirmations.begin().student == "ada"
    assert confirmations.running
    assert not confirmations.is_due(others_wait=False)
    confirmations.end("bob")  # not the current one
    assert confirmations.running
    confirmations.end("ada", again=True)
    assert confirmations.begin().student == "ada"
    confirmations.end("ada")
    assert confirmations.begin().student == "bob"


def test_others_wait_for_confirmations_a_tenth_of_the_time() -> None:
    """However many submissions time out. If nobody waits, a confirmation may start at any time."""
    clock = Clock()
    confirmations = Confirmations(clock)
    for i in range(2):
        confirmations.add(submission(RIGHT, str(i)))
    assert confirmations.is_due(others_wait=True)
    confirmations.begin()
    clock.now += 30
    confirmations.end("0")
    assert not confirmations.is_due(others_wait=True)
    assert confirmations.is_due(others_wait=False)
    clock.now = CONFIRMATION_SHARE * 30
    assert confirmations.is_due(others_wait=True)


def test_an_old_pool_saves_up_no_hours_of_confirmations() -> None:
    """After weeks without one, confirmations in a row take the greatest credit and one more; then a tenth again."""
    clock = Clock()
    confirmations = Confirmations(clock)
    clock.now = 30 * 24 * 3600.0
    for i in range(MAX_UNCONFIRMED):
        confirmations.add(submission(RIGHT, str(i)))
    began = clock.now
    while confirmations.is_due(others_wait=True):
        student = confirmations.begin().student
        clock.now += 25
        confirmations.end(student)
    assert MAX_CONFIRMATION_CREDIT < clock.now - began <= MAX_CONFIRMATION_CREDIT + 2 * 25
    clock.now += CONFIRMATION_SHARE * 25
    assert confirmations.is_due(others_wait=True)


def test_beyond_so_many_a_report_is_for_review() -> None:
    """Its points stay, and a note says what to do; the next run grades it again."""
    confirmations = Confirmations()
    for i in range(MAX_UNCONFIRMED):
        assert not confirmations.full
        confirmations.add(submission(RIGHT, str(i)))
    assert confirmations.full
    first = timed_out(load=4.0)
    second = unconfirmed(first)
    assert (second.needs_review, second.score, second.notes) == (True, first.score, (*first.notes, UNCONFIRMED_NOTE))
