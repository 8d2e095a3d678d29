import numpy as np
import pytest
from conftest import same_again

from grader.checks import close, finite, shape

# Float32 loses digits when a mean is taken away, hence the wider tolerance.
ROUNDING = 1e-4


def features(rng, n, m):
    """Rows that differ in mean and in spread."""
    mean, spread = rng.uniform(-9, 9, size=(n, 1)), rng.uniform(0.5, 9, size=(n, 1))
    return mean + spread * rng.normal(size=(n, m))


def closely(got, want):
    close(got, want, atol=ROUNDING)


def like_the_right_one(got, want):
    """Numbers whose rows rise and fall as they should, whatever mean and deviation they have. Returns them."""
    rows = finite(shape(got, want.shape))
    deviation = rows.std(axis=1, keepdims=True)
    close((rows - rows.mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1), want, atol=ROUNDING)
    return rows


@pytest.mark.points(2)
def test_right_values(student, reference, rng):
    """Every feature is moved and scaled by its own mean and standard deviation."""
    far = features(rng, 2, 1100)
    far[:, 7] += 300  # one value far from the others: more than ten deviations
    for X in (features(rng, 4, 7), features(rng, 4, 4) - 99, far):
        close(student.standardize(X), reference.standardize(X), atol=1e-5)


@pytest.mark.points(1)
def test_mean_is_zero(student, reference, rng):
    """Every feature has mean 0 afterwards."""
    X = features(rng, 3, 8)
    rows = like_the_right_one(student.standardize(X), reference.standardize(X))
    close(rows.mean(axis=1), np.zeros(3), atol=ROUNDING, what="the mean of the features")


@pytest.mark.points(1)
def test_deviation_is_one(student, reference, rng):
    """Every feature has standard deviation 1 afterwards."""
    X = features(rng, 5, 6)
    rows = like_the_right_one(student.standardize(X), reference.standardize(X))
    close(rows.std(axis=1), np.ones(5), atol=ROUNDING, what="the standard deviation of the features")


@pytest.mark.points(1)
def test_constant_feature(student, reference, rng):
    """A feature that is the same in every example becomes 0, one that only seems so doesn't, nor do the others."""
    X = features(rng, 12, 7)
    X[[0, 2, 4, 5]] = np.array([[0.0], [0.1], [-7.3], [1e9 / 7]])  # NumPy's deviation of seven 0.1 is 1e-17
    X[6] = np.where(np.arange(7) == rng.integers(2, 6), 9.0, 5.0)  # the first equals the second and the last
    X[7] = rng.permutation([-3.0, -2, -1, 0, 1, 2, 3])  # the mean is 0
    X[8:11] *= np.array([[1e-3], [1e-12], [1e7]])
    X[11] = 1e9 + rng.permutation(7)
    late = np.zeros((2, 130))
    late[0, -1:], late[1, :-1] = 1, 1  # most examples say that these are constant, too
    for each in (X, late):
        close(student.standardize(each), reference.standardize(each), atol=ROUNDING)
    close(student.standardize(X[:, :1]), np.zeros((12, 1)), what="the result for a single example")


@pytest.mark.points(1)
def test_takes_every_dtype(student, reference, rng):
    """Integers and float32 work as well, call after call, and the array that came in is left as it was."""
    pixels = rng.integers(0, 256, size=(4, 7))
    pixels[0] = 3
    ready = np.array([[1.0, -1, -1, 1]])  # nothing is left to do, but the array must be a new one
    done = reference.standardize(features(rng, 4, 7))
    arrays = (
        pixels.astype(float),
        features(rng, 4, 7),
        pixels,
        pixels.astype(np.float32),
        features(rng, 3, 40),
        done,
        ready,
    )
    same_again(student, reference, "standardize", *[(X,) for X in arrays], judge=closely, new=True)
