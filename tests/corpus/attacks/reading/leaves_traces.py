# tries: leaves something for the next submission everywhere; looks_for_traces comes later
# base: numpy
import ctypes
import os

careful_dense = my_dense
MARK = b"right answers for everybody"
libc = ctypes.CDLL(None)


def leave():
    for place in ("/tmp", ".", "/dev/shm", "/var/tmp", "/run", "/support", "/grader", "/"):
        try:
            with open(f"{place}/mark", "wb") as file:
                file.write(MARK)
        except OSError:
            pass
    for descriptor in (0, 1, 2):
        try:
            os.write(descriptor, MARK)
        except OSError:
            pass
    libc.shmget(0x4D41524B, 4096, 0o1666)
    os.environ["MARK"] = "x"


def my_dense(a_in, W, b, g):
    leave()
    return careful_dense(a_in, W, b, g)
