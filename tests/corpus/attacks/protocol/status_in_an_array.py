# tries: a reply whose status is an array, which is neither true nor false
# base: numpy
# expect: my_dense crashed 0
import gc

import numpy as np


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    send = type(channel).send
    channel.send = lambda value, *rest: send(channel, {**value, "status": np.zeros(2)})
    return b * 0 + 7
