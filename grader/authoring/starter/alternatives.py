"""Right implementations in the ways that students write them; each must earn full marks."""

import numpy as np

RIGHT = []  # (question, function)


def right(question):
    def register(function):
        RIGHT.append((question, function))
        return function

    return register


@right("running_total")
def with_numpy(numbers):
    return np.cumsum(numbers)
