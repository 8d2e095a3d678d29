# tries: leaves Python the polite way
# base: numpy
# expect: my_dense error 0
import sys


def my_dense(a_in, W, b, g):
    sys.exit(0)
