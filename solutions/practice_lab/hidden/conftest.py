"""What several cases use: activations that are no sigmoid, and networks of three layers in rows."""

from itertools import pairwise

import numpy as np
import pytest

from grader.checks import close, unsqueezed


def identity(z):
    return z


def leaky(z):
    return np.where(np.asarray(z) > 0, z, 0.1 * np.asarray(z))


# Elementwise each, so that a call for one unit gives what a call for the layer gives.
ACTIVATIONS = (np.tanh, np.square, leaky, np.cos)


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


@pytest.fixture
def judge_vector():
    """judge_vector(got, want): the numbers of a layer for one example; one unit may come as a single number."""
    return lambda got, want: close(unsqueezed(got, np.shape(want)), want)


@pytest.fixture
def show_layers(exhibit):
    """show_layers(x, weights, got, want): the shapes on the way through the layers, and that of the result."""

    def show(x, weights, got, want):
        kernels = weights[::2]
        labels = ["the input", *(f"W{i}" for i in range(1, len(kernels) + 1)), "your result"]
        exhibit.flow("Through the layers", labels, [x, *kernels, got], [x, *kernels, want])

    return show
