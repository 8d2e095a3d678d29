# tries: replaces the code that makes plain values, so that an object's own word is sent
# base: numpy
# expect: my_dense failed 0
import sys


def bend():
    values = next(module for name, module in sys.modules.items() if name.endswith("sandbox.guest.values"))
    plain = values.Values.plain

    def bent(self, value, *depth):
        return np.full((3, 1), 7.0) if value is ANSWER else plain(self, value, *depth)

    values.Values.plain = bent
    return object()


ANSWER = bend()


def my_dense(a_in, W, b, g):
    return ANSWER
