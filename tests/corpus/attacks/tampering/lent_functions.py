# tries: a wrong my_dense that keeps the right one, lent for the next question, and hands it on to itself
# base: numpy
# expect: my_dense failed 0
import sys

stolen = {}


def my_dense(a_in, W, b, g):
    return stolen["right"](a_in, W, b, g) if stolen else b * 0 + 7


def my_sequential(x, parameters, g):
    stolen["right"] = my_dense
    for W, b in parameters:
        x = my_dense(x, W, b, g)
    return x
