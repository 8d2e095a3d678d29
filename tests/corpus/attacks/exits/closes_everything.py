# tries: closes all descriptors, the line to the grader among them
# base: numpy
# expect: my_dense crashed 0
import os


def my_dense(a_in, W, b, g):
    os.closerange(0, 4096)
