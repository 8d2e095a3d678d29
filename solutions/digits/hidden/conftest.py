"""What several cases draw: networks, batches, and images that no student has seen."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from grader.checks import close, fail, finite, shape, unchanged


def along(got, want, what):
    """The right shape and the right numbers but for a common factor, of whatever sign: not 0, and not at random."""
    came = finite(shape(got, np.shape(want), what), what)
    squares = np.sum(came**2)
    factor = np.sum(came * want) / squares if squares else 0
    if np.abs(factor * came - want).max() > 1e-4 * np.abs(want).max():
        fail(f"{what} points in another direction than it should.")


def each_right(student, reference, name, *calls, judge=close):
    """The student's function gives what the solution's gives, for one call after another."""
    for call, arguments in zip(student.calls(name, *calls), calls, strict=True):
        judge(call.value, getattr(reference, name)(*arguments))


def same_again(student, reference, name, *calls, judge=close, new=False):
    """Each call is right and leaves its arguments as they were, and so is the first one when it comes again.

    The results are read after the last call, so one that a later call overwrites is wrong. With `new`, they must not
    lie in the arrays that came in.
    """
    calls = (*calls, calls[0])
    for call, arguments in zip(student.calls(name, *calls), calls, strict=True):
        judge(call.value, getattr(reference, name)(*arguments))
        unchanged(call, arguments)
        if new:
            own_memory(call)


def own_memory(call):
    """The result is made of new arrays."""
    if call.shared:
        fail("The result, or a part of it, is an array that came in: make a new one.")


def relu(z):
    return np.maximum(z, 0.0)


def softmax(z):
    """An activation that looks at all units of an example: their shares, the later the heavier."""
    share = np.exp(z - np.max(z, axis=0)) / np.sum(np.exp(z - np.max(z, axis=0)), axis=0)
    return share * np.arange(1, len(z) + 1).reshape(-1, 1)


@pytest.fixture
def network(rng):
    """network(4, 3, 1): random parameters for 4 features, a layer of 3 units and one of 1."""

    def draw(*sizes):
        return [(rng.normal(size=(units, n)), rng.normal(size=(units, 1))) for n, units in pairwise(sizes)]

    return draw


@pytest.fixture
def whole_network(network):
    """whole_network(4, 3, 1): the same in whole numbers."""

    def draw(*sizes):
        return [(np.rint(3 * W).astype(int), np.rint(3 * b).astype(int)) for W, b in network(*sizes)]

    return draw


@pytest.fixture
def batch(rng):
    """batch(4, 7): X with 4 features of 7 examples, and labels Y, both of which occur if m > 1."""

    def draw(n, m):
        return rng.normal(size=(n, m)), rng.permutation(np.arange(m) % 2.0).reshape(1, m)

    return draw


@pytest.fixture
def layer(rng):
    """layer(5, 3, 7): A (5, 7), W (3, 5) and b (3, 1), all random."""

    def draw(n, units, m):
        return tuple(rng.normal(size=size) for size in ((n, m), (units, n), (units, 1)))

    return draw


@pytest.fixture
def strange_layers(layer):
    """strange_layers(5, 3, 7): arguments at which a layer that is right for small random numbers may be wrong."""

    def draw(n, units, m):
        A, W, b = layer(n, units, m)
        ints = [np.rint(4 * array).astype(int) for array in (A, W, b)]
        usual = (A, W, b), (A, W + 1, b), (100 * A + 1, W, b)
        layers = [
            (ints[0], W, b),
            (A, ints[1], b.astype(np.float32)),
            (A, W[[0] * units], b),
            (A, 0 * W, b),
            (ints[0], ints[1], b),
            layer(n, n, m),
            (-np.abs(A).astype(np.float32), W, ints[2]),
            (0 * A, W, b),
            (1e5 * A, W, b),
            (A + 1e8, W - W.mean(axis=1, keepdims=True), b),  # what is large cancels
            layer(1030, 2, m),
            layer(2, 30, m),
        ]
        # An identity that gives back the very array that it gets shows a buffer that is used again.
        return [
            *((*each, np.asarray) for each in usual),
            (A, W, b, np.sign),
            *((*each, np.arctan) for each in layers),
        ]

    return draw


@pytest.fixture(scope="session")
def unseen_digits():
    """X (400, m) with values from 0 to 1, and Y (1, m)."""
    with np.load(Path(__file__).with_name("hidden_digits.npz")) as data:
        return data["X"] / 255.0, data["Y"].astype(float)


@pytest.fixture(scope="session")
def knowing(reference, unseen_digits):
    """Parameters of a network that has learned to tell the images apart."""
    rng = np.random.default_rng(0)
    parameters = [(rng.normal(0, 0.1, size=(units, n)), np.zeros((units, 1))) for n, units in ((400, 4), (4, 1))]
    return reference.train(*unseen_digits, parameters, 2.0, 30)[0]
