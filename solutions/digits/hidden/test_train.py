from math import exp, log

import numpy as np
import pytest

from grader.checks import close, close_pairs, fail, items, pairs, shape, unchanged

LONG = 102  # steps


def result(got):
    """The parameters and the costs that came back."""
    return items(got, 2, "the result (parameters, costs)")


def one_unit(W, b):
    """The parameters of a network of a single unit with one feature."""
    return [(np.array([[W]]), np.array([[b]]))]


def trained_one_unit(x, y, W, b, alpha, steps):
    """Training of such a network in plain numbers, for it has many steps: its parameters, and its costs."""
    costs = []
    for _ in range(steps):
        a = [1 / (1 + exp(-(W * value + b))) for value in x]
        costs.append(-sum(log(p if label else 1 - p) for p, label in zip(a, y, strict=True)) / len(x))
        errors = [p - label for p, label in zip(a, y, strict=True)]
        W -= alpha * sum(error * value for error, value in zip(errors, x, strict=True)) / len(x)
        b -= alpha * sum(errors) / len(x)
    return one_unit(W, b), costs


@pytest.fixture(scope="module")
def long_training(student, question_rng):
    """What many steps give, and what they should."""
    x, y = question_rng.normal(size=4), [0, 1, 1, 0]
    got = student.train(x.reshape(1, 4), np.array([y], float), one_unit(0.5, -0.2), 0.6, LONG)
    return got, trained_one_unit(x.tolist(), y, 0.5, -0.2, 0.6, LONG)


@pytest.mark.points(1)
def test_one_cost_a_step(student, reference, network, batch):
    """The parameters come back together with as many costs as there were steps, also if there was none."""
    parameters, (X, Y) = network(3, 2, 1), batch(3, 6)
    for steps, alpha in ((0, 0.5), (1, 0.5), (3, 0.5), (2, 0)):
        trained, costs = result(student.train(X, Y, parameters, alpha, steps))
        pairs(trained, 2)
        shape(costs, (steps,), "the list of costs")
        if steps < 2:
            close_pairs(trained, reference.train(X, Y, parameters, alpha, steps)[0])


@pytest.mark.points(2)
def test_cost_before_each_step(student, reference, network, batch, long_training, exhibit):
    """Each cost is the one before the step, so that the first belongs to the initial parameters."""
    parameters, (X, Y) = network(4, 3, 1), batch(4, 4)
    short = student.train(X, Y, parameters, 0.7, 4), reference.train(X, Y, parameters, 0.7, 4)
    for got, (_, want) in (short, long_training):
        _, costs = result(got)
        exhibit.curve("The cost, step by step", costs, want)
        close(costs, want, what="the list of costs")


@pytest.mark.points(2)
def test_trained_parameters(student, reference, network, batch, long_training):
    """The parameters that come back are those after the last step, and each step looks at all the examples."""
    for steps, m, sizes in ((3, 7, (4, 3, 1)), (2, 1100, (3, 3, 2, 1))):
        parameters, (X, Y) = network(*sizes), batch(sizes[0], m)
        trained, _ = result(student.train(X, Y, parameters, 0.8, steps))
        close_pairs(trained, reference.train(X, Y, parameters, 0.8, steps)[0])
    got, (want, _) = long_training
    close_pairs(result(got)[0], want)


@pytest.mark.points(1)
def test_learning_rate(student, reference, network, batch, rng):
    """The learning rate that is handed over is used in every step, also where the cost is tiny, or rises."""
    parameters, (X, Y) = network(3, 4, 1), batch(3, 6)
    zeros = [(np.zeros((1, 3), int), np.zeros((1, 1), int))]
    both = np.tile(rng.normal(0, 1.5, size=(1, 6)), 2)  # each example with both labels: a large step goes too far
    calls = (
        (X, Y, parameters, 0.05, 2),
        (X, Y, parameters, 3.0, 2),
        (np.rint(20 * X).astype(int), 0 * Y + 1, zeros, 0.01, 2),
        (-np.abs(X[:, [0, 0, 0, 1, 2]]), Y[:, [0, 0, 0, 1, 2]], [(0 * W, 0 * b) for W, b in network(3, 2, 1)], 0.5, 2),
        (both, np.repeat([[0.0, 1.0]], 6, axis=1), one_unit(0.3, 0.1), 20.0, 5),
        (np.array([[1.0, -1.0]]), np.array([[1.0, 0.0]]), one_unit(13.0, 0.0), 2000.0, 4),
    )
    for call, arguments in zip(student.calls("train", *calls), calls, strict=True):
        close_pairs(result(call.value)[0], reference.train(*arguments)[0])


@pytest.mark.points(1, needs="test_one_cost_a_step")
def test_lowers_the_cost_on_digits(student, reference, rng, unseen_digits, exhibit):
    """Training on images of digits lowers the cost."""
    X, Y = (array[:, rng.choice(array.shape[1], 40, replace=False)] for array in unseen_digits)
    parameters = [(rng.normal(0, 0.05, size=(3, X.shape[0])), rng.normal(0, 0.05, size=(3, 1)))]
    parameters.append((rng.normal(size=(1, 3)), rng.normal(size=(1, 1))))
    trained, costs = result(student.train(X, Y, parameters, 0.5, 4))
    exhibit.curve(
        "The cost on images of digits, step by step", costs, lambda: reference.train(X, Y, parameters, 0.5, 4)[1]
    )
    got = pairs(trained, 2)
    for i, (new, old) in enumerate(zip(got, parameters, strict=True), start=1):
        shape(new[0], old[0].shape, f"the W of layer {i}")
        shape(new[1], old[1].shape, f"the b of layer {i}")
    after, before = (reference.cost(reference.forward(X, p)[-1], Y) for p in (got, parameters))
    if not after < before:
        fail("The cost after training isn't lower than before.")


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, reference, network, batch):
    """The initial parameters and the data are left as they were, training after training."""
    plan = ((3, 2, 1), 1), ((3, 2, 1), 1), ((3, 3, 1), 3)
    calls = [(*batch(3, 6), network(*sizes), 0.5, steps) for sizes, steps in plan]
    calls.append(calls[0])
    for call, arguments in zip(student.calls("train", *calls), calls, strict=True):
        trained, costs = result(call.value)
        steps = arguments[-1]
        shape(costs, (steps,), "the list of costs")
        if steps == 1:
            close_pairs(trained, reference.train(*arguments)[0])
        unchanged(call, arguments)
