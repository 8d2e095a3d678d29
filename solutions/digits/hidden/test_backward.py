import numpy as np
import pytest
from conftest import along, each_right, same_again

from grader.checks import close, pairs, shape

NAMES = ("dW", "db")


def gradients(got, count):
    return pairs(got, count, names=NAMES, what="gradients")


def close_gradients(got, want):
    """Right numbers; whether db is a column is test_shapes's business."""
    for i, (layer, right) in enumerate(zip(gradients(got, len(want)), want, strict=True), start=1):
        close(layer[0], right[0], what=f"the dW of layer {i}")
        close(layer[1].ravel(), right[1].ravel(), what=f"the flattened db of layer {i}")


def last_layer_along(got, want):
    """The last layer's gradients may be off by a factor, and the others by anything: other cases judge that."""
    for name, one, right in zip(NAMES, gradients(got, len(want))[-1], want[-1], strict=True):
        along(one.ravel(), right.ravel(), f"the {name} of the last layer")


def show_gradients(exhibit, got, want):
    labels = [f"{name} of layer {i}" for i in range(1, 7) for name in NAMES]
    exhibit.flow("Your gradients, layer by layer", labels, got, want)


@pytest.fixture
def problem(reference, network, batch):
    """problem(m, 4, 3, 1): the three arguments of backward for a random network, or this one, and m examples."""

    def draw(m, *sizes, parameters=None):
        parameters, (X, Y) = parameters or network(*sizes), batch(sizes[0], m)
        return reference.forward(X, parameters), Y, parameters

    return draw


@pytest.mark.points(2)
def test_shapes(student, reference, problem, exhibit):
    """A pair (dW, db) for each layer comes back, first layer first, in the shapes of W and b."""
    calls = problem(6, 4, 4, 3, 1), problem(1, 3, 2, 1)
    for call, arguments in zip(student.calls("backward", *calls), calls, strict=True):
        want = reference.backward(*arguments)
        show_gradients(exhibit, call.value, want)
        got = gradients(call.value, len(want))
        for i, ((dW, db), (W, b)) in enumerate(zip(got, arguments[2], strict=True), start=1):
            shape(dW, W.shape, f"the dW of layer {i}")
            shape(db, b.shape, f"the db of layer {i}")
        last_layer_along(got, want)


@pytest.mark.points(2)
def test_last_layer(student, reference, problem):
    """The gradients of a network with a single layer are right, be they small or large."""
    calls = []
    for m, size in ((7, 100), (1, 1)):
        (X, A), Y, parameters = problem(m, 4, 1)
        calls.append(([size * X, A], Y, parameters))
    each_right(student, reference, "backward", *calls, judge=close_gradients)


@pytest.mark.points(3)
def test_hidden_layer(student, reference, network, problem, exhibit):
    """The gradients of a network with one hidden layer are right, however many examples there are."""
    first, (W, b) = network(3, 3, 1)
    sure = [[first, (W, b + much)] for much in (-6, -1000, 1000)]  # the last two say exactly 0, and exactly 1
    sizes = zip((130, 130, 1100), sure, strict=True)
    calls = [problem(8, 4, 3, 1), *(problem(m, 3, 3, 1, parameters=parameters) for m, parameters in sizes)]
    A, Y, parameters = calls[1]
    calls.append(([each[:, :9] for each in A], 0 * Y[:, :9], parameters))  # it is right about all examples
    calls.append(problem(1, 4, 3, 1))
    for call, arguments in zip(student.calls("backward", *calls), calls, strict=True):
        want = reference.backward(*arguments)
        show_gradients(exhibit, call.value, want)
        close_gradients(call.value, want)


@pytest.mark.points(2)
def test_any_depth(student, reference, whole_network, problem, exhibit):
    """The gradients of networks with three and six layers are right, and what comes in may hold integers."""
    (X, *others), Y, parameters = problem(4, 4, 4, 4, 1, parameters=whole_network(4, 4, 4, 1))
    whole = [np.rint(3 * X).astype(int), *others], Y.astype(np.uint8), parameters
    calls = problem(6, 5, 3, 3, 2, 3, 2, 1), whole
    for call, arguments in zip(student.calls("backward", *calls), calls, strict=True):
        want = reference.backward(*arguments)
        show_gradients(exhibit, call.value, want)
        close_gradients(call.value, want)


@pytest.mark.points(2)
def test_slope_of_the_cost(student, reference, network, batch):
    """The gradients are the slopes of the cost: they tell what a tiny change of the parameters does to it."""
    parameters, (X, Y) = network(2, 3, 1), batch(2, 5)
    got = gradients(student.backward(reference.forward(X, parameters), Y, parameters), 2)

    def cost(step, change):
        layers = zip(parameters, change, strict=True)
        moved = [(W + step * dW, b + step * db) for (W, b), (dW, db) in layers]
        return reference.cost(reference.forward(X, moved)[-1], Y)

    for _ in range(2):
        change = network(2, 3, 1)
        told = 0.0
        for i, (layer, moves) in enumerate(zip(got, change, strict=True), start=1):
            for name, gradient, move in zip(NAMES, layer, moves, strict=True):
                told += shape(gradient.ravel(), (move.size,), f"the flattened {name} of layer {i}") @ move.ravel()
        slope = (cost(1e-6, change) - cost(-1e-6, change)) / 2e-6
        close(told, slope, what="the slope that your gradients give for a change of all parameters")


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, reference, problem):
    """The activations, the labels and the parameters are left as they were, call after call."""
    calls = problem(6, 5, 4, 3, 1), problem(6, 5, 4, 3, 1), problem(4, 3, 1), problem(1, 3, 2, 2, 1)
    same_again(student, reference, "backward", *calls, judge=last_layer_along)
