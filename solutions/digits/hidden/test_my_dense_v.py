import numpy as np
import pytest

from grader.checks import close, fail, shape, unchanged


def identity(z):
    return z


def show_layer(exhibit, A_in, W, b, got, want):
    exhibit.flow("Through the layer", ["W", "A_in", "b", "your result"], [W, A_in, b, got], [W, A_in, b, want])


@pytest.mark.points(2)
def test_whole_batch(student, reference, rng, exhibit):
    """Each column of the result is what the layer gives for that example."""
    A_in, W, b = rng.normal(size=(4, 7)), rng.normal(size=(3, 4)), np.zeros((3, 1))
    got, want = student.my_dense_v(A_in, W, b, identity), reference.my_dense_v(A_in, W, b, identity)
    show_layer(exhibit, A_in, W, b, got, want)
    close(got, want)


@pytest.mark.points(2)
def test_adds_the_bias(student, reference, rng, exhibit):
    """Each unit adds its own bias, the same one for every example."""
    for units, m in ((3, 5), (4, 4)):
        A_in, W, b = rng.normal(size=(2, m)), rng.normal(size=(units, 2)), rng.normal(size=(units, 1))
        got, want = student.my_dense_v(A_in, W, b, np.tanh), reference.my_dense_v(A_in, W, b, np.tanh)
        show_layer(exhibit, A_in, W, b, got, want)
        close(got, want)


@pytest.mark.points(1)
def test_calls_the_activation_once(student, rng):
    """The activation is called once, for the whole batch together."""
    calls = 0

    def g(z):
        nonlocal calls
        calls += 1
        return np.tanh(z)

    A_in, W, b = rng.normal(size=(3, 6)), rng.normal(size=(2, 3)), rng.normal(size=(2, 1))
    shape(student.my_dense_v(A_in, W, b, g), (2, 6))
    if calls != 1:
        fail(f"The activation was called {calls} times.")


@pytest.mark.points(1)
def test_applies_the_given_activation(student, reference, rng):
    """The activation that is handed over is the one that is used, whichever it is."""
    A_in, W, b = rng.normal(size=(3, 5)), rng.normal(size=(2, 3)), np.zeros((2, 1))
    for g in (np.cos, np.square):
        close(student.my_dense_v(A_in, W, b, g), reference.my_dense_v(A_in, W, b, g))


@pytest.mark.points(1)
def test_batch_of_one(student, reference, rng):
    """A batch of a single example, or a layer of a single unit, keeps both axes."""
    for units, m in ((3, 1), (1, 4), (1, 1)):
        A_in, W, b = rng.normal(size=(2, m)), rng.normal(size=(units, 2)), rng.normal(size=(units, 1))
        close(student.my_dense_v(A_in, W, b, np.tanh), reference.my_dense_v(A_in, W, b, np.tanh))


@pytest.mark.points(1, beyond=True)
def test_takes_every_dtype(student, reference, rng):
    """Integers and float32 work as well, and the arrays that came in are left as they were."""
    for dtype in (int, np.float32, float):
        before = tuple(rng.integers(-2, 3, size=size).astype(dtype) for size in ((3, 4), (2, 3), (2, 1)))
        call = student.call("my_dense_v", *before, np.tanh)
        close(call.value, reference.my_dense_v(*before, np.tanh))
        unchanged(call, (*before, np.tanh))
