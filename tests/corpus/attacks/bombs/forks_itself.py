# tries: two processes answer the same question
# base: numpy
# expect: my_dense crashed 0
import os


def my_dense(a_in, W, b, g):
    try:
        os.fork()
    except OSError:
        os._exit(1)
    return g(W @ a_in + b)
