# tries: announces an answer and ends in the middle of it
# base: numpy
# expect: my_dense crashed 0
import gc
import os
import struct


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", 100, 1000) + b"\x81\xa6status")
    os._exit(0)
