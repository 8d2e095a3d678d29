import numpy as np
import pytest
from conftest import each_right, same_again

from grader.checks import close


@pytest.mark.points(6)
def test_three_layers(student, reference, rng, network, show_layers):
    """Each layer works on what the one before it gives."""
    for sizes in ((4, 3, 2, 2), (3, 3, 3, 3), (2, 5, 4, 3)):
        X, weights = rng.normal(size=(6, sizes[0])), network(*sizes)
        got, want = student.my_sequential_v(X, *weights), reference.my_sequential_v(X, *weights)
        show_layers(X, weights, got, want)
        close(got, want)


@pytest.mark.points(5)
def test_the_network_of_the_lab(student, reference, rng, network):
    """With 400 inputs and layers of 25, 15 and 1 units it gives a probability for each example."""
    weights = [array / 5 for array in network(400, 25, 15, 1)]
    calls = [(rng.random((m, 400)), *weights) for m in (1, 7)]
    each_right(student, reference, "my_sequential_v", *calls)


@pytest.mark.points(4)
def test_weights_of_keras(student, reference, rng, network):
    """Weights in float32, as Keras has them, go with examples in float64; a bias may have one axis or two."""
    X, weights, others = rng.normal(size=(5, 4)), network(4, 3, 2, 1), network(4, 3, 2, 1)
    single = [array.astype(np.float32) for array in weights]
    rows = [array.reshape(1, -1) if array.ndim == 1 else array for array in single]
    extreme = [*weights[:4], 3 * weights[4], weights[5] - 12]  # it gives small probabilities
    calls = [(X, *some) for some in (single, rows, others, extreme)] + [(rng.normal(size=(1100, 4)), *weights)]
    blank = X.copy()
    blank[0] = 0
    calls += [(X, *weights), (X, *others[:4], *weights[4:]), (X[:4], *network(4, 4, 4, 4)), (X[[0, 1, 1, 0]], *weights)]
    calls += [
        (blank, *weights),
        (200 * rng.random((5, 4)), *weights),
        (-1 - np.rint(4 * np.abs(X)).astype(int), *weights),
    ]
    same_again(student, reference, "my_sequential_v", *calls)
