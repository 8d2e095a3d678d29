# tries: ends the process in the middle of an answer, with an exit code that says all is well
# base: numpy
# expect: my_dense crashed 0
import os


def my_dense(a_in, W, b, g):
    os._exit(0)
