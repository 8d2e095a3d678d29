import pytest

from grader.checks import close, fail, pairs, shape
from grader.student import KerasModel


def keras_model(got):
    if not isinstance(got, KerasModel):
        fail("What came back is not a Keras model.")
    return got


def dense_layers(model):
    """The Dense layers as [units, activation, weights].

    An Activation layer counts as the activation of the Dense layer before it: it computes the same.
    """
    dense = []
    for layer in keras_model(model).layers:
        if layer.kind == "Dense":
            units = layer.units if isinstance(layer.units, int) else None
            dense.append([units, layer.activation, layer.weights])
        elif layer.kind == "Activation" and dense and dense[-1][1] == "linear":
            dense[-1][1] = layer.activation
    return dense


def has_layers(model, n_features, units):
    came = [size for size, _, _ in dense_layers(model)]
    if model.kind != "Sequential":
        fail(f"The model is of type {model.kind}.")
    if came != list(units):
        fail(f"The Dense layers have {came} units.")
    if model.input_shape != (None, n_features):
        fail(f"The model's input shape is {model.input_shape}: does it know the number of features?")
    for layer in model.layers:
        if layer.kind not in ("Dense", "Activation", "Flatten"):  # Flatten: the examples are flat already
            fail(f"The model has a layer of type {layer.kind}.")


@pytest.fixture(scope="module")
def usual(student):
    """The model in the sizes of the assignment. Building one takes longer than all cases."""
    return student.build_model()


@pytest.fixture(scope="module")
def model(student):
    """The model that most cases look at: small, and with another number of layers."""
    return student.build_model(6, (5, 1))


@pytest.mark.points(1)
def test_sizes_by_default(usual):
    """Without arguments it is a Sequential of Dense layers in the sizes of the assignment."""
    has_layers(usual, 400, (25, 15, 1))


@pytest.mark.points(1)
def test_other_sizes(model):
    """The number of features and the units of each layer are those that are asked for."""
    has_layers(model, 6, (5, 1))


@pytest.mark.points(1)
def test_activations(model, usual):
    """Every layer has the sigmoid as its activation."""
    for layers in (dense_layers(model), dense_layers(usual)):
        if not layers:
            fail("The model has no Dense layers.")
        for i, (_, activation, _) in enumerate(layers, start=1):
            if activation != "sigmoid":
                fail(f"The activation of layer {i} of {len(layers)} is {activation}.")


@pytest.mark.points(1)
def test_loss(model):
    """The model is compiled with the loss for two classes and probabilities."""
    if keras_model(model).loss not in ("binary_crossentropy", "bce"):
        fail(f"The loss is {model.loss}." if model.compiled else "The model isn't compiled.")
    if model.from_logits:
        fail("The loss expects logits, and the last layer should give probabilities.")


@pytest.mark.points(1)
def test_optimizer(model):
    """The model is compiled with the optimizer Adam."""
    if keras_model(model).optimizer != "adam":
        fail(f"The optimizer is {model.optimizer}." if model.compiled else "The model isn't compiled.")


@pytest.mark.points(1)
def test_computes_like_the_network(model, reference, rng):
    """The model gives the numbers that the network gives with the same weights."""
    weights = [weights for _, _, weights in dense_layers(model)]
    A = X = rng.normal(size=(7, 6))
    units = (5, 1)
    for i, (kernel, bias) in enumerate(pairs(weights, len(units), ("kernel", "bias"), "weights"), start=1):
        shape(kernel, (A.shape[1], units[i - 1]), f"the kernel of layer {i}")
        shape(bias, (units[i - 1],), f"the bias of layer {i}")
        A = reference.sigmoid(A @ kernel + bias)
    close(model(X), A, atol=1e-5)
