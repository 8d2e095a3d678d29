# tries: describes Keras models that don't exist, where an array is wanted
# base: numpy
# expect: my_dense crashed 0
import gc
import struct

import msgspec


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    tree = msgspec.msgpack.encode({"status": "ok", "id": 1, "value": {1: ["k", {"handle": 5, "layers": 7}]}})
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", len(tree), 0) + tree)
    return b
