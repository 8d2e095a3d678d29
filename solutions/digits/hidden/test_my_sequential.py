import numpy as np
import pytest

from grader.checks import close, shape, unchanged


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
    """Networks of one, two, three and four layers give the right result."""
    x = rng.normal(size=(3, 1))
    for sizes in ((3, 2), (3, 4, 1), (3, 2, 4, 3), (3, 5, 2, 3, 1)):
        parameters = network(*sizes)
        got, want = student.my_sequential(x, parameters, np.tanh), reference.my_sequential(x, parameters, np.tanh)
        show_layers(exhibit, x, parameters, got, want)
        close(got, want)


@pytest.mark.points(1)
def test_applies_the_given_activation(student, reference, rng, network):
    """Every layer uses the activation that is handed over."""
    x, parameters = rng.normal(size=(3, 1)), network(3, 4, 2)
    for g in (np.cos, np.square):
        close(student.my_sequential(x, parameters, g), reference.my_sequential(x, parameters, g))


@pytest.mark.points(1)
def test_shape_of_the_last_layer(student, rng, network):
    """The result is a column with a row for each unit of the last layer."""
    x = rng.normal(size=(2, 1))
    for sizes in ((2, 3, 5), (2, 4, 1)):
        shape(student.my_sequential(x, network(*sizes), np.tanh), (sizes[-1], 1))


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, reference, rng, network):
    """The example and the list of parameters are left as they were."""
    x, parameters = rng.normal(size=(3, 1)), network(3, 4, 2)
    call = student.call("my_sequential", x, parameters, np.tanh)
    shape(call.value, (2, 1))
    unchanged(call, (x, parameters, np.tanh))
