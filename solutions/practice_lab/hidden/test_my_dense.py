import numpy as np
import pytest
from conftest import ACTIVATIONS, identity

from grader.checks import unchanged


@pytest.mark.points(6)
def test_weighs_the_inputs(student, reference, rng, layer, judge_vector):
    """Each unit adds up the inputs with its own weights."""
    for n, units in ((4, 3), (3, 3)):
        a_in, W, b = rng.normal(size=n), layer(n, units)[0], np.zeros(units)
        judge_vector(student.my_dense(a_in, W, b, identity), reference.my_dense(a_in, W, b, identity))


@pytest.mark.points(6)
def test_adds_the_bias(student, reference, rng, layer, judge_vector):
    """Each unit adds its own bias before the activation."""
    a_in, (W, b) = rng.normal(size=2), layer(2, 4)
    judge_vector(student.my_dense(a_in, W, b, np.tanh), reference.my_dense(a_in, W, b, np.tanh))


@pytest.mark.points(6)
def test_applies_the_given_activation(student, reference, rng, layer, judge_vector):
    """The activation that is handed over is the one that is used, whichever it is."""
    a_in, (W, b) = rng.normal(size=4), layer(4, 3)
    for g in ACTIVATIONS:
        judge_vector(student.my_dense(a_in, W, b, g), reference.my_dense(a_in, W, b, g))


@pytest.mark.points(4)
def test_any_size(student, reference, rng, layer, judge_vector):
    """A single unit, a single input and a layer with more units than inputs give a number for each unit."""
    for n, units in ((3, 1), (1, 3), (1, 1), (2, 5)):
        a_in, (W, b) = rng.normal(size=n), layer(n, units)
        judge_vector(student.my_dense(a_in, W, b, np.tanh), reference.my_dense(a_in, W, b, np.tanh))


@pytest.mark.points(3)
def test_mixes_precisions(student, reference, rng, layer, judge_vector):
    """Weights in float32, as Keras has them, go with inputs in float64; what came in is left as it was."""
    W, b = (array.astype(np.float32) for array in layer(5, 2))
    before = (rng.normal(size=5), W, b, np.tanh)
    call = student.call("my_dense", *before)
    judge_vector(call.value, reference.my_dense(*before))
    unchanged(call, before)
