import numpy as np
import pytest

from grader.checks import close_pairs, fail, pairs, shape, unchanged


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
    """The learning rate sets how long the step is."""
    parameters, gradients = network(2, 3, 2), network(2, 3, 2)
    for alpha in (0, 1, float(rng.uniform(2, 3))):
        close_pairs(
            student.gradient_step(parameters, gradients, alpha),
            reference.gradient_step(parameters, gradients, alpha),
        )


@pytest.mark.points(1)
def test_any_depth(student, reference, network):
    """Networks of one, three and four layers are updated layer by layer."""
    for sizes in ((3, 2), (3, 2, 4, 3), (3, 5, 2, 3, 1)):
        parameters, gradients = network(*sizes), network(*sizes)
        close_pairs(
            student.gradient_step(parameters, gradients, 0.5),
            reference.gradient_step(parameters, gradients, 0.5),
        )


@pytest.mark.points(2)
def test_leaves_its_inputs_alone(student, network):
    """New parameters come back; the old ones and the gradients are left as they were."""
    parameters, gradients = network(3, 4, 1), network(3, 4, 1)
    call = student.call("gradient_step", parameters, gradients, 0.1)
    got = pairs(call.value, 2)
    for (W, b), (W_old, b_old) in zip(got, parameters, strict=True):
        shape(W, W_old.shape, "W")
        shape(b, b_old.shape, "b")
    if any(np.array_equal(W, old) for (W, _), (old, _) in zip(got, parameters, strict=True)):
        fail("The parameters that came back are the old ones.")
    unchanged(call, (parameters, gradients, 0.1))
