import numpy as np
import pytest
from conftest import along

from grader.checks import Tensor, close_pairs, fail, items, number, pairs, shape, unchanged

NAMES = ("dW", "db")
SIZES = ((5, 4), (4, 1))

# Counts how often a tape is asked, which no gradient tells: those of `backward` are equal.
ASKS_A_TAPE = """
import numpy as np
import tensorflow as tf

asked, methods = [], {name: getattr(tf.GradientTape, name) for name in ("gradient", "jacobian", "batch_jacobian")}

def counting(method):
    def ask(*args, **options):
        asked.append(1)
        return method(*args, **options)
    return ask

try:
    for name, method in methods.items():
        setattr(tf.GradientTape, name, counting(method))
    tf.config.run_functions_eagerly(True)  # a tf.function that was traced before asks no tape again
    tf_gradients(
        [(np.array([[0.5, -0.25]]), np.array([[0.125]]))],
        np.array([[1.0, 2.0, 3.0], [0.5, 0.25, -1.0]]),
        np.array([[0.0, 1.0, 1.0]]),
    )
finally:
    tf.config.run_functions_eagerly(False)
    for name, method in methods.items():
        setattr(tf.GradientTape, name, method)
observe(len(asked))
"""


def right(reference, parameters, X, Y):
    """What backpropagation gives."""
    return reference.backward(reference.forward(X, parameters), Y, parameters)


def same_as_backward(student, reference, *calls):
    for call, arguments in zip(student.calls("tf_gradients", *calls), calls, strict=True):
        close_pairs(call.value, right(reference, *arguments), NAMES, "gradients")
        unchanged(call, arguments)


def as_tensors(value):
    return type(value)(map(as_tensors, value)) if isinstance(value, list | tuple) else Tensor(value)


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
    parameters, want = example[0], right(reference, *example)
    labels = [f"{name} of layer {i}" for i in (1, 2) for name in NAMES]
    exhibit.flow("Your gradients, layer by layer", labels, gradients, want)
    got = pairs(gradients, 2, NAMES, "gradients")
    for i, ((dW, db), (W, b)) in enumerate(zip(got, parameters, strict=True), start=1):
        shape(dW, W.shape, f"the dW of layer {i}")
        shape(db, b.shape, f"the db of layer {i}")
    for name, one, other in zip(NAMES, got[-1], want[-1], strict=True):
        along(one, other, f"the {name} of the last layer")  # how long they are is the other cases' business


@pytest.mark.points(2)
def test_two_layers(student, gradients, example, reference):
    """For a network with one hidden layer a tape finds the gradients, which are those of the chain rule."""
    close_pairs(gradients, right(reference, *example), NAMES, "gradients")
    (observed,) = items(student.exact.observe("tf_gradients", ASKS_A_TAPE, ["tf_gradients"]), 1)
    if not number(items(observed, 1)[0]):
        fail("No tf.GradientTape was asked for the gradients.")


@pytest.mark.points(1)
def test_five_layers(student, reference, network, batch):
    """The gradients are right for five layers, for many examples, and for tensors."""
    parameters = [network(4, 4)[0], *network(4, 4, 3, 2, 1)]
    X, Y = batch(4, 1100)
    got = student.tf_gradients(*(as_tensors(each) for each in (parameters, X, Y)))
    close_pairs(got, right(reference, parameters, X, Y), NAMES, "gradients")


@pytest.mark.points(1)
def test_one_layer_and_one_example(student, reference, network, batch):
    """A network of a single layer, and a batch of a single example, work as well, and features of any size."""
    W, b = network(3, 1)[0]
    X, _ = batch(3, 6)
    same_as_backward(
        student,
        reference,
        (network(3, 1), *batch(3, 1)),
        ([(-np.abs(W) / 50, b - 9)], 50 * X[:, :3], np.array([[1, 0, 1]])),
    )


@pytest.mark.points(1)
def test_takes_float32(student, reference, example, network, batch):
    """Arrays of float32, TensorFlow's own kind of numbers, work as well, and what came in is left as it was."""
    _, X, Y = example
    parameters = network(5, 4, 1)
    single = [(W.astype(np.float32), b.astype(np.float32)) for W, b in parameters]
    ones = 0 * Y + [1, 1, 1, 0, 1, 1, 0, 1]  # more than zeros
    calls = (single, X.astype(np.float32), Y.astype(np.float32)), (parameters, X + 1, ones)
    same_as_backward(student, reference, *calls)
