# tries: names a function of the grader instead of numbering it
# base: numpy
# expect: my_dense crashed 0
import gc


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    channel.send({"status": "callback", "id": "__class__.__init__.__globals__", "args": (1,), "kwargs": {}})
    return g(W @ a_in + b)
