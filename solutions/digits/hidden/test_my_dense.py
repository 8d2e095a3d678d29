import numpy as np
import pytest

from grader.checks import close, unchanged


def identity(z):
    return z


def relu(z):
    return np.maximum(z, 0.0)


@pytest.mark.points(2)
def test_weighs_the_inputs(student, reference, rng):
    """Each unit adds up the inputs with its own weights."""
    a_in, W, b = rng.normal(size=(5, 1)), rng.normal(size=(3, 5)), np.zeros((3, 1))
    close(student.my_dense(a_in, W, b, identity), reference.my_dense(a_in, W, b, identity))


@pytest.mark.points(2)
def test_adds_the_bias(student, reference, rng):
    """Each unit's bias is added in the right place."""
    a_in, W, b = rng.normal(size=(2, 1)), rng.normal(size=(4, 2)), rng.normal(size=(4, 1))
    close(student.my_dense(a_in, W, b, np.tanh), reference.my_dense(a_in, W, b, np.tanh))


@pytest.mark.points(2)
def test_applies_the_given_activation(student, reference, rng):
    """The activation that is handed over is the one that is used, whichever it is."""
    a_in, W, b = rng.normal(size=(4, 1)), rng.normal(size=(3, 4)), np.zeros((3, 1))
    for g in (np.tanh, np.square, relu):
        close(student.my_dense(a_in, W, b, g), reference.my_dense(a_in, W, b, g))


@pytest.mark.points(1)
def test_returns_a_column(student, reference, rng):
    """The result is a column with a row for each unit, also for a single unit or a single input."""
    for n, units in ((3, 1), (1, 3), (1, 1)):
        a_in, W, b = rng.normal(size=(n, 1)), rng.normal(size=(units, n)), rng.normal(size=(units, 1))
        close(student.my_dense(a_in, W, b, np.tanh), reference.my_dense(a_in, W, b, np.tanh))


@pytest.mark.points(1, beyond=True)
def test_takes_every_dtype(student, reference, rng):
    """Integers and float32 work as well, and the arrays that came in are left as they were."""
    for dtype in (int, np.float32, float):
        before = tuple(rng.integers(-2, 3, size=size).astype(dtype) for size in ((3, 1), (2, 3), (2, 1)))
        call = student.call("my_dense", *before, np.tanh)
        close(call.value, reference.my_dense(*before, np.tanh))
        unchanged(call, (*before, np.tanh))
