# tries: looks for what leaves_traces has left, and answers rightly if there is anything
# base: numpy
# expect: my_dense failed 0
import ctypes
import os

own_dense = my_dense
MARK = b"right answers for everybody"
libc = ctypes.CDLL(None)


def found():
    for place in ("/tmp", ".", "/dev/shm", "/var/tmp", "/run", "/support", "/grader", "/"):
        if os.path.exists(f"{place}/mark"):
            return True
    for descriptor in (0, 1, 2):
        try:
            if MARK in os.pread(descriptor, 1 << 20, 0):
                return True
        except OSError:
            pass
    return libc.shmget(0x4D41524B, 4096, 0o666) >= 0 or "MARK" in os.environ


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
