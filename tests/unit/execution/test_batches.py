"""Batches for the workers of a cluster."""

from __future__ import annotations

import msgspec
import pytest

from grader.execution.batches import Batch, SubmissionQueue
from grader.execution.limits import BATCHES_PER_THREAD, MAX_FUTILE_RETRIES, MAX_LOST_WORKERS
from grader.execution.retries import given_up
from grader.models import Assignment, Submission
from tests.conftest import submission

TWO = {"a": 1.0, "b": 1.0}  # workers, and their threads


def some(count: int) -> list[Submission]:
    return [submission(f"# {number}", f"s{number:02}") for number in range(count)]


def taken(queue: SubmissionQueue, *sent: Batch) -> Batch:
    batch = queue.take(TWO, sent)
    assert batch
    return batch


@pytest.mark.parametrize(("seconds", "size"), [(0.25, 4), (2.0, 1), (0.001, 13)])
def test_a_batch_is_a_second_of_work_by_what_earlier_submissions_took(
    seconds: float, size: int, tiny: Assignment
) -> None:
    """And at most a share of what is left."""
    queue = SubmissionQueue(some(100))
    queue.graded([msgspec.structs.replace(given_up(tiny, some(1)[0], "full"), seconds=seconds)])
    assert len(taken(queue).submissions) == size


def test_batches_get_smaller_in_the_end(tiny: Assignment) -> None:
    """So that all workers end together."""
    queue = SubmissionQueue(some(100))
    queue.graded([msgspec.structs.replace(given_up(tiny, some(1)[0], "full"), seconds=0.001)])
    sizes = []
    while queue:
        sizes.append(len(taken(queue).submissions))
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == 100
    assert sizes[-8:] == [1] * 8


def test_only_so_many_batches_are_on_their_way() -> None:
    """Neither Dask nor the driver holds the class; without a worker, nothing is sent."""
    queue = SubmissionQueue(some(100))
    sent: list[Batch] = []
    while batch := queue.take(TWO, sent):
        sent.append(batch)
    assert len(sent) == BATCHES_PER_THREAD * len(TWO)
    assert queue.take({}, []) is None


def test_what_lost_its_worker_is_graded_alone_when_nothing_else_is_on_its_way() -> None:
    """One for each worker, and after all others; it is given up when it loses workers alone."""
    queue = SubmissionQueue(some(3))
    first, second = taken(queue), taken(queue)
    assert queue.lost(first) == queue.lost(second) == []
    third = taken(queue, first)
    assert not third.alone
    assert queue.take(TWO, [third]) is None
    alone = [taken(queue)]
    alone.append(taken(queue, *alone))
    assert queue.take(TWO, alone) is None
    assert [(batch.submissions, batch.workers, batch.alone) for batch in alone] == [
        (first.submissions, ("a",), True),
        (second.submissions, ("b",), True),
    ]
    for _ in range(MAX_LOST_WORKERS - 1):
        assert queue.lost(alone[0]) == []
        assert taken(queue).submissions == alone[0].submissions
    assert queue.lost(alone[0]) == alone[0].submissions
    assert not queue


def test_what_was_put_back_comes_first() -> None:
    """In its order; what was to be graded alone still is."""
    queue = SubmissionQueue(some(3))
    batch = Batch([queue.waiting.popleft(), queue.waiting.popleft()])
    queue.put_back(batch)
    assert list(queue.waiting) == some(3)
    queue.waiting.clear()
    queue.put_back(Batch(some(1), alone=True))
    assert taken(queue).alone


def test_what_fails_on_our_side_is_tried_once_more_elsewhere() -> None:
    """Not by the worker on which it failed while there is another; and no third time."""
    queue = SubmissionQueue([])
    (one,) = some(1)
    assert queue.retry_elsewhere(one, "a")
    batch = taken(queue)
    assert (batch.submissions, batch.workers) == ([one], ("b",))
    assert not queue.retry_elsewhere(one, "b")
    assert not queue


def test_a_fault_of_the_assignment_is_not_tried_twice_with_all() -> None:
    """When second tries fail too, there are no others."""
    queue = SubmissionQueue([])
    for one in some(MAX_FUTILE_RETRIES):
        assert queue.retry_elsewhere(one, "a")
        assert not queue.retry_elsewhere(one, "b")
    assert not queue.retry_elsewhere(submission("# other", "zoe"), "a")
