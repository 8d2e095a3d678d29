import numpy as np
import pytest


@pytest.mark.points(6)
def test_three_layers(student, reference, rng, network, judge_vector, show_layers):
    """Each layer works on what the one before it gives."""
    for sizes in ((4, 3, 2, 2), (3, 3, 3, 3), (2, 5, 4, 3)):
        x, weights = rng.normal(size=sizes[0]), network(*sizes)
        got, want = student.my_sequential(x, *weights), reference.my_sequential(x, *weights)
        show_layers(x, weights, got, want)
        judge_vector(got, want)


@pytest.mark.points(5)
def test_the_network_of_the_lab(student, reference, rng, network, judge_vector):
    """With 400 inputs and layers of 25, 15 and 1 units it gives a probability."""
    weights = [array / 5 for array in network(400, 25, 15, 1)]
    for _ in range(3):
        x = rng.random(400)
        judge_vector(student.my_sequential(x, *weights), reference.my_sequential(x, *weights))


@pytest.mark.points(4)
def test_weights_of_keras(student, reference, rng, network, judge_vector):
    """Weights in float32, as Keras has them, go with an example in float64."""
    x, weights = rng.normal(size=4), [array.astype(np.float32) for array in network(4, 3, 2, 1)]
    judge_vector(student.my_sequential(x, *weights), reference.my_sequential(x, *weights))
