# tries: an array that gives other bytes, shapes and copies of itself than it holds
# base: numpy
# expect: my_dense failed 0


class Liar(np.ndarray):
    shape = property(lambda self: (3, 1))
    dtype = property(lambda self: np.dtype(float))
    astype = copy = tobytes = tolist = lambda self, *args, **kwargs: np.zeros((3, 1))
    __array__ = lambda self, *args, **kwargs: np.ones((3, 1))


def my_dense(a_in, W, b, g):
    return (b * 0 + 7).view(Liar)
