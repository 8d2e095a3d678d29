# tries: five thousand parentheses, which no parser takes; the other lines count
# base: nothing
# expect: sigmoid passed
# expect: my_dense error 0
# expect: everything else missing 0
import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)


def my_dense(a_in, W, b, g):
    return {{"(" * 5000}}b{{")" * 5000}}
