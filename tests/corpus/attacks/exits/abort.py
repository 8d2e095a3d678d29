# tries: aborts
# base: numpy
# expect: my_dense crashed 0
import os


def my_dense(a_in, W, b, g):
    os.abort()
