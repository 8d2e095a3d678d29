# tries: a reply with a function as its value, for the grader to call later
# base: numpy
# expect: my_dense crashed 0
import gc
import sys

Tagged = sys.modules["_grader.sandbox.protocol.frames"].Tagged


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    send = type(channel).send
    channel.send = lambda value, *rest: send(channel, {**value, "value": Tagged("s", (0,))})
    return b * 0 + 7
