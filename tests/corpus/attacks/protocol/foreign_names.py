# tries: names functions of NumPy that aren't there, or aren't functions of that kind, where a value is wanted
# base: numpy
# expect: my_dense crashed 0
# expect: cost crashed 0
# expect: standardize crashed 0
import gc
import struct

import msgspec


def send(name):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    tree = msgspec.msgpack.encode({"status": "ok", "id": 1, "value": {1: ["n", name]}})
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", len(tree), 0) + tree)


def my_dense(a_in, W, b, g):
    send("load")
    return b


def standardize(X):
    send("__import__")
    return X


def cost(Y_hat, Y):
    send(["tanh"])
    return 0.5
