from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from grader.checks import adam, close, fail, shape
from grader.student import KerasModel

EXAMPLES = 40


def keras_model(got):
    if not isinstance(got, KerasModel):
        fail("What came back is not a Keras model.")
    return got


def has_layers(model, n_features, units):
    """It is made of Dense layers of these sizes, by what it says of itself."""
    came = [layer.units for layer in keras_model(model).layers if layer.kind == "Dense"]
    if model.kind != "Sequential":
        fail(f"The model is of type {model.kind}.")
    if came != list(units):
        fail(f"The Dense layers have {came} units.")
    if model.input_shape != (None, n_features):
        fail(f"The model's input shape is {model.input_shape}: does it know the number of features?")
    for layer in model.layers:
        if layer.kind not in ("Dense", "Activation", "Flatten"):  # Flatten: the examples are flat already
            fail(f"The model has a layer of type {layer.kind}.")


class Flow:
    """Examples, a model with weights that are drawn here, and what comes out of its Dense layers.

    Names and sizes alone earn nothing: the first layer's outputs must depend on the examples.
    """

    def __init__(self, model, rng, n_features):
        kinds = [layer.kind for layer in keras_model(model).layers]
        places = [i for i, kind in enumerate(kinds) if kind == "Dense"]
        self.layers = [model.layers[i] for i in places]
        if not places or not all(isinstance(layer.units, int) for layer in self.layers):
            fail("The model has no Dense layers.")
        sizes = pairwise([n_features, *(layer.units for layer in self.layers)])
        self.weights = [(rng.normal(size=(n, units)) / np.sqrt(n), rng.normal(size=units)) for n, units in sizes]
        last, _ = self.weights[-1]
        self.weights[-1] = last / 10, np.full(last.shape[1], 0.5)  # so that even without a sigmoid a probability comes
        self.X = np.tile(rng.normal(size=(EXAMPLES // 2, n_features)), (2, 1))
        if not all(layer.weights for layer in self.layers):
            model(self.X)  # a model without an input layer has weights from now on
        pairs = zip(self.layers, self.weights, strict=True)
        self.model = model.with_weights([array for layer, pair in pairs for array in pair[: 1 + layer.use_bias]])
        through = self.model.through(self.X)
        # An Activation layer belongs to the Dense layer before it.
        ends = [*(i - 1 for i in places[1:]), len(kinds) - 1]
        units = (layer.units for layer in self.layers)
        self.outputs = [shape(through[i], (EXAMPLES, size)) for i, size in zip(ends, units, strict=True)]
        one, other = np.split(self.outputs[0], 2)
        if not np.ptp(one, axis=0).any() or not np.allclose(one, other):
            fail("What the first layer gives doesn't depend on the examples.")


@pytest.fixture(scope="module")
def usual(student):
    """The model in the sizes of the assignment. Building one takes longer than all cases."""
    return student.build_model()


@pytest.fixture(scope="module")
def model(student):
    """The model that most cases look at: small, and with another number of layers."""
    return student.build_model(6, (5, 1))


@pytest.fixture(scope="module")
def usual_flow(usual, question_rng):
    return cache(lambda: Flow(usual, question_rng, 400))


@pytest.fixture(scope="module")
def flow(model, question_rng):
    """The Flow of the small model, when it is called: it may fail, and then the case does."""
    return cache(lambda: Flow(model, question_rng, 6))


@pytest.mark.points(1)
def test_sizes_by_default(usual, usual_flow):
    """Without arguments it is a Sequential of Dense layers in the sizes of the assignment."""
    has_layers(usual, 400, (25, 15, 1))
    usual_flow()


@pytest.mark.points(1)
def test_other_sizes(model, flow):
    """The number of features and the units of each layer are those that are asked for."""
    has_layers(model, 6, (5, 1))
    flow()


@pytest.mark.points(1)
def test_activations(flow, usual_flow, reference):
    """Every layer has the sigmoid as its activation."""
    for each in (flow(), usual_flow()):
        A = each.X
        for i, (layer, (kernel, bias), came) in enumerate(zip(each.layers, each.weights, each.outputs, strict=True), 1):
            if not np.allclose(came, reference.sigmoid(A @ kernel + bias * layer.use_bias), atol=1e-4):
                named = f": it is {layer.activation}" if layer.activation != "sigmoid" else ""
                fail(f"The activation of layer {i} of {len(each.layers)} isn't the sigmoid{named}.")
            A = came


@pytest.mark.points(1)
def test_loss(flow, model, reference):
    """The model is compiled with the loss for two classes and probabilities."""
    X, Y = flow().X, np.arange(EXAMPLES).reshape(-1, 1) % 3 == 0.0
    if model.loss is None:
        fail("The model isn't compiled with a loss.")
    probabilities = np.clip(np.asarray(flow().model(X), float), 1e-7, 1 - 1e-7)
    want = reference.cost(probabilities.T, Y.T.astype(float))
    what = f"the loss ({model.loss}{', of logits' if model.from_logits else ''}) of a batch"
    close(flow().model.loss_of(X, Y.astype(float)), want, rtol=1e-3, what=what)


@pytest.mark.points(1)
def test_optimizer(flow, model, rng):
    """The model is compiled with the optimizer Adam."""
    flow()
    adam(model, rng)


@pytest.mark.points(1)
def test_computes_like_the_network(flow, reference):
    """The model gives the numbers that the network gives with the same weights."""
    if not all(layer.use_bias for layer in flow().layers):
        fail("A layer has no bias.")
    A = flow().X
    for kernel, bias in flow().weights:
        A = reference.sigmoid(A @ kernel + bias)
    close(flow().model(flow().X), A, atol=1e-5)
