import numpy as np
import pytest

from grader.checks import close, fail, number, unchanged


def value(got):
    """The cost, also when it came as an array of one element: that is test_is_one_number's business."""
    single = isinstance(got, np.ndarray) and got.size == 1
    return number(got.reshape(()) if single else got, what="the cost")


@pytest.fixture
def predictions(rng):
    """predictions(m): probabilities that are neither 0 nor 1, shape (1, m)."""
    return lambda m: rng.uniform(0.05, 0.95, size=(1, m))


@pytest.mark.points(3)
def test_right_value(student, reference, predictions, batch):
    """The cost of a batch with both labels is right."""
    for m in (7, 12):
        Y_hat, (_, Y) = predictions(m), batch(1, m)
        close(value(student.cost(Y_hat, Y)), reference.cost(Y_hat, Y), what="the cost")


@pytest.mark.points(1)
def test_each_label_counts(student, reference, predictions):
    """Examples with label 0 cost something, and so do examples with label 1."""
    for label, m in ((0.0, 1), (1.0, 1), (0.0, 5), (1.0, 5)):
        Y_hat, Y = predictions(m), np.full((1, m), label)
        close(
            value(student.cost(Y_hat, Y)),
            reference.cost(Y_hat, Y),
            what=f"the cost where all labels are {label:.0f}",
        )


@pytest.mark.points(1)
def test_is_one_number(student, predictions, batch):
    """The cost is one number, not an array with one number in it."""
    number(student.cost(predictions(6), batch(1, 6)[1]), what="the cost")


@pytest.mark.points(1)
def test_right_and_certain(student, batch):
    """Predictions that are exactly 0 or 1, and right, cost nothing worth mentioning."""
    _, Y = batch(1, 6)
    close(value(student.cost(Y.copy(), Y)), 0.0, atol=1e-2, what="the cost")


@pytest.mark.points(1)
def test_wrong_and_certain(student, predictions, batch):
    """Predictions that are exactly 0 or 1, and wrong, cost much, yet not infinitely much."""
    _, Y = batch(1, 6)
    certain, unsure = value(student.cost(1 - Y, Y)), value(student.cost(0.9 * (1 - Y) + 0.1 * Y, Y))
    if not certain > unsure > 0:
        fail("To be wrong and certain doesn't cost more than to be wrong and unsure.")
    some = predictions(6)
    some[0, :2] = 1 - Y[0, :2]
    value(student.cost(some, Y))


@pytest.mark.points(1)
def test_takes_integers(student, reference, predictions, batch):
    """Labels may be integers, and the arrays that came in are left as they were."""
    Y_hat, Y = predictions(9), batch(1, 9)[1].astype(int)
    call = student.call("cost", Y_hat.copy(), Y.copy())
    close(value(call.value), reference.cost(Y_hat, Y), what="the cost")
    unchanged(call, (Y_hat, Y))
