# tries: a reply with a number where notes should be
# base: numpy
# expect: my_dense crashed 0
import gc

import numpy as np


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    send = type(channel).send
    channel.send = lambda value, *rest: send(channel, {**value, "notes": 5})
    return b * 0 + 7
