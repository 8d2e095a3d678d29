import numpy as np
import pytest
from conftest import each_right, same_again

from grader.checks import close, items


def show_layers(exhibit, got, want):
    exhibit.flow("Your list of activations, from layer to layer", ["X", *(f"A{i}" for i in range(1, 7))], got, want)


def close_activations(got, want):
    for i, (A, right) in enumerate(zip(items(got, len(want)), want, strict=True)):
        close(A, right, what=f"the entry {i} of the list")


@pytest.mark.points(2)
def test_starts_with_the_input(student, reference, network, batch, exhibit):
    """The list begins with the input and what the first layer gives, one entry more than the network has layers."""
    parameters, (X, _) = network(4, 3, 1), batch(4, 6)
    got, want = student.forward(X, parameters), reference.forward(X, parameters)
    show_layers(exhibit, got, want)
    close_activations(items(got, 3)[:2], want[:2])


@pytest.mark.points(2)
def test_ends_with_the_output(student, reference, network, batch):
    """The list ends with the network's output for every example."""
    parameters, (X, _) = network(4, 3, 3), batch(4, 6)
    parameters[1][1][:2] += [[-12], [9]]  # outputs close to 0 and to 1
    got = items(student.forward(X, parameters), 3)
    close(got[-1], reference.forward(X, parameters)[-1], what="the last entry of the list", atol=1e-7)


@pytest.mark.points(2)
def test_any_depth(student, reference, network, batch, exhibit):
    """Networks of one, three and six layers give the right activations in every layer."""
    calls = [(batch(3, 5)[0], network(*sizes)) for sizes in ((3, 2), (3, 3, 3, 3), (3, 2, 4, 3, 7, 2, 1))]
    for call, arguments in zip(student.calls("forward", *calls), calls, strict=True):
        want = reference.forward(*arguments)
        show_layers(exhibit, call.value, want)
        close_activations(call.value, want)


@pytest.mark.points(1)
def test_batch_of_one(student, reference, network, batch):
    """A batch of a single example works as well, and one of many."""
    calls = [(batch(5, m)[0], network(5, 3, 1)) for m in (1, 1100)]
    each_right(student, reference, "forward", *calls, judge=close_activations)


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, reference, network, whole_network, batch):
    """The input and the parameters are left as they were, call after call, whatever they hold."""
    (X, _), parameters, same = batch(4, 6), network(4, 3, 1), network(4, 4)[0]
    pixels = np.rint(100 * np.abs(X)).astype(int), [(W / 200, b) for W, b in parameters]
    calls = (
        (X, parameters),
        (X, network(4, 3, 1)),
        (-np.abs(X), parameters),
        (X, whole_network(4, 3, 1)),
        (X, [same, same]),
        pixels,
        (X[:, [0, 1, 1, 0, 2]], network(4, 3, 1)),
        (X, [(0 * W, 0 * b) for W, b in network(4, 3, 3)] + network(3, 2, 1)),
    )
    more = [(batch(4, m)[0], network(*sizes)) for m, sizes in ((1, (4, 2, 2, 1)), (4, (4, 4)), (3, (4, *[2] * 11, 1)))]
    same_again(student, reference, "forward", *calls, *more, judge=close_activations)
