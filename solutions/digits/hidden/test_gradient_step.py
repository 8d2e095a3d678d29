import pytest
from conftest import along, each_right, own_memory

from grader.checks import close_pairs, pairs, shape, unchanged


@pytest.mark.points(2)
def test_goes_downhill(student, reference, network):
    """Every W and every b takes a step against its gradient."""
    parameters, gradients = network(4, 3, 1), network(4, 3, 1)
    close_pairs(
        student.gradient_step(parameters, gradients, 0.3),
        reference.gradient_step(parameters, gradients, 0.3),
    )


@pytest.mark.points(1)
def test_length_of_the_step(student, reference, network, rng):
    """The learning rate sets how long the step is, and so does the gradient, however large it is."""
    parameters, gradients = network(2, 3, 2), [(500 * dW, 500 * db) for dW, db in network(2, 3, 2)]
    calls = [(parameters, gradients, alpha) for alpha in (0, 0.002, 1, float(rng.uniform(2, 3)))]
    each_right(student, reference, "gradient_step", *calls, judge=close_pairs)


@pytest.mark.points(1)
def test_any_depth(student, reference, network, whole_network):
    """Networks of one, three and six layers are updated layer by layer, whatever numbers they hold."""
    sizes, tiny = (4, 4, 4, 3), [(1e-9 * dW, 1e-9 * db) for dW, db in network(4, 4, 4, 3)]
    same = network(4, 4)[0]
    calls = [
        *((network(*each), network(*each), 0.5) for each in ((1030, 2), (3, 2, 4, 3, 2, 2, 1))),
        ([same, same, *network(4, 3)], network(*sizes), 0.5),
        (whole_network(*sizes), network(*sizes), 0.3),
        ([(0 * W, 0 * b) for W, b in network(*sizes)], whole_network(*sizes), 0.3),
        ([(-abs(W), -abs(b)) for W, b in network(*sizes)], tiny, 1e8),
        (network(*sizes), [(0 * dW, db) for dW, db in network(*sizes)], 0.7),
    ]
    each_right(student, reference, "gradient_step", *calls, judge=close_pairs)


@pytest.mark.points(2)
def test_leaves_its_inputs_alone(student, network):
    """New parameters come back; the old ones and the gradients are left as they were, step after step."""
    sizes = (4, 3, 1), (4, 3, 1), (2, 2), (3, 2, 2, 1)
    calls = [(network(*each), network(*each), alpha) for each, alpha in zip(sizes, (0.3, 1, 4.0, 0), strict=True)]
    calls.append(calls[0])
    for call, (parameters, gradients, alpha) in zip(student.calls("gradient_step", *calls), calls, strict=True):
        got = pairs(call.value, len(parameters))
        for (W, b), (W_old, b_old), (dW, _) in zip(got, parameters, gradients, strict=True):
            shape(b, b_old.shape, "b")
            if alpha:
                along(shape(W, W_old.shape, "W") - W_old, dW, "the step of W")
        unchanged(call, (parameters, gradients, alpha))
        own_memory(call)
