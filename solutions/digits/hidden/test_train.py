import pytest

from grader.checks import close, close_pairs, fail, items, pairs, shape, unchanged


def result(got):
    """The parameters and the costs that came back."""
    return items(got, 2, "the result (parameters, costs)")


@pytest.mark.points(1)
def test_one_cost_a_step(student, network, batch):
    """The parameters come back together with as many costs as there were steps."""
    parameters, (X, Y) = network(3, 2, 1), batch(3, 6)
    for steps in (1, 5):
        trained, costs = result(student.train(X, Y, parameters, 0.5, steps))
        pairs(trained, 2)
        shape(costs, (steps,), "the list of costs")


@pytest.mark.points(2)
def test_cost_before_each_step(student, reference, network, batch, exhibit):
    """Each cost is the one before the step, so that the first belongs to the initial parameters."""
    parameters, (X, Y) = network(4, 3, 1), batch(4, 8)
    _, costs = result(student.train(X, Y, parameters, 0.7, 4))
    want = reference.train(X, Y, parameters, 0.7, 4)[1]
    exhibit.curve("The cost, step by step", costs, want)
    close(costs, want, what="the list of costs")


@pytest.mark.points(2)
def test_trained_parameters(student, reference, network, batch):
    """The parameters that come back are those after the last step."""
    for steps, sizes in ((1, (3, 1)), (4, (4, 3, 1)), (3, (2, 3, 2, 1))):
        parameters, (X, Y) = network(*sizes), batch(sizes[0], 7)
        trained, _ = result(student.train(X, Y, parameters, 0.8, steps))
        close_pairs(trained, reference.train(X, Y, parameters, 0.8, steps)[0])


@pytest.mark.points(1)
def test_learning_rate(student, reference, network, batch):
    """The learning rate that is handed over is the one that is used."""
    parameters, (X, Y) = network(3, 4, 1), batch(3, 6)
    for alpha in (0.05, 3.0):
        trained, _ = result(student.train(X, Y, parameters, alpha, 2))
        close_pairs(trained, reference.train(X, Y, parameters, alpha, 2)[0])


@pytest.mark.points(1)
def test_lowers_the_cost_on_digits(student, reference, rng, unseen_digits, exhibit):
    """Training on images of digits lowers the cost."""
    X, Y = (array[:, rng.choice(array.shape[1], 40, replace=False)] for array in unseen_digits)
    parameters = [(rng.normal(0, 0.05, size=(3, X.shape[0])), rng.normal(0, 0.05, size=(3, 1)))]
    parameters.append((rng.normal(size=(1, 3)), rng.normal(size=(1, 1))))
    trained, costs = result(student.train(X, Y, parameters, 0.5, 12))
    exhibit.curve(
        "The cost on images of digits, step by step", costs, lambda: reference.train(X, Y, parameters, 0.5, 12)[1]
    )
    got = pairs(trained, 2)
    for i, (new, old) in enumerate(zip(got, parameters, strict=True), start=1):
        shape(new[0], old[0].shape, f"the W of layer {i}")
        shape(new[1], old[1].shape, f"the b of layer {i}")
    after, before = (reference.cost(reference.forward(X, p)[-1], Y) for p in (got, parameters))
    if not after < before:
        fail("The cost after training isn't lower than before.")


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, network, batch):
    """The initial parameters and the data are left as they were."""
    parameters, (X, Y) = network(3, 3, 1), batch(3, 5)
    call = student.call("train", X, Y, parameters, 0.5, 2)
    result(call.value)
    unchanged(call, (X, Y, parameters, 0.5, 2))
