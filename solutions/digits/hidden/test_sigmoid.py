import numpy as np
import pytest

from grader.checks import close, unchanged


@pytest.mark.points(2)
def test_right_for_every_element(student, reference, rng):
    """The sigmoid of every element of a matrix is right."""
    z = rng.normal(0, 3, size=(3, 4))
    close(student.sigmoid(z), reference.sigmoid(z))


@pytest.mark.points(1)
def test_takes_a_number(student, reference, rng):
    """A single number gives a single number."""
    z = float(rng.normal())
    close(student.sigmoid(z), reference.sigmoid(z))
    close(student.sigmoid(0), 0.5)


@pytest.mark.points(1)
def test_keeps_the_shape(student, reference, rng):
    """An array of any shape gives an array of the same shape."""
    for size in ((5,), (4, 1), (1, 3), (2, 3, 2)):
        z = rng.normal(size=size)
        close(student.sigmoid(z), reference.sigmoid(z))


@pytest.mark.points(1)
def test_right_far_from_zero(student, rng):
    """The result is right for numbers as large as 1000 and as small as -1000."""
    far = rng.uniform(30, 1000, size=3)
    z = np.concatenate([[-1000.0, 1000.0], -far, far])
    close(student.sigmoid(z), (z > 0).astype(float))


@pytest.mark.points(1, beyond=True)
def test_takes_every_dtype(student, reference, rng):
    """Integers and float32 work as well, and the array that came in is left as it was."""
    for dtype in (int, np.float32, float):
        z = rng.integers(-4, 5, size=(2, 5)).astype(dtype)
        call = student.call("sigmoid", z)
        close(call.value, reference.sigmoid(z))
        unchanged(call, (z,))
