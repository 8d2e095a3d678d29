# tries: makes everything empty, the worker's own frames too: nobody understands it any more
# base: numpy
# expect: my_dense crashed 0
import builtins


def my_dense(a_in, W, b, g):
    builtins.len = lambda thing: 0
    return g(W @ a_in + b)
