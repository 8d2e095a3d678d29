import pytest

from grader.checks import close, fail, pairs, shape
from grader.student import KerasModel

UNITS = [25, 15, 1]


def the_model(student, rng):
    """The student's model with its weights. One without an input layer has none before it is first asked."""
    model = keras_model(student)
    if not all(layer.weights for layer in dense(model)):
        model(rng.random((2, 400)))
        model = keras_model(student)
    return model


def keras_model(student):
    model = student.get("model")
    if not isinstance(model, KerasModel):
        fail("`model` is not a Keras model.")
    return model


def dense(model):
    return [layer for layer in model.layers if layer.kind == "Dense"]


def activations(model):
    """The activation of each Dense layer; one given as a layer of its own computes the same."""
    found = []
    for layer in model.layers:
        if layer.kind == "Dense":
            found.append(layer.activation)
        elif layer.activation and found and found[-1] == "linear":
            found[-1] = layer.activation
    return found


@pytest.mark.points(6)
def test_layers(student, rng):
    """The model has three Dense layers, of 25, 15 and 1 units."""
    model = the_model(student, rng)
    for layer in model.layers:
        if layer.kind not in ("Dense", "Activation", "Flatten"):  # Flatten: a picture is flat already
            fail(f"The model has a layer of type {layer.kind}.")
    if (units := [layer.units for layer in dense(model)]) != UNITS:
        fail(f"The Dense layers have {units} units.")


@pytest.mark.points(4)
def test_activations(student, rng):
    """Every layer has the sigmoid as its activation."""
    model = the_model(student, rng)
    found = activations(model)
    if not found:
        fail("The model has no Dense layers.")
    for i, activation in enumerate(found, start=1):
        if activation != "sigmoid":
            fail(f"The activation of layer {i} is {activation}.")


@pytest.mark.points(4)
def test_inputs(student, rng):
    """The model takes the 400 pixels of a picture."""
    model = the_model(student, rng)
    if not dense(model):
        fail("The model has no Dense layers.")
    kernel, _ = pairs([dense(model)[0].weights], 1, ("kernel", "bias"), "weights")[0]
    shape(kernel, (400, kernel.shape[-1]), "the kernel of layer 1")


@pytest.mark.points(6)
def test_computes_like_the_network(student, reference, rng):
    """The model gives what three layers with the sigmoid give with the same weights."""
    model = the_model(student, rng)
    weights = pairs([layer.weights for layer in dense(model)], 3, ("kernel", "bias"), "weights")
    for i, ((kernel, bias), n, units) in enumerate(zip(weights, (400, *UNITS), UNITS, strict=False), start=1):
        shape(kernel, (n, units), f"the kernel of layer {i}")
        shape(bias, (units,), f"the bias of layer {i}")
    X = rng.random((6, 400))
    close(model(X), reference.my_sequential_v(X, *[array for pair in weights for array in pair]), atol=1e-5)
