# tries: ends the process in a statement that one function needs; with a right function lent, train needs it no more
# base: numpy
# expect: cost crashed 0
import os

EPSILON = os._exit(0)


def cost(Y_hat, Y):
    return -np.mean(Y * np.log(Y_hat + EPSILON))
