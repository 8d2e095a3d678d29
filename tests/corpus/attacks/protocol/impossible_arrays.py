# tries: arrays whose shape doesn't fit their bytes, or no machine
# base: numpy
# expect: my_dense crashed 0
# expect: cost crashed 0
# expect: standardize crashed 0
import gc
import struct

import msgspec


def send(shape, kind, body):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    dims = struct.pack(f"<{len(shape)}q", *shape)
    reply = {"status": "ok", "id": 1, "value": msgspec.msgpack.Ext(kind, dims)}
    tree = msgspec.msgpack.encode(reply)
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", len(tree), len(body)) + tree + body)


def my_dense(a_in, W, b, g):
    send([2**27, 2**27, 0], 12, b"")
    return b


def standardize(X):
    send([2, 2], 79, bytes(32))
    return X


def cost(Y_hat, Y):
    send([-1], 12, bytes(8))
    return 0.5
