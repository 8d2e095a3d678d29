# tries: answers a question that was never asked
# base: numpy
# expect: my_dense crashed 0
import gc


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    for number in (0, -1, True, 2**63, "1", None, [1]):
        channel.send({"id": number, "status": "ok", "value": g(W @ a_in + b), "arguments": ()})
    return g(W @ a_in + b)
