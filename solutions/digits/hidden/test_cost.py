import numpy as np
import pytest
from conftest import each_right, same_again

from grader.checks import close, fail, number, unchanged

# What a wrong prediction of exactly 0 or 1 costs at least: the logarithm may be kept 1e-5 away from 0, and no farther.
MUCH = 11.0


def value(got):
    """The cost, also when it came as an array of one element: that is test_is_one_number's business."""
    single = isinstance(got, np.ndarray) and got.size == 1
    return number(got.reshape(()) if single else got, what="the cost")


def close_cost(got, want):
    close(value(got), want, what="the cost")


@pytest.fixture
def predictions(rng):
    """predictions(m): probabilities that are neither 0 nor 1, shape (1, m)."""
    return lambda m: rng.uniform(0.05, 0.95, size=(1, m))


@pytest.fixture(scope="module")
def unsure(student, reference, question_rng):
    """The student's cost of six unsure predictions, and the right one."""
    Y_hat, Y = question_rng.uniform(0.2, 0.8, size=(1, 6)), np.array([[0.0, 1, 0, 1, 1, 0]])
    return student.cost(Y_hat, Y), reference.cost(Y_hat, Y)


def scaled(got, unsure):
    """A cost of six examples without a constant factor, such as that of a sum: that is test_right_value's business."""
    factor = value(unsure[0]) / unsure[1]
    if factor == 0:
        fail("The cost of unsure predictions is 0.")
    return value(got) / factor


@pytest.mark.points(3)
def test_right_value(student, reference, predictions, batch):
    """The cost of a batch with both labels is right."""
    calls = [(predictions(m), batch(1, m)[1]) for m in (7, 1100)]
    each_right(student, reference, "cost", *calls, judge=close_cost)


@pytest.mark.points(1)
def test_each_label_counts(student, reference, predictions):
    """Examples with label 0 cost something, and so do examples with label 1."""
    sure = np.exp([[-0.001, -0.002, -0.003, -0.004, -0.00525]])  # costs 0.00305: 4 decimals are too few
    several = {0.0: 1 - sure, 1.0: sure}
    calls = [(Y_hat, np.full(Y_hat.shape, y)) for y in several for Y_hat in (predictions(1), several[y])]
    for call, (Y_hat, Y) in zip(student.calls("cost", *calls), calls, strict=True):
        want, what = reference.cost(Y_hat, Y), f"the cost where all labels are {Y[0, 0]:.0f}"
        close(value(call.value), want, atol=2e-5, what=what)  # a logarithm may be kept 1e-5 away from 0


@pytest.mark.points(1)
def test_is_one_number(student, reference, predictions, batch, unsure):
    """The cost is one number, not an array with one number in it."""
    Y_hat, (_, Y) = predictions(6), batch(1, 6)
    many, one = (call.value for call in student.calls("cost", (Y_hat, Y), (Y_hat[:, :1], Y[:, :1])))
    close(scaled(number(many, what="the cost"), unsure), reference.cost(Y_hat, Y), what="the cost")
    number(one, what="the cost of a single example")


@pytest.mark.points(1)
def test_right_and_certain(student, reference, predictions, batch, unsure):
    """Predictions that are exactly 0 or 1, and right, cost nothing worth mentioning, also beside others."""
    some, (_, Y) = predictions(6), batch(1, 6)
    some[0, :4] = Y[0, :4]
    calls = (Y.copy(), Y), (some, Y)
    for call, arguments in zip(student.calls("cost", *calls), calls, strict=True):
        close(scaled(call.value, unsure), reference.cost(*arguments), atol=1e-4, what="the cost")


@pytest.mark.points(1)
def test_wrong_and_certain(student, reference, predictions, unsure):
    """Predictions that are exactly 0 or 1, or nearly so, and wrong, cost much, yet not infinitely much."""
    Y, Y_hat = np.array([[0.0, 1, 0, 1, 1, 0]]), predictions(6)
    nearly = np.abs(1 - Y - [[3e-4, 5e-5, 0.01, 0.003, 0.1, 0.5]])
    Y_hat[0, :3] = 1, 0, 0  # two are wrong, one is right, and three are unsure
    calls = (nearly, Y), (1 - Y, Y), (1 + 0 * Y, 0 * Y), (0 * Y, 1 + 0 * Y), (1 - Y.astype(int), Y), (Y_hat, Y)
    one, *all_wrong, some_wrong = (scaled(call.value, unsure) for call in student.calls("cost", *calls))
    close(one, reference.cost(nearly, Y), rtol=8e-3, what="the cost")  # 1e-5 may be added, not 1e-4
    others = reference.cost(Y_hat[:, 3:], Y[:, 3:]) / 2
    if min(all_wrong) < MUCH or some_wrong - others < MUCH / 3:
        fail("To be wrong and certain doesn't cost much more than to be wrong and unsure.")


@pytest.mark.points(1)
def test_takes_integers(student, reference, predictions, batch):
    """Labels may be integers, and the arrays that came in are left as they were, call after call."""
    Y_hat, (_, Y) = predictions(7), batch(1, 7)
    others = (Y_hat, np.roll(Y, 1)), (Y_hat.astype("f4"), Y.astype("u1")), (predictions(7), Y), (Y_hat[:, :1], Y[:, :1])
    same_again(student, reference, "cost", (Y_hat, Y.astype(int)), *others, judge=close_cost)
    _, Y = batch(1, 4)
    certain = 1 - Y, Y
    unchanged(student.call("cost", *certain), certain)
