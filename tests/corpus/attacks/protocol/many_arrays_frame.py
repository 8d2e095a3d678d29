# tries: an answer of millions of arrays without numbers, to cost the grader time and memory
# base: numpy
# expect: my_dense crashed 0
import gc
import struct


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    count = 700_000
    tree = b"\xdd" + struct.pack(">I", count) + (b"\xc7\x08\x0c" + bytes(8)) * count
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", len(tree), 0) + tree)
    return g(W @ a_in + b)
