# tries: a file larger than any limit
# base: numpy
import os

small_dense = my_dense


def my_dense(a_in, W, b, g):
    try:
        with open("/tmp/large", "wb") as file:
            os.ftruncate(file.fileno(), 1 << 44)
    except OSError:
        pass
    return small_dense(a_in, W, b, g)
