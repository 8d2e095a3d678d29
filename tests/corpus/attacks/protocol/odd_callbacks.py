# tries: calls of the functions that it was given, with handles and arguments of the wrong kinds
# base: numpy
# expect: sigmoid passed
# expect: my_dense crashed 0
# expect: my_sequential crashed 0
import gc

import numpy as np


def call(**fields):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    channel.send({"status": "callback", "id": 0, "args": (1.0,), "kwargs": {}, **fields})


def my_dense(a_in, W, b, g):
    call(id=float("nan"))
    return g(W @ a_in + b)


def my_sequential(a_in, layers, g):
    call(args=np.ones(3), kwargs=[])
    return a_in
