from functools import partial

import numpy as np
import pytest
from conftest import each_right, same_again

from grader.checks import close, unchanged


@pytest.mark.points(2)
def test_right_for_every_element(student, reference, rng):
    """The sigmoid of every element of a matrix is right."""
    z = rng.normal(0, 3, size=(3, 4))
    close(student.sigmoid(z), reference.sigmoid(z))


@pytest.mark.points(1)
def test_takes_a_number(student, reference, rng):
    """A single number gives a single number."""
    numbers = float(rng.uniform(0.5, 6)), float(rng.uniform(-6, -0.5)), 0, 3, -2
    each_right(student, reference, "sigmoid", *[(z,) for z in numbers])


@pytest.mark.points(1)
def test_keeps_the_shape(student, reference, rng):
    """An array of any shape gives an array of the same shape."""
    shapes = (5,), (4, 1), (1, 3), (1, 1), (3, 3), (2, 3, 2)
    each_right(student, reference, "sigmoid", *[(rng.normal(size=shape),) for shape in shapes])


@pytest.mark.points(1)
def test_right_far_from_zero(student, reference, rng):
    """The result is right for numbers as large as 1000 and as small as -1000, and for those beside them."""
    far, near = rng.uniform(30, 1000, size=3), rng.uniform(6, 15, size=4)
    mixed = rng.permutation(np.concatenate([[-1000.0, 1000.0, 0.5], -far, far, -near, near]))
    large = np.array([1000.0, rng.uniform(0, 1), 750.0])
    apart = np.array([-1000.0, 1000, -1000, -1000]), np.array([-1000.0, 1000, 1000, 1000])
    calls = [(z,) for z in (mixed, large, -large, *apart, -1000.0, 1000.0)]
    each_right(student, reference, "sigmoid", *calls, judge=partial(close, atol=1e-7))


@pytest.mark.points(1, beyond=True)
def test_takes_every_dtype(student, reference, rng):
    """Integers and float32 work as well, call after call, and the array that came in is left as it was."""
    floats = rng.normal(0, 4, size=(3, 4))
    arrays = (
        floats,
        np.round(floats).astype(int),
        floats.astype(np.float32),
        floats[::-1],
        floats[0],
        floats.reshape(4, 3),
        np.array(0.5),
        rng.normal(size=(2, 1100)),
    )
    same_again(student, reference, "sigmoid", *[(z,) for z in arrays])
    far = rng.uniform(-1000, 1000, size=4)
    unchanged(student.call("sigmoid", far), (far,))
