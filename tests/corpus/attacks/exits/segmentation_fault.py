# tries: reads at address 0
# base: numpy
# expect: my_dense crashed 0
import ctypes


def my_dense(a_in, W, b, g):
    return ctypes.string_at(0)
