from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from grader.checks import KerasModel, close, fail, items, shape

UNITS = [25, 15, 1]
EXAMPLES = 10


class Flow:
    """The student's model with weights that are drawn here, and what comes out of its Dense layers.

    Names and sizes alone earn nothing: the first layer's outputs must depend on the examples.
    """

    def __init__(self, student, rng):
        model = student.get("model")
        if not isinstance(model, KerasModel):
            fail("`model` is not a Keras model.")
        self.kinds = [layer.kind for layer in model.layers]
        places = [i for i, kind in enumerate(self.kinds) if kind == "Dense"]
        self.layers = [model.layers[i] for i in places]
        if not places or not all(isinstance(layer.units, int) for layer in self.layers):
            fail("The model has no Dense layers.")
        kernel = self.layers[0].weights[0] if self.layers[0].weights else None
        if np.ndim(kernel) not in (0, 2):
            fail("The kernel of layer 1 is no matrix.")
        self.inputs = len(kernel) if np.ndim(kernel) == 2 else 400
        self.X = np.tile(rng.random((EXAMPLES // 2, self.inputs)), (2, 1))
        if np.ndim(kernel) == 0:
            model(self.X)  # a model without an input layer has weights from now on
        sizes = pairwise([self.inputs, *(layer.units for layer in self.layers)])
        self.weights = [(rng.normal(size=(n, units)) / np.sqrt(n), rng.normal(size=units)) for n, units in sizes]
        pairs = zip(self.layers, self.weights, strict=True)
        arrays = [array for layer, pair in pairs for array in pair[: 1 + layer.use_bias]]
        through = model.with_weights(arrays).through(self.X)
        *through, self.answer = items(through, len(self.kinds) + 1, "the outputs of the layers and the model")
        ends = [*(i - 1 for i in places[1:]), len(self.kinds) - 1]  # an Activation layer belongs to the one before it
        units = (layer.units for layer in self.layers)
        self.outputs = [shape(through[i], (EXAMPLES, size)) for i, size in zip(ends, units, strict=True)]
        one, other = np.split(self.outputs[0], 2)
        if not np.ptp(one, axis=0).any() or not np.allclose(one, other):
            fail("What the first layer gives doesn't depend on the examples.")


@pytest.fixture(scope="module")
def flow(student, question_rng):
    """The Flow, when it is called: it may fail, and then the case does."""
    return cache(lambda: Flow(student, question_rng))


@pytest.mark.points(6)
def test_layers(flow):
    """The model has three Dense layers, of 25, 15 and 1 units."""
    for kind in flow().kinds:
        if kind not in ("Dense", "Activation", "Flatten"):  # Flatten: a picture is flat already
            fail(f"The model has a layer of type {kind}.")
    if (units := [layer.units for layer in flow().layers]) != UNITS:
        fail(f"The Dense layers have {units} units.")
    if not all(layer.trainable for layer in flow().layers):
        fail("A layer of the model is not trainable.")


@pytest.mark.points(4)
def test_activations(flow, reference):
    """Every layer has the sigmoid as its activation."""
    A = flow().X
    for i, (layer, (kernel, bias), came) in enumerate(
        zip(flow().layers, flow().weights, flow().outputs, strict=True), 1
    ):
        if not np.allclose(came, reference.my_dense_v(A, kernel, bias * layer.use_bias, sigmoid), atol=1e-4):
            named = f": it is {layer.activation}" if layer.activation != "sigmoid" else ""
            fail(f"The activation of layer {i} isn't the sigmoid{named}.")
        A = came


@pytest.mark.points(4)
def test_inputs(flow):
    """The model takes the 400 pixels of a picture."""
    if flow().inputs != 400:
        fail(f"The model takes {flow().inputs} inputs.")


@pytest.mark.points(6)
def test_computes_like_the_network(flow, reference):
    """The model gives what three layers with the sigmoid give with the same weights."""
    if [layer.units for layer in flow().layers] != UNITS or flow().inputs != 400:
        fail("The layers have other sizes than the network.")
    if not all(layer.use_bias for layer in flow().layers):
        fail("A layer has no bias.")
    want = reference.my_sequential_v(flow().X, *[array for pair in flow().weights for array in pair])
    close(flow().answer, want, atol=1e-5)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))
