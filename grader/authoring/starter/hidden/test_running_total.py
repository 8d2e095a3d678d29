"""Hidden cases of running_total."""

import pytest

from grader.checks import close, unchanged


@pytest.mark.points(6)
def test_adds_up(student, reference, rng):
    """Each entry is the sum of all numbers up to it."""
    numbers = rng.normal(size=6).tolist()
    close(student.running_total(numbers), reference.running_total(numbers))


@pytest.mark.points(4)
def test_leaves_its_input_alone(student, rng):
    """The argument is unchanged after the call."""
    numbers = rng.normal(size=4).tolist()
    call = student.call("running_total", numbers)
    close(call.value, [sum(numbers[: i + 1]) for i in range(4)])
    unchanged(call, [numbers])
