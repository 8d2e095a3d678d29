# tries: takes room on the disk without writing, in less time than passes between two looks; answers wrongly if it gets it
# base: numpy
# expect: everything else passed
import ctypes
import os

written_dense = my_dense
allocate = ctypes.CDLL(None).fallocate
SIZE, FILES = 16 << 20, 40


def room_taken():
    """Bytes in files that no folder shows."""
    files, taken = [], 0
    for number in range(FILES):
        files.append(open(f"{number}", "wb"))
        os.unlink(f"{number}")
        if allocate(files[-1].fileno(), 0, ctypes.c_long(0), ctypes.c_long(SIZE)) == 0:
            taken += SIZE
    for file in files:
        file.close()
    return taken


def my_dense(a_in, W, b, g):
    taken = room_taken()
    return written_dense(a_in, W, b, g) * (taken <= 64 << 20)
