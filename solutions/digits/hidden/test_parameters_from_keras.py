from itertools import pairwise

import pytest

from grader.checks import close, close_pairs, pairs, shape
from grader.student import KerasModel


def draw(rng, *sizes):
    """Random weights, kernels as Keras has them."""
    return [(rng.normal(size=(n, units)), rng.normal(size=units)) for n, units in pairwise(sizes)]


def read(student, rng, *sizes):
    """What the student makes of a model of these sizes, and what is right."""
    weights = draw(rng, *sizes)
    parameters = student.parameters_from_keras(KerasModel.dense(weights))
    return parameters, [(kernel.T, bias[:, None]) for kernel, bias in weights]


SIZES = (5, 4, 1)


@pytest.fixture(scope="module")
def weights(question_rng):
    """The weights of the model that most cases look at."""
    return draw(question_rng, *SIZES)


@pytest.fixture(scope="module")
def parameters(student, weights):
    """What the student makes of that model."""
    return student.parameters_from_keras(KerasModel.dense(weights))


@pytest.fixture(scope="module")
def square(student, question_rng):
    """The same for a model of one layer with as many units as inputs. Models are what takes long here."""
    return read(student, question_rng, 3, 3)


def check_shapes(got, sizes):
    """A list of (W, b) in the assignment's layout. Returns it."""
    parameters = pairs(got, len(sizes) - 1)
    for i, (W, b) in enumerate(parameters, start=1):
        shape(W, (sizes[i], sizes[i - 1]), f"the W of layer {i}")
        shape(b, (sizes[i], 1), f"the b of layer {i}")
    return parameters


@pytest.mark.points(2)
def test_shapes(parameters, weights, exhibit):
    """Every layer becomes a pair (W, b) in the shapes of the assignment."""
    want = [(kernel.T, bias[:, None]) for kernel, bias in weights]
    exhibit.flow("Your parameters, layer by layer", ["W1", "b1", "W2", "b2"], parameters, want)
    check_shapes(parameters, SIZES)


@pytest.mark.points(1)
def test_square_layers(square):
    """Every weight is in its place, also where a layer has as many units as inputs."""
    close_pairs(*square)


@pytest.mark.points(1)
def test_any_depth(student, square, rng):
    """Models of one layer and of four layers are read as well."""
    for came, wanted in (square, read(student, rng, 2, 3, 2, 2, 1)):
        close_pairs(came, wanted)


@pytest.mark.points(2)
def test_same_predictions(parameters, weights, reference, rng):
    """The network with these parameters predicts what the Keras model predicts."""
    A = X = rng.normal(size=(6, SIZES[0]))
    for kernel, bias in weights:
        A = reference.sigmoid(A @ kernel + bias)
    close(reference.forward(X.T, check_shapes(parameters, SIZES))[-1], A.T, what="the prediction of the network")
