# tries: announces eight gigabytes
# base: numpy
# expect: my_dense crashed 0
import gc
import struct


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", 2**32 - 1, 2**32 - 1) + bytes(1 << 20))
    return g(W @ a_in + b)
