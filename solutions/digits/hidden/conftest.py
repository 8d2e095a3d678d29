"""What several cases draw: networks, batches, and images that no student has seen."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def network(rng):
    """network(4, 3, 1): random parameters for 4 features, a layer of 3 units and one of 1."""

    def draw(*sizes):
        return [(rng.normal(size=(units, n)), rng.normal(size=(units, 1))) for n, units in pairwise(sizes)]

    return draw


@pytest.fixture
def batch(rng):
    """batch(4, 7): X with 4 features of 7 examples, and labels Y, both of which occur if m > 1."""

    def draw(n, m):
        return rng.normal(size=(n, m)), rng.permutation(np.arange(m) % 2.0).reshape(1, m)

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
