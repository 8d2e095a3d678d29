import numpy as np
import pytest

from grader.checks import close, finite, shape, unchanged

# Float32 loses digits when a mean is taken away, hence the wider tolerance.
ROUNDING = 1e-4


def features(rng, n, m):
    """Rows that differ in mean and in spread."""
    mean, spread = rng.uniform(-9, 9, size=(n, 1)), rng.uniform(0.5, 9, size=(n, 1))
    return mean + spread * rng.normal(size=(n, m))


@pytest.mark.points(2)
def test_right_values(student, reference, rng):
    """Every feature is moved and scaled by its own mean and standard deviation."""
    X = features(rng, 4, 7)
    close(student.standardize(X), reference.standardize(X), atol=ROUNDING)


@pytest.mark.points(1)
def test_mean_is_zero(student, rng):
    """Every feature has mean 0 afterwards."""
    got = shape(student.standardize(features(rng, 3, 8)), (3, 8))
    close(finite(got).mean(axis=1), np.zeros(3), atol=ROUNDING, what="the mean of the features")


@pytest.mark.points(1)
def test_deviation_is_one(student, rng):
    """Every feature has standard deviation 1 afterwards."""
    got = shape(student.standardize(features(rng, 5, 6)), (5, 6))
    close(finite(got).std(axis=1), np.ones(5), atol=ROUNDING, what="the standard deviation of the features")


@pytest.mark.points(1)
def test_constant_feature(student, reference, rng):
    """A feature that is the same in every example becomes 0, and the others are still right."""
    X = features(rng, 5, 8)
    X[0], X[3] = 0.0, rng.integers(1, 9)
    close(student.standardize(X), reference.standardize(X), atol=ROUNDING)
    close(student.standardize(X[:, :1]), np.zeros((5, 1)), what="the result for a single example")


@pytest.mark.points(1)
def test_takes_every_dtype(student, reference, rng):
    """Integers and float32 work as well, and the array that came in is left as it was."""
    for dtype in (int, np.float32, float):
        X = rng.integers(0, 256, size=(3, 9)).astype(dtype)
        call = student.call("standardize", X)
        close(call.value, reference.standardize(X), atol=ROUNDING)
        unchanged(call, (X,))
