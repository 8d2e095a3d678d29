# tries: answers for itself in the grader's own words, with the right number and a wrong value, then answers again
# base: numpy
# expect: my_dense crashed 0
import gc
import sys


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"]["id"]
    channel.send({"id": number, "status": "ok", "value": b * 0 + 7, "arguments": (a_in, W, b, None)})
    return g(W @ a_in + b)
