# tries: climbs up the stack for the wanted value among the variables of its callers
# base: numpy
# expect: my_dense failed 0
import sys


def my_dense(a_in, W, b, g):
    frame = sys._getframe(1)
    while frame:
        for name, value in frame.f_locals.items():
            if name in ("want", "expected", "reference", "solution", "answer") and np.shape(value) == b.shape:
                return value
        frame = frame.f_back
    return b * 0 + 7
