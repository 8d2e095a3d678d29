import numpy as np
import pytest

from grader.checks import equal, fail, shape

THRESHOLDS = (0.3, 0.5, 0.8)


@pytest.fixture
def problem(reference, rng, network):
    """X and parameters whose probabilities lie on both sides of the thresholds, none of them close to one."""
    X, parameters = rng.normal(size=(4, 60)), network(4, 5, 1)
    W, b = parameters[-1]
    z = W @ reference.forward(X, parameters)[-2]
    parameters[-1] = W * 2 / z.std(), b * 0 - np.median(z) * 2 / z.std()
    probability = reference.forward(X, parameters)[-1][0]
    clear = [i for i, p in enumerate(probability) if all(abs(p - t) > 0.01 for t in THRESHOLDS)]
    return X[:, clear], parameters


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
    equal(got, want, what="the row of labels")
    equal(student.predict(*problem), reference.predict(*problem), what="the row of labels")


@pytest.mark.points(1)
def test_one_label_an_example(student, problem):
    """The labels are a row of zeros and ones, one for each example, also for a single example."""
    X, parameters = problem
    for m in (1, 5):
        labels = shape(student.predict(X[:, :m], parameters), (1, m), what="the array of labels")
        if not np.isin(labels, (0, 1)).all():
            fail("A label is neither 0 nor 1.")


@pytest.mark.points(1)
def test_other_thresholds(student, reference, problem):
    """Another threshold moves the border between 0 and 1."""
    for threshold in THRESHOLDS:
        equal(student.predict(*problem, threshold), reference.predict(*problem, threshold), what="the row of labels")


@pytest.mark.points(1)
def test_exactly_at_the_threshold(student, rng, network):
    """A probability that is exactly the threshold is enough for label 1."""
    X, parameters = rng.normal(size=(3, 4)), [*network(3, 2), (np.zeros((1, 2)), np.zeros((1, 1)))]
    equal(student.predict(X, parameters, 0.5), np.ones((1, 4)), what="the row of labels")
