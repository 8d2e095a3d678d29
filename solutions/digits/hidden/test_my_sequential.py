from functools import partial

import numpy as np
import pytest
from conftest import each_right, relu, same_again, softmax

from grader.checks import close


def show_layers(exhibit, x, parameters, got, want):
    weights = [W for W, _ in parameters]
    labels = ["x", *(f"W of layer {i}" for i in range(1, len(weights) + 1)), "your result"]
    exhibit.flow("Through the layers", labels, [x, *weights, got], [x, *weights, want])


@pytest.mark.points(2)
def test_two_layers(student, reference, rng, network, exhibit):
    """The second layer works on what the first one gives."""
    x, parameters = rng.normal(size=(4, 1)), network(4, 3, 2)
    got, want = student.my_sequential(x, parameters, np.tanh), reference.my_sequential(x, parameters, np.tanh)
    show_layers(exhibit, x, parameters, got, want)
    close(got, want)


@pytest.mark.points(2)
def test_any_depth(student, reference, rng, network, exhibit):
    """Networks of one, three and six layers give the right result."""
    calls = [
        (rng.normal(size=(3, 1)), network(*sizes), np.tanh) for sizes in ((3, 2), (3, 3, 3, 1), (3, 2, 4, 3, 2, 2, 3))
    ]
    for call, (x, parameters, g) in zip(student.calls("my_sequential", *calls), calls, strict=True):
        want = reference.my_sequential(x, parameters, g)
        show_layers(exhibit, x, parameters, call.value, want)
        close(call.value, want)


@pytest.mark.points(1)
def test_applies_the_given_activation(student, reference, rng, network):
    """Every layer uses the activation that is handed over."""
    x, parameters = 4 * rng.normal(size=(3, 1)), network(3, 4, 2)
    each_right(student, reference, "my_sequential", (x, parameters, np.cos), judge=partial(close, atol=1e-5))
    each_right(student, reference, "my_sequential", (x, parameters, np.square), judge=partial(close, atol=1e-2))


@pytest.mark.points(1)
def test_shape_of_the_last_layer(student, reference, rng, network):
    """The result is a column with a row for each unit of the last layer."""
    x = rng.normal(size=(2, 1))
    calls = [(x, network(*sizes), np.tanh) for sizes in ((2, 3, 5), (2, 4, 1))]
    each_right(student, reference, "my_sequential", *calls)


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, reference, rng, network, whole_network):
    """The example and the list of parameters are left as they were, call after call, whatever they hold."""
    x, parameters, same, dead = rng.normal(size=(4, 1)), network(4, 3, 2), network(4, 4)[0], network(4, 3, 2, 1)
    dead[0] = dead[0][0], dead[0][1] - 100  # after which ReLU gives zeros only
    same_again(
        student,
        reference,
        "my_sequential",
        (x, parameters, np.tanh),
        (x, network(4, 3, 2), np.tanh),
        (-np.abs(x), parameters, np.tanh),
        (rng.normal(size=(1030, 1)), network(1030, 2), np.sin),
        (np.rint(4 * x).astype(int), network(4, 4, 4), np.sin),
        (x, whole_network(4, 4, 2), np.arctan),
        (x, [same, network(4, 4)[0], same, same, (same[0], same[1] + 1)], np.arctan),
        (x, network(4, 1, 3, 2), np.arctan),
        (x, dead, relu),
        (x, [(np.eye(4), np.zeros((4, 1))), *network(4, 3, 2)], np.positive),
        (x, parameters, softmax),
        (x, network(4, *[2] * 11, 1), np.arctan),
    )
