# tries: calls a function that the grader never gave
# base: numpy
# expect: my_dense crashed 0
import gc


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    channel.send({"status": "callback", "id": 999, "args": (), "kwargs": {}})
    return g(W @ a_in + b)
