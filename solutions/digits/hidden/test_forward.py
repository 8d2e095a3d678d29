import pytest

from grader.checks import close, items, unchanged


def show_layers(exhibit, got, want):
    exhibit.flow("Your list of activations, from layer to layer", ["X", *(f"A{i}" for i in range(1, 5))], got, want)


def close_activations(got, want):
    for i, (A, right) in enumerate(zip(items(got, len(want)), want, strict=True)):
        close(A, right, what=f"the entry {i} of the list")


@pytest.mark.points(2)
def test_starts_with_the_input(student, reference, network, batch, exhibit):
    """The list begins with the input, and has one entry more than the network has layers."""
    parameters, (X, _) = network(4, 3, 1), batch(4, 6)
    got = student.forward(X, parameters)
    show_layers(exhibit, got, lambda: reference.forward(X, parameters))
    close(items(got, 3)[0], X, what="the entry 0 of the list")


@pytest.mark.points(2)
def test_ends_with_the_output(student, reference, network, batch):
    """The list ends with the network's output for every example."""
    parameters, (X, _) = network(4, 3, 2), batch(4, 6)
    got = items(student.forward(X, parameters), 3)
    close(got[-1], reference.forward(X, parameters)[-1], what="the last entry of the list")


@pytest.mark.points(2)
def test_any_depth(student, reference, network, batch, exhibit):
    """Networks of one, two, three and four layers give the right activations in every layer."""
    X, _ = batch(3, 5)
    for sizes in ((3, 2), (3, 4, 1), (3, 2, 4, 3), (3, 5, 2, 3, 1)):
        parameters = network(*sizes)
        got, want = student.forward(X, parameters), reference.forward(X, parameters)
        show_layers(exhibit, got, want)
        close_activations(got, want)


@pytest.mark.points(1)
def test_batch_of_one(student, reference, network, batch):
    """A batch of a single example works as well."""
    parameters, (X, _) = network(5, 3, 1), batch(5, 1)
    close_activations(student.forward(X, parameters), reference.forward(X, parameters))


@pytest.mark.points(1, beyond=True)
def test_leaves_its_inputs_alone(student, network, batch):
    """The input and the parameters are left as they were."""
    parameters, (X, _) = network(4, 3, 2), batch(4, 5)
    call = student.call("forward", X, parameters)
    items(call.value, 3)
    unchanged(call, (X, parameters))
