import numpy as np
import pytest

from grader.checks import close, pairs, shape, unchanged

NAMES = ("dW", "db")


def gradients(got, count):
    return pairs(got, count, names=NAMES, what="gradients")


def close_gradients(got, want):
    """Right numbers; whether db is a column is test_shapes's business."""
    for i, (layer, right) in enumerate(zip(gradients(got, len(want)), want, strict=True), start=1):
        close(layer[0], right[0], what=f"the dW of layer {i}")
        close(layer[1].ravel(), right[1].ravel(), what=f"the flattened db of layer {i}")


def show_gradients(exhibit, got, want):
    labels = [f"{name} of layer {i}" for i in range(1, 5) for name in NAMES]
    exhibit.flow("Your gradients, layer by layer", labels, got, want)


@pytest.fixture
def problem(reference, network, batch):
    """problem(m, 4, 3, 1): the three arguments of backward for a random network and m examples."""

    def draw(m, *sizes):
        parameters, (X, Y) = network(*sizes), batch(sizes[0], m)
        return reference.forward(X, parameters), Y, parameters

    return draw


@pytest.mark.points(2)
def test_shapes(student, reference, problem, exhibit):
    """A pair (dW, db) for each layer comes back, first layer first, in the shapes of W and b."""
    activations, Y, parameters = problem(6, 5, 4, 3, 1)
    answer = student.backward(activations, Y, parameters)
    show_gradients(exhibit, answer, lambda: reference.backward(activations, Y, parameters))
    got = gradients(answer, 3)
    for i, ((dW, db), (W, b)) in enumerate(zip(got, parameters, strict=True), start=1):
        shape(dW, W.shape, f"the dW of layer {i}")
        shape(db, b.shape, f"the db of layer {i}")


@pytest.mark.points(2)
def test_last_layer(student, reference, problem):
    """The gradients of a network with a single layer are right."""
    for m in (7, 1):
        arguments = problem(m, 4, 1)
        close_gradients(student.backward(*arguments), reference.backward(*arguments))


@pytest.mark.points(3)
def test_hidden_layer(student, reference, problem, exhibit):
    """The gradients of a network with one hidden layer are right."""
    arguments = problem(8, 4, 3, 1)
    got, want = student.backward(*arguments), reference.backward(*arguments)
    show_gradients(exhibit, got, want)
    close_gradients(got, want)


@pytest.mark.points(2)
def test_any_depth(student, reference, problem, exhibit):
    """The gradients of networks with three and four layers are right."""
    for sizes in ((3, 4, 2, 1), (5, 3, 3, 2, 1)):
        arguments = problem(6, *sizes)
        got, want = student.backward(*arguments), reference.backward(*arguments)
        show_gradients(exhibit, got, want)
        close_gradients(got, want)


@pytest.mark.points(2)
def test_slope_of_the_cost(student, reference, problem):
    """The gradients are the slopes of the cost: what a tiny change of each parameter does to it."""
    activations, Y, parameters = problem(5, 2, 3, 1)
    step = 1e-5

    def slope(array, index):
        cost = []
        for change in (step, -step):
            moved = array.copy()
            moved[index] += change
            network = [tuple(moved if p is array else p for p in layer) for layer in parameters]
            cost.append(reference.cost(reference.forward(activations[0], network)[-1], Y))
        return (cost[0] - cost[1]) / (2 * step)

    slopes = [
        tuple(np.array([slope(p, i) for i in np.ndindex(p.shape)]).reshape(p.shape) for p in layer)
        for layer in parameters
    ]
    close_gradients(student.backward(activations, Y, parameters), slopes)


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, problem):
    """The activations, the labels and the parameters are left as they were."""
    arguments = problem(4, 3, 3, 1)
    call = student.call("backward", *arguments)
    gradients(call.value, 2)
    unchanged(call, arguments)
