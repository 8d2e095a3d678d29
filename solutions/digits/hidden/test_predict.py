import numpy as np
import pytest
from conftest import each_right

from grader.checks import equal, unchanged


def equal_labels(got, want):
    equal(got, want, what="the row of labels")


@pytest.fixture
def problem(reference, rng, network):
    """X and parameters whose probabilities lie on both sides of 0.5, none of them close to it."""
    X, parameters = rng.normal(size=(4, 60)), network(4, 5, 3, 3, 1)
    W, b = parameters[-1]
    z = W @ reference.forward(X, parameters)[-2]
    parameters[-1] = W * 2 / z.std(), b * 0 - np.median(z) * 2 / z.std()
    return X[:, np.abs(reference.forward(X, parameters)[-1][0] - 0.5) > 0.01], parameters


@pytest.fixture
def told_apart(reference, rng, unseen_digits, knowing):
    """Images of digits, and parameters of a network that tells them apart beyond doubt."""
    X, _ = unseen_digits
    clear = np.flatnonzero(np.abs(reference.forward(X, knowing)[-1][0] - 0.5) > 0.2)
    return X[:, rng.choice(clear, 24, replace=False)], knowing


@pytest.mark.points(2)
def test_right_labels(student, reference, problem, told_apart, exhibit):
    """The label is 1 where the network holds 1 for the likelier one, and 0 elsewhere."""
    X, parameters = told_apart
    got, want = student.predict(X, parameters), reference.predict(X, parameters)
    exhibit.pictures("Digits that aren't what you take them for", X.T.reshape(-1, 20, 20), got, want)
    equal_labels(got, want)
    equal_labels(student.predict(*problem), reference.predict(*problem))


@pytest.mark.points(1)
def test_one_label_an_example(student, reference, problem):
    """The labels are a row of zeros and ones, one for each example, also for a single example."""
    X, parameters = problem
    one = np.flatnonzero(reference.predict(X, parameters)[0])[0]
    zero = np.flatnonzero(reference.predict(X, parameters)[0] == 0)[0]
    some = X[:, [one, zero, zero, zero]]
    calls = [(each, parameters) for each in (X[:, [one]], X[:, [zero]], some, some[:, ::-1], np.tile(some, 300))]
    calls.append((X[:, [zero] * 300], parameters))
    calls.append((some, [(-W, -b) for W, b in parameters]))
    each_right(student, reference, "predict", *calls, judge=equal_labels)


@pytest.mark.points(1)
def test_other_thresholds(student, reference, rng, network):
    """Another threshold, anywhere from 0 to 1, moves the border between 0 and 1, and leaves what came in as it was."""
    borders = np.linspace(-7, 7, 8) + rng.uniform(-0.5, 0.5, size=8)
    z, [(W, b)] = np.hstack([borders - 0.004, borders + 0.004]), network(3, 1)
    X, parameters = W.T @ (z - b) / (W @ W.T), [(W, b)]  # two examples for each border, on either side of it
    calls = [(X, parameters, float(threshold)) for threshold in (0, *reference.sigmoid(borders), 1)]
    calls += [(X, parameters), (X, parameters, 1), (X, parameters, 0)]
    for call, arguments in zip(student.calls("predict", *calls), calls, strict=True):
        equal_labels(call.value, reference.predict(*arguments))
        unchanged(call, arguments)
    equal_labels(student.predict(X, parameters, threshold=0.7), reference.predict(X, parameters, 0.7))


@pytest.mark.points(1)
def test_exactly_at_the_threshold(student, reference, rng, network):
    """A probability that is exactly the threshold is enough for label 1."""
    (W, b), x, zeros = network(3, 2)[0], rng.normal(size=(3, 2)), np.zeros((3, 3))
    X = rng.permutation(np.hstack([x, -x, zeros]), axis=1)
    parameters = [(W, b[[0, 0]]), (np.array([[1.0, -1.0]]), np.zeros((1, 1)))]  # for zeros the output is exactly a half
    z = rng.permutation([[-900, -2, 0, 1, 900]], axis=1)  # the last says 1.0
    whole = z - 901, [(np.array([[1]]), np.array([[901]]))]  # all features are negative
    calls = (X, parameters, 0.5), (zeros, parameters, 0.5), (*whole, 0.5), (*whole, 1.0), (*whole, 0.0)
    each_right(student, reference, "predict", *calls, judge=equal_labels)
