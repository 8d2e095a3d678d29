"""Right answers that differ from the solution. Each must earn full marks."""

import numpy as np

RIGHT = []  # (question, function)


def right(question):
    """Register a function as a right answer to a question."""

    def register(function):
        RIGHT.append((question, function))
        return function

    return register


@right("running_total")
def with_numpy(numbers):
    """Use NumPy instead of a loop."""
    return np.cumsum(numbers)
