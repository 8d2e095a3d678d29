# tries: a first line with a coding: rot13, which is no encoding of text
# base: nothing
# expect: sigmoid passed
# expect: everything else missing 0
import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)
