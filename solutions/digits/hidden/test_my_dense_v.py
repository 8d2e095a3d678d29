import numpy as np
import pytest
from conftest import each_right, same_again, softmax

from grader.checks import close, fail, items, number

# How many steps of Python a batch takes. A loop takes more of them for more examples and units. Steps of libraries
# don't count: printing takes them more for a larger array.
COUNTS_STEPS = """
import sys
from os.path import isfile
import numpy as np

def steps(units, m):
    taken, before = [0], sys.gettrace()

    def count(frame, event, argument):
        if isfile(frame.f_code.co_filename):
            return None
        frame.f_trace_opcodes = True
        taken[0] += 1
        return count

    A_in, W, b = np.ones((3, m)), np.ones((units, 3)), np.ones((units, 1))
    sys.settrace(count)
    try:
        my_dense_v(A_in, W, b, np.tanh)
    finally:
        sys.settrace(before)
    return taken[0]

steps(2, 2)  # what a first call prepares doesn't count
observe(steps(3, 3))
observe(steps(3, 300))
observe(steps(300, 3))
"""


def show_layer(exhibit, A_in, W, b, got, want):
    exhibit.flow("Through the layer", ["W", "A_in", "b", "your result"], [W, A_in, b, got], [W, A_in, b, want])


@pytest.mark.points(2)
def test_whole_batch(student, reference, layer, exhibit):
    """Each column of the result is what the layer gives for that example, however many there are, without a loop."""
    layers = layer(4, 3, 7), layer(4, 4, 4), layer(2, 3, 1100)
    calls = [(A_in, W, 0 * b, np.positive) for A_in, W, b in layers]
    for call, arguments in zip(student.calls("my_dense_v", *calls), calls, strict=True):
        want = reference.my_dense_v(*arguments)
        show_layer(exhibit, *arguments[:3], call.value, want)
        close(call.value, want, atol=1e-4)
    observed = items(student.exact.observe("my_dense_v", COUNTS_STEPS, ["my_dense_v"]), 3)
    few, *many = (number(items(each, 1)[0]) for each in observed)
    for steps, what in zip(many, ("examples", "units"), strict=True):
        if steps > 2 * few + 100:
            fail(f"Python takes {few:.0f} steps for 3 {what} and {steps:.0f} for 300: is there a loop over the {what}?")


@pytest.mark.points(2)
def test_adds_the_bias(student, reference, layer, exhibit):
    """Each unit adds its own bias, the same one for every example."""
    calls = [(*layer(n, units, m), np.tanh) for n, units, m in ((2, 3, 5), (4, 4, 4))]
    for call, arguments in zip(student.calls("my_dense_v", *calls), calls, strict=True):
        want = reference.my_dense_v(*arguments)
        show_layer(exhibit, *arguments[:3], call.value, want)
        close(call.value, want)


@pytest.mark.points(1)
def test_calls_the_activation_once(student, reference, layer):
    """The activation is called once, with the whole batch as it is: a row for each unit, a column for each example."""
    calls = 0

    def g(z):
        nonlocal calls
        calls += 1
        return softmax(z)

    for units, m in ((1, 6), (4, 1100)):  # who calls it for each example is seen at the few
        calls, arguments = 0, layer(3, units, m)
        got, came = student.my_dense_v(*arguments, g), calls
        close(got, reference.my_dense_v(*arguments, softmax))
        if came != 1:
            fail(f"The activation was called {came} times.")


@pytest.mark.points(1)
def test_applies_the_given_activation(student, reference, rng):
    """The activation that is handed over is the one that is used, whichever it is."""
    A_in, W, b = rng.normal(size=(3, 5)), rng.normal(size=(2, 3)), np.zeros((2, 1))
    each_right(student, reference, "my_dense_v", *[(A_in, W, b, g) for g in (np.cos, np.square)])


@pytest.mark.points(1)
def test_batch_of_one(student, reference, layer):
    """A batch of a single example, or a layer of a single unit or input, keeps both axes."""
    calls = [(*layer(n, units, m), np.tanh) for n, units, m in ((2, 3, 1), (2, 1, 4), (1, 3, 3), (1, 1, 1))]
    each_right(student, reference, "my_dense_v", *calls)


@pytest.mark.points(1, beyond=True)
def test_takes_every_dtype(student, reference, layer, strange_layers):
    """Numbers of any size and kind work as well, call after call, and the arrays that came in are left as they were."""
    others = [(*layer(4, 3, m), np.sin) for m in (1, 40)]
    same_again(student, reference, "my_dense_v", *strange_layers(4, 3, 7), *others)
