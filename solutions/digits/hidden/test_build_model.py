from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from grader.checks import KerasModel, adam, close, fail, items, shape, unchanged

EXAMPLES = 40
FEATURES, UNITS = 520, (130, 3, 3, 4, 2)


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
        if not layer.trainable:
            fail("A layer of the model is not trainable.")


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
        for i, (layer, (kernel, _)) in enumerate(zip(self.layers, self.weights, strict=True), start=1):
            if layer.weights and layer.weights[0].shape != kernel.shape:
                fail(f"The kernel of layer {i} has shape {layer.weights[0].shape}.", expected=f"shape {kernel.shape}")
        pairs = zip(self.layers, self.weights, strict=True)
        self.model = model.with_weights([array for layer, pair in pairs for array in pair[: 1 + layer.use_bias]])
        *through, answer = items(self.model.through(self.X), len(kinds) + 1, "the outputs of the layers and the model")
        # An Activation layer belongs to the Dense layer before it.
        ends = [*(i - 1 for i in places[1:]), len(kinds) - 1]
        units = (layer.units for layer in self.layers)
        self.outputs = [shape(through[i], (EXAMPLES, size)) for i, size in zip(ends, units, strict=True)]
        close(answer, self.outputs[-1], atol=1e-5, what="the model's output")  # it may not use its layers
        one, other = np.split(self.outputs[0], 2)
        if not np.ptp(one, axis=0).any() or not np.allclose(one, other):
            fail("What the first layer gives doesn't depend on the examples.")


@pytest.fixture(scope="module")
def usual(student):
    """The model in the sizes of the assignment. Building one takes longer than all cases."""
    return student.build_model()


@pytest.fixture(scope="module")
def built(student):
    """The call for the model that most cases look at: with wide and narrow layers, two alike, and two outputs."""
    return student.call("build_model", FEATURES, [*UNITS])


@pytest.fixture(scope="module")
def flow(built, question_rng):
    """The Flow of that model, when it is called: it may fail, and then the case does."""
    return cache(lambda: Flow(built.value, question_rng, FEATURES))


@pytest.mark.points(1, needs="test_other_sizes")
def test_sizes_by_default(usual):
    """Without arguments it is a Sequential of Dense layers in the sizes of the assignment."""
    has_layers(usual, 400, (25, 15, 1))


@pytest.mark.points(1)
def test_other_sizes(student, built, flow):
    """The number of features and the units of each layer are those that are asked for; the weights start at random."""
    has_layers(built.value, FEATURES, UNITS)
    if not all(np.ptp(layer.weights[0]) for layer in built.value.layers if layer.weights):
        fail("A layer's weights are all equal: its units will learn the same thing.")
    unchanged(built, (FEATURES, [*UNITS]))
    flow()
    single = student.build_model(6, (1,))
    has_layers(single, 6, (1,))
    if not single.compiled:
        fail("A model of a single layer isn't compiled.")


@pytest.mark.points(1)
def test_activations(flow, reference):
    """Every layer has the sigmoid as its activation."""
    A, layers = flow().X, flow().layers
    for i, (layer, (kernel, bias), came) in enumerate(
        zip(layers, flow().weights, flow().outputs, strict=True), start=1
    ):
        if not np.allclose(came, reference.sigmoid(A @ kernel + bias * layer.use_bias), atol=1e-4):
            named = f": it is {layer.activation}" if layer.activation != "sigmoid" else ""
            fail(f"The activation of layer {i} of {len(layers)} isn't the sigmoid{named}.")
        A = came


@pytest.mark.points(1)
def test_loss(flow, built, reference):
    """The model is compiled with the loss for two classes and probabilities."""
    outputs, model = flow().outputs[-1], built.value
    if model.loss is None:
        fail("The model isn't compiled with a loss.")
    Y = (np.arange(outputs.size).reshape(outputs.shape) % 3 == 0).astype(float)
    probabilities = np.clip(outputs, 1e-7, 1 - 1e-7).reshape(1, -1)
    what = f"the loss ({model.loss}{', of logits' if model.from_logits else ''}) of a batch"
    close(flow().model.loss_of(flow().X, Y), reference.cost(probabilities, Y.reshape(1, -1)), rtol=1e-3, what=what)


@pytest.mark.points(1)
def test_optimizer(flow, built, rng):
    """The model is compiled with the optimizer Adam."""
    flow()
    adam(built.value, rng)


@pytest.mark.points(1)
def test_computes_like_the_network(flow, reference):
    """The model gives the numbers that the network gives with the same weights."""
    if not all(layer.use_bias for layer in flow().layers):
        fail("A layer has no bias.")
    A = flow().X
    for kernel, bias in flow().weights:
        A = reference.sigmoid(A @ kernel + bias)
    close(flow().outputs[-1], A, atol=1e-5)
