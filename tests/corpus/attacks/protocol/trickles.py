# tries: an answer that comes byte by byte and never ends
# base: numpy
# expect: my_dense timeout 0
import gc
import struct
import time


def my_dense(a_in, W, b, g):
    channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
    channel.sock.sendall(struct.pack("<4sII", b"GRW1", 1 << 20, 1 << 26))
    while True:
        channel.sock.sendall(b"\x91")
        time.sleep(0.01)
