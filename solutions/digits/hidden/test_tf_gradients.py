import numpy as np
import pytest

from grader.checks import close_pairs, pairs, shape

NAMES = ("dW", "db")


SIZES = ((5, 4), (4, 1))


def same_as_backward(gradients, reference, parameters, X, Y):
    """`gradients(parameters, X, Y)` gives what backpropagation gives."""
    want = reference.backward(reference.forward(X, parameters), Y, parameters)
    close_pairs(gradients(parameters, X, Y), want, NAMES, "gradients")


@pytest.fixture(scope="module")
def example(question_rng):
    """A network with one hidden layer, and a batch."""
    parameters = [(question_rng.normal(size=(units, n)), question_rng.normal(size=(units, 1))) for n, units in SIZES]
    return parameters, question_rng.normal(size=(5, 8)), question_rng.permutation(np.arange(8) % 2.0).reshape(1, 8)


@pytest.fixture(scope="module")
def gradients(student, example):
    """The student's gradients for it: a first use of TensorFlow takes a while."""
    return student.tf_gradients(*example)


@pytest.mark.points(1)
def test_shapes(gradients, example, reference, exhibit):
    """A pair (dW, db) for each layer comes back, first layer first, in the shapes of W and b."""
    parameters, X, Y = example
    labels = [f"{name} of layer {i}" for i in (1, 2) for name in NAMES]
    exhibit.flow(
        "Your gradients, layer by layer",
        labels,
        gradients,
        lambda: reference.backward(reference.forward(X, parameters), Y, parameters),
    )
    got = pairs(gradients, 2, NAMES, "gradients")
    for i, ((dW, db), (W, b)) in enumerate(zip(got, parameters, strict=True), start=1):
        shape(dW, W.shape, f"the dW of layer {i}")
        shape(db, b.shape, f"the db of layer {i}")


@pytest.mark.points(2)
def test_two_layers(gradients, example, reference):
    """For a network with one hidden layer the gradients are those of the chain rule."""
    same_as_backward(lambda *_: gradients, reference, *example)


@pytest.mark.points(1)
def test_three_layers(student, reference, network, batch):
    """The gradients are right for three layers."""
    same_as_backward(student.tf_gradients, reference, network(3, 4, 2, 1), *batch(3, 5))


@pytest.mark.points(1)
def test_one_layer_and_one_example(student, reference, network, batch):
    """A network of a single layer, and a batch of a single example, work as well."""
    same_as_backward(student.tf_gradients, reference, network(3, 1), *batch(3, 1))


@pytest.mark.points(1)
def test_takes_float32(student, reference, network, batch):
    """Arrays of float32, TensorFlow's own kind of numbers, work as well."""
    parameters = [(W.astype(np.float32), b.astype(np.float32)) for W, b in network(4, 3, 1)]
    X, Y = batch(4, 7)
    same_as_backward(student.tf_gradients, reference, parameters, X.astype(np.float32), Y.astype(np.float32))
