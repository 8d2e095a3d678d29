from itertools import pairwise

import numpy as np
import pytest

from grader.checks import KerasModel, close, close_pairs, fail, pairs, shape

# More than ten inputs, a layer wider than the one before it, and two of the same shape, which is square.
SIZES = (12, 1, 3, 3, 3, 2)


def draw(rng, *sizes):
    """Random weights, kernels as Keras has them."""
    return [(rng.normal(size=(n, units)), rng.normal(size=units)) for n, units in pairwise(sizes)]


def in_our_layout(weights):
    return [(kernel.T, bias[:, None]) for kernel, bias in weights]


@pytest.fixture(scope="module")
def weights(question_rng):
    """The weights of the model that most cases look at."""
    return draw(question_rng, *SIZES)


@pytest.fixture(scope="module")
def read(student, weights):
    """The call for that model, of which a layer is frozen. Models are what takes long here."""
    return student.call("parameters_from_keras", KerasModel.dense(weights, frozen=[1]))


@pytest.mark.points(2)
def test_shapes(read, weights, exhibit):
    """Every layer becomes a pair (W, b) in the shapes of the assignment, with the numbers of that layer."""
    want = in_our_layout(weights)
    labels = [f"{name}{i}" for i in range(1, len(want) + 1) for name in "Wb"]
    exhibit.flow("Your parameters, layer by layer", labels, read.value, want)
    for i, (layer, right) in enumerate(zip(pairs(read.value, len(want)), want, strict=True), start=1):
        for name, came, wanted in zip("Wb", layer, right, strict=True):
            numbers = np.sort(shape(came, wanted.shape, f"the {name} of layer {i}"), axis=None)
            close(numbers, np.sort(wanted, axis=None), what=f"the {name} of layer {i}, its numbers put in order,")


@pytest.mark.points(1)
def test_square_layers(read, weights):
    """Every weight is in its place, also where a layer has as many units as inputs, and the model stays as it was."""
    close_pairs(read.value, in_our_layout(weights))
    (left,) = read.arguments
    if not isinstance(left, KerasModel) or any(len(layer.weights) != 2 for layer in left.layers):
        fail("The model that came in isn't one of Dense layers after the call.")
    if [layer.trainable for layer in left.layers] != [True, False, True, True, True]:
        fail("The model that came in has other layers after the call, or others are trainable.")
    for i, (layer, then) in enumerate(zip(left.layers, weights, strict=True), start=1):
        for name, now, before in zip(("kernel", "bias"), layer.weights, then, strict=True):
            close(now, before, what=f"the {name} that the model has in layer {i} after the call")


@pytest.mark.points(1)
def test_any_depth(student, rng):
    """Models of a single layer and a single input are read as well, each for itself, and any weights, also none."""
    sizes = np.array([0.003, 1, 300])
    several = [[(sizes * kernel, bias)] for kernel, bias in draw(rng, 1, 3)]
    several.append([(np.zeros((1, 3)), np.zeros(3))])
    kinds = zip(several, ("tanh", "sigmoid"), strict=True)
    calls = [(KerasModel.dense(weights, activation),) for weights, activation in kinds]
    for call, weights in zip(student.calls("parameters_from_keras", *calls), several, strict=True):
        close_pairs(call.value, in_our_layout(weights))


@pytest.mark.points(2)
def test_same_predictions(read, weights, reference, rng):
    """The network with these parameters predicts what the Keras model predicts."""
    A = X = rng.normal(size=(6, SIZES[0]))
    for kernel, bias in weights:
        A = reference.sigmoid(A @ kernel + bias)
    columns = []
    for i, (W, b) in enumerate(
        pairs(read.value, len(weights)), start=1
    ):  # that b is a column is test_shapes's business
        W, b = (
            shape(W, (SIZES[i], SIZES[i - 1]), f"the W of layer {i}"),
            shape(b.ravel(), (SIZES[i],), f"the b of layer {i}"),
        )
        columns.append((W, b.reshape(-1, 1)))
    close(reference.forward(X.T, columns)[-1], A.T, what="the prediction of the network")
