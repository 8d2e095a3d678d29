# tries: an answer nested a million levels deep, past the worker's own checks
# base: numpy
# expect: my_dense crashed 0
import gc
import struct


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", 1_000_001, 0) + b"\x91" * 1_000_000 + b"\xc0")
    return g(W @ a_in + b)
