import numpy as np
import pytest
from conftest import ACTIVATIONS, close_vector, each_right, same_again, strange_layers


@pytest.mark.points(6)
def test_weighs_the_inputs(student, reference, rng, layer):
    """Each unit adds up the inputs with its own weights."""
    calls = [(rng.normal(size=n), layer(n, units)[0], np.zeros(units), np.positive) for n, units in ((4, 3), (3, 3))]
    each_right(student, reference, "my_dense", *calls, judge=close_vector)


@pytest.mark.points(6)
def test_adds_the_bias(student, reference, rng, layer):
    """Each unit adds its own bias before the activation."""
    calls = [(rng.normal(size=n), *layer(n, units), np.tanh) for n, units in ((2, 4), (3, 3))]
    each_right(student, reference, "my_dense", *calls, judge=close_vector)


@pytest.mark.points(6)
def test_applies_the_given_activation(student, reference, rng, layer):
    """The activation that is handed over is the one that is used, whichever it is."""
    a_in, (W, b) = rng.normal(size=4), layer(4, 3)
    each_right(student, reference, "my_dense", *[(a_in, W, b, g) for g in ACTIVATIONS], judge=close_vector)


@pytest.mark.points(4)
def test_any_size(student, reference, rng, layer):
    """A single unit, a single input and a layer with more units than inputs give a number for each unit."""
    sizes = (3, 1), (1, 3), (1, 1), (2, 5)
    calls = [(rng.normal(size=n), *layer(n, units), np.tanh) for n, units in sizes]
    each_right(student, reference, "my_dense", *calls, judge=close_vector)


@pytest.mark.points(3)
def test_mixes_precisions(student, reference, rng):
    """Numbers of any kind go together, call after call, and what came in is left as it was."""
    whole = [np.rint(4 * rng.normal(size=size)).astype(int) for size in (4, (4, 3))]
    floats = rng.normal(size=4), rng.normal(size=(4, 3)), rng.normal(size=3)
    mixed = (whole[0], *floats[1:], np.arctan), (floats[0], whole[1], floats[2], np.arctan)
    same_again(student, reference, "my_dense", *strange_layers(rng, 4), *mixed, judge=close_vector)
