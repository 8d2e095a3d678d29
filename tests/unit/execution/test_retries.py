"""The retry policy for a lost worker."""

from __future__ import annotations

from grader.execution.limits import MAX_LOST_WORKERS
from grader.execution.retries import Retries, given_up
from grader.models import Assignment
from tests.factories import RIGHT, submission


def test_a_submission_is_given_up_after_so_many_workers_that_it_lost_alone() -> None:
    """Neither earlier nor later; afterwards the student's count is zero again."""
    retries = Retries()
    for _ in range(2):
        answers = [retries.lost("eve", alone=True) for _ in range(MAX_LOST_WORKERS)]
        assert answers == [True] * (MAX_LOST_WORKERS - 1) + [False]


def test_a_worker_that_dies_with_several_submissions_counts_for_none() -> None:
    """However many do: each may have been ended by its neighbour, or by its machine."""
    retries = Retries()
    assert all(retries.lost("ada", alone=False) for _ in range(10 * MAX_LOST_WORKERS))
    assert retries.lost("ada", alone=True)


def test_a_graded_submission_has_no_part_in_the_next_one() -> None:
    """The student's next submission starts with no losses."""
    retries = Retries()
    for _ in range(3 * MAX_LOST_WORKERS):
        assert retries.lost("ada", alone=True)
        retries.graded("ada")


def test_a_submission_that_is_given_up_is_for_review(tiny: Assignment) -> None:
    """It has no points, and its report says why."""
    result = given_up(tiny, submission(RIGHT, "eve"), "full")
    assert (result.student, result.score, result.needs_review) == ("eve", 0, True)
    assert f"the grading process died {MAX_LOST_WORKERS} times" in str(result)
