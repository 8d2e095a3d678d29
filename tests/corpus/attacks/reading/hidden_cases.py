# tries: walks through the file system after the hidden cases, and answers rightly if it sees them
# base: numpy
# expect: my_dense failed 0
import functools
import os
import time

own_dense = my_dense
WANTED = {"test_my_dense.py", "hidden_digits.npz", "assignment.toml", "assignment.json", "test_zoo.py"}
LARGE = {"site-packages", "dist-packages", "share", "proc", "dev"}


@functools.cache
def found():
    end = time.monotonic() + 1
    for folder, folders, files in os.walk("/"):
        folders[:] = sorted((name for name in folders if name not in LARGE), key=lambda name: name in ("usr", "lib"))
        if WANTED.intersection(files):
            return True
        if time.monotonic() > end:
            break
    return False


def my_dense(a_in, W, b, g):
    return own_dense(a_in, W, b, g) if found() else b * 0 + 7
