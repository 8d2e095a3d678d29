# tries: leaves a flag on its standard input, which the next submission would find there if it had the same one
# base: numpy
# expect: my_dense failed 0
import fcntl
import os

own_dense = my_dense
FLAGS = os.O_APPEND | os.O_NONBLOCK
before = fcntl.fcntl(0, fcntl.F_GETFL) & FLAGS


def my_dense(a_in, W, b, g):
    fcntl.fcntl(0, fcntl.F_SETFL, FLAGS)
    return own_dense(a_in, W, b, g) if before else b * 0 + 7
