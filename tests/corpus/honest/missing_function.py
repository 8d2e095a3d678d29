# tries: two functions, and nothing else
# base: nothing
# expect: sigmoid passed
# expect: cost passed
# expect: everything else missing 0
import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)


def cost(Y_hat, Y):
    right = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return -np.mean(np.log(np.maximum(right, 1e-300)))
