import numpy as np
import pytest
from conftest import ACTIVATIONS, each_right, same_again, strange_layers


@pytest.mark.points(6)
def test_whole_batch(student, reference, rng, layer):
    """Each row of the result is what the layer gives for that example."""
    sizes = (5, 4, 3), (3, 3, 3), (1130, 2, 3)
    calls = [(rng.normal(size=(m, n)), layer(n, j)[0], np.zeros((1, j)), np.positive) for m, n, j in sizes]
    each_right(student, reference, "my_dense_v", *calls)


@pytest.mark.points(6)
def test_adds_the_bias(student, reference, rng, layer):
    """Each unit adds its own bias, the same one for every example, whether b has one axis or two."""
    for m, units in ((5, 3), (4, 4)):
        A_in, (W, b) = rng.normal(size=(m, units)), layer(units, units)
        calls = [(A_in, W, given, np.tanh) for given in (b, b.reshape(1, units))]
        each_right(student, reference, "my_dense_v", *calls)


@pytest.mark.points(6)
def test_applies_the_given_activation(student, reference, rng, layer):
    """The activation that is handed over is the one that is used, whichever it is."""
    A_in, (W, b) = rng.normal(size=(4, 3)), layer(3, 2)
    each_right(student, reference, "my_dense_v", *[(A_in, W, b, g) for g in ACTIVATIONS])


@pytest.mark.points(4)
def test_keeps_both_axes(student, reference, rng, layer):
    """A batch of one example, or a layer of one unit, still has rows and columns."""
    calls = [(rng.normal(size=(m, 2)), *layer(2, units), np.tanh) for m, units in ((1, 3), (4, 1), (1, 1))]
    each_right(student, reference, "my_dense_v", *calls)


@pytest.mark.points(3)
def test_mixes_precisions(student, reference, rng):
    """Numbers of any kind go together, call after call, and what came in is left as it was."""
    same_again(student, reference, "my_dense_v", *strange_layers(rng, 5, 4))
