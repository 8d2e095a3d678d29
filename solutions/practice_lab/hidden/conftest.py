"""What several cases use: activations that are no sigmoid, and networks of three layers in rows."""

from itertools import pairwise

import numpy as np
import pytest

from grader.checks import close, unchanged, unsqueezed


def close_vector(got, want):
    """The numbers of a layer for one example; one unit may come as a single number."""
    close(unsqueezed(got, np.shape(want)), want)


def each_right(student, reference, name, *calls, judge=close):
    """The student's function gives what the solution's gives, for one call after another."""
    for call, arguments in zip(student.calls(name, *calls), calls, strict=True):
        judge(call.value, getattr(reference, name)(*arguments))


def same_again(student, reference, name, *calls, judge=close):
    """Each call is right and leaves its arguments as they were, and so is the first one when it comes again.

    The results are read after the last call, so one that a later call overwrites is wrong.
    """
    calls = (*calls, calls[0])
    for call, arguments in zip(student.calls(name, *calls), calls, strict=True):
        judge(call.value, getattr(reference, name)(*arguments))
        unchanged(call, arguments)


def leaky(z):
    return np.where(np.asarray(z) > 0, z, 0.1 * np.asarray(z))


def double(z):
    return z + z


# Elementwise each, so that a call for one unit gives what a call for the layer gives.
ACTIVATIONS = (np.tanh, np.square, leaky, np.cos, double)


@pytest.fixture
def layer(rng):
    """layer(4, 3): W (4, 3) and b (3,), random."""

    def draw(n, units):
        return rng.normal(size=(n, units)), rng.normal(size=units)

    return draw


@pytest.fixture
def network(layer):
    """network(4, 3, 2, 1): W1, b1, W2, b2, W3, b3 for 4 inputs and layers of 3, 2 and 1 units."""

    def draw(*sizes):
        return [array for n, units in pairwise(sizes) for array in layer(n, units)]

    return draw


def strange_layers(rng, *shape):
    """Arguments at which a layer of three units that is right for small random numbers may be wrong.

    The inputs have this shape, of which the last number is that of the inputs.
    """

    def large(n, units):
        A, W = rng.normal(size=(*shape[:-1], n)), rng.normal(size=(n, units)) / np.sqrt(n)  # so that float32 will do
        return A, W, rng.normal(size=units)

    A, W, b = rng.normal(size=shape), rng.normal(size=(shape[-1], 3)), rng.normal(size=3)
    usual = (A, W, b), (A, W + 1, b), (100 * np.abs(A) + 1, np.abs(W), b)
    layers = (
        *usual[:2],
        large(1030, 3),
        (A, W.astype(np.float32), b.astype(np.float32)),  # as Keras has them
        (-np.abs(A).astype(np.float32), W, b),
        (A, W, np.rint(4 * b).astype(int)),
        (A, W[:, [0, 0, 0]], b),
        (0 * A, W, b),
        (1e5 * A, W, b),
        (1e7 * A, 1e-7 * W, b),
    )
    # An identity that gives back the very array that it gets shows a buffer that is used again.
    same = [(*layer, np.asarray) for layer in usual]
    return [*same, *((*layer, np.arctan) for layer in (*layers, large(120, 70)))]


@pytest.fixture
def show_layers(exhibit):
    """show_layers(x, weights, got, want): the shapes on the way through the layers, and that of the result."""

    def show(x, weights, got, want):
        kernels = weights[::2]
        labels = ["the input", *(f"W{i}" for i in range(1, len(kernels) + 1)), "your result"]
        exhibit.flow("Through the layers", labels, [x, *kernels, got], [x, *kernels, want])

    return show
