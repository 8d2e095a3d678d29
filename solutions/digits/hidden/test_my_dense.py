from functools import partial

import numpy as np
import pytest
from conftest import each_right, relu, same_again, softmax

from grader.checks import close


@pytest.mark.points(2)
def test_weighs_the_inputs(student, reference, layer):
    """Each unit adds up the inputs with its own weights."""
    layers = layer(5, 3, 1), layer(4, 4, 1)
    calls = [(a_in, W, 0 * b, np.positive) for a_in, W, b in layers]
    each_right(student, reference, "my_dense", *calls, judge=partial(close, atol=1e-4))


@pytest.mark.points(2)
def test_adds_the_bias(student, reference, layer):
    """Each unit's bias is added in the right place."""
    each_right(student, reference, "my_dense", (*layer(2, 4, 1), np.tanh), (*layer(3, 3, 1), np.tanh))


@pytest.mark.points(2)
def test_applies_the_given_activation(student, reference, rng):
    """The activation that is handed over is the one that is used, whichever it is."""
    a_in, W, b = rng.normal(size=(4, 1)), rng.normal(size=(3, 4)), np.zeros((3, 1))
    each_right(student, reference, "my_dense", *[(a_in, W, b, g) for g in (np.tanh, np.square, relu)])


@pytest.mark.points(1)
def test_returns_a_column(student, reference, layer):
    """The activation gets z as a column with a row for each unit, which the result is, too, also for a single unit."""
    calls = [(*layer(n, units, 1), np.tanh) for n, units in ((3, 1), (1, 3), (1, 1))]
    each_right(student, reference, "my_dense", *calls, (*layer(2, 4, 1), softmax))


@pytest.mark.points(1, beyond=True)
def test_takes_every_dtype(student, reference, layer, strange_layers):
    """Numbers of any size and kind work as well, call after call, and the arrays that came in are left as they were."""
    same_again(student, reference, "my_dense", *strange_layers(5, 3, 1), (*layer(5, 1, 1), np.sin))
