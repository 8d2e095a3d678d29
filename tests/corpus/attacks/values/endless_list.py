# tries: a list whose iterator never ends
# base: numpy
# expect: my_dense bad_value 0
import itertools


class Endless(list):
    def __iter__(self):
        return itertools.repeat(0)


def my_dense(a_in, W, b, g):
    return Endless()
