# tries: makes 1 equal to 2 in its own process
# base: numpy
# expect: my_dense failed 0
import ctypes


def my_dense(a_in, W, b, g):
    address = id(257 * 1000)
    big = 257 * 1000
    ctypes.memset(id(big) + 24, 1, 4)
    return b * 0 + 7
