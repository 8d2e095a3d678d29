import numpy as np
import pytest
from conftest import close_vector, each_right, same_again


@pytest.mark.points(6)
def test_three_layers(student, reference, rng, network, show_layers):
    """Each layer works on what the one before it gives."""
    for sizes in ((4, 3, 2, 2), (3, 3, 3, 3), (1030, 2, 5, 3)):
        x, weights = rng.normal(size=sizes[0]) / np.sqrt(sizes[0]), network(*sizes)
        got, want = student.my_sequential(x, *weights), reference.my_sequential(x, *weights)
        show_layers(x, weights, got, want)
        close_vector(got, want)


@pytest.mark.points(5)
def test_the_network_of_the_lab(student, reference, rng, network):
    """With 400 inputs and layers of 25, 15 and 1 units it gives a probability."""
    weights = [array / 5 for array in network(400, 25, 15, 1)]
    each_right(
        student, reference, "my_sequential", *[(rng.random(400), *weights) for _ in range(2)], judge=close_vector
    )


@pytest.mark.points(4)
def test_weights_of_keras(student, reference, rng, network):
    """Weights in float32, as Keras has them, go with an example in float64, call after call, and stay as they were."""
    x, weights, others = rng.normal(size=4), network(4, 3, 2, 1), network(4, 3, 2, 1)
    single = [array.astype(np.float32) for array in weights]
    extreme = [*weights[:4], 3 * weights[4], weights[5] - 12]  # it gives a small probability
    calls = [(x, *some) for some in (single, others, extreme)]
    whole = -1 - np.rint(4 * np.abs(x)).astype(int)
    calls += [(some, *weights) for some in (whole, 0 * x, 200 * rng.random(4), x)]
    calls += [(x, *others[:4], *weights[4:]), (x, *network(4, 4, 4, 4))]
    same_again(student, reference, "my_sequential", *calls, judge=close_vector)
