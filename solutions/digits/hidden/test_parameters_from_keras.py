from itertools import pairwise

import pytest

from grader.checks import close, close_pairs, pairs, shape
from grader.student import KerasModel


@pytest.fixture
def model(rng):
    """model(4, 3, 1): a Keras model with random weights, and those weights."""

    def draw(*sizes):
        weights = [(rng.normal(size=(n, units)), rng.normal(size=units)) for n, units in pairwise(sizes)]
        return KerasModel.dense(weights), weights

    return draw


def check_shapes(got, sizes):
    """A list of (W, b) in the assignment's layout. Returns it."""
    parameters = pairs(got, len(sizes) - 1)
    for i, (W, b) in enumerate(parameters, start=1):
        shape(W, (sizes[i], sizes[i - 1]), f"the W of layer {i}")
        shape(b, (sizes[i], 1), f"the b of layer {i}")
    return parameters


@pytest.mark.points(2)
def test_shapes(student, model):
    """Every layer becomes a pair (W, b) in the shapes of the assignment."""
    sizes = (5, 4, 3, 1)
    check_shapes(student.parameters_from_keras(model(*sizes)[0]), sizes)


@pytest.mark.points(1)
def test_square_layers(student, model):
    """Every weight is in its place, also where a layer has as many units as inputs."""
    keras_model, weights = model(3, 3, 3)
    want = [(kernel.T, bias[:, None]) for kernel, bias in weights]
    close_pairs(student.parameters_from_keras(keras_model), want)


@pytest.mark.points(1)
def test_any_depth(student, model):
    """Models of one layer and of four layers are read as well."""
    for sizes in ((4, 1), (2, 3, 4, 3, 1)):
        keras_model, weights = model(*sizes)
        want = [(kernel.T, bias[:, None]) for kernel, bias in weights]
        close_pairs(student.parameters_from_keras(keras_model), want)


@pytest.mark.points(2)
def test_same_predictions(student, reference, rng, model):
    """The network with these parameters predicts what the Keras model predicts."""
    sizes = (4, 5, 2, 1)
    keras_model, weights = model(*sizes)
    parameters = check_shapes(student.parameters_from_keras(keras_model), sizes)
    A = X = rng.normal(size=(6, 4))
    for kernel, bias in weights:
        A = reference.sigmoid(A @ kernel + bias)
    close(reference.forward(X.T, parameters)[-1], A.T, what="the prediction of the network")
