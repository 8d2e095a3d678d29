# tries: a generator that never ends
# base: numpy
# expect: my_dense bad_value 0
import itertools


def my_dense(a_in, W, b, g):
    return (np.zeros(3) for _ in itertools.count())
