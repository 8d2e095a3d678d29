import numpy as np
import pytest

from grader.checks import close_pairs, pairs, shape

NAMES = ("dW", "db")


def same_as_backward(student, reference, parameters, X, Y):
    want = reference.backward(reference.forward(X, parameters), Y, parameters)
    close_pairs(student.tf_gradients(parameters, X, Y), want, NAMES, "gradients")


@pytest.mark.points(1)
def test_shapes(student, network, batch):
    """A pair (dW, db) for each layer comes back, first layer first, in the shapes of W and b."""
    parameters, (X, Y) = network(5, 4, 1), batch(5, 6)
    got = pairs(student.tf_gradients(parameters, X, Y), 2, NAMES, "gradients")
    for i, ((dW, db), (W, b)) in enumerate(zip(got, parameters, strict=True), start=1):
        shape(dW, W.shape, f"the dW of layer {i}")
        shape(db, b.shape, f"the db of layer {i}")


@pytest.mark.points(2)
def test_two_layers(student, reference, network, batch):
    """For a network with one hidden layer the gradients are those of the chain rule."""
    same_as_backward(student, reference, network(4, 3, 1), *batch(4, 8))


@pytest.mark.points(1)
def test_any_depth(student, reference, network, batch):
    """The gradients are right for one layer and for three."""
    for sizes in ((3, 1), (3, 4, 2, 1)):
        same_as_backward(student, reference, network(*sizes), *batch(3, 5))


@pytest.mark.points(1)
def test_batch_of_one(student, reference, network, batch):
    """A batch of a single example works as well."""
    same_as_backward(student, reference, network(3, 2, 1), *batch(3, 1))


@pytest.mark.points(1)
def test_takes_float32(student, reference, network, batch):
    """Arrays of float32, TensorFlow's own kind of numbers, work as well."""
    parameters = [(W.astype(np.float32), b.astype(np.float32)) for W, b in network(4, 3, 1)]
    X, Y = batch(4, 7)
    same_as_backward(student, reference, parameters, X.astype(np.float32), Y.astype(np.float32))
