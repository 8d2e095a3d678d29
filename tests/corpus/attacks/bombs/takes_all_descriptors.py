# tries: opens files until there is no descriptor left, at every call
# base: numpy
import os

closing_dense = my_dense


def my_dense(a_in, W, b, g):
    opened = []
    try:
        while len(opened) < 1_000_000:
            opened.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    try:
        return closing_dense(a_in, W, b, g)
    finally:
        for descriptor in opened:
            os.close(descriptor)
