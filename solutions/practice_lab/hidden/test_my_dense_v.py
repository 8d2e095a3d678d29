import numpy as np
import pytest
from conftest import ACTIVATIONS, identity

from grader.checks import close, unchanged


@pytest.mark.points(6)
def test_whole_batch(student, reference, rng, layer):
    """Each row of the result is what the layer gives for that example."""
    for m, n, units in ((5, 4, 3), (3, 3, 3)):
        A_in, W, b = rng.normal(size=(m, n)), layer(n, units)[0], np.zeros((1, units))
        close(student.my_dense_v(A_in, W, b, identity), reference.my_dense_v(A_in, W, b, identity))


@pytest.mark.points(6)
def test_adds_the_bias(student, reference, rng, layer):
    """Each unit adds its own bias, the same one for every example, whether b has one axis or two."""
    for m, units in ((5, 3), (4, 4)):
        A_in, (W, b) = rng.normal(size=(m, 2)), layer(2, units)
        want = reference.my_dense_v(A_in, W, b, np.tanh)
        for given in (b, b.reshape(1, units)):
            close(student.my_dense_v(A_in, W, given, np.tanh), want)


@pytest.mark.points(6)
def test_applies_the_given_activation(student, reference, rng, layer):
    """The activation that is handed over is the one that is used, whichever it is."""
    A_in, (W, b) = rng.normal(size=(4, 3)), layer(3, 2)
    for g in ACTIVATIONS:
        close(student.my_dense_v(A_in, W, b, g), reference.my_dense_v(A_in, W, b, g))


@pytest.mark.points(4)
def test_keeps_both_axes(student, reference, rng, layer):
    """A batch of one example, or a layer of one unit, still has rows and columns."""
    for m, units in ((1, 3), (4, 1), (1, 1)):
        A_in, (W, b) = rng.normal(size=(m, 2)), layer(2, units)
        close(student.my_dense_v(A_in, W, b, np.tanh), reference.my_dense_v(A_in, W, b, np.tanh))


@pytest.mark.points(3)
def test_mixes_precisions(student, reference, rng, layer):
    """Weights in float32, as Keras has them, go with inputs in float64; what came in is left as it was."""
    W, b = (array.astype(np.float32) for array in layer(5, 2))
    before = (rng.normal(size=(3, 5)), W, b, np.tanh)
    call = student.call("my_dense_v", *before)
    close(call.value, reference.my_dense_v(*before))
    unchanged(call, before)
