# tries: an object that says that it is an array; what it gives as one counts
# base: numpy
# expect: my_dense failed 0


class Claimed:
    __class__ = np.ndarray
    __array__ = lambda self, *args, **kwargs: np.zeros((3, 1)) + 7


def my_dense(a_in, W, b, g):
    return Claimed()
