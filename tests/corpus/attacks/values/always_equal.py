# tries: an array that is equal to everything, by every way of comparing
# base: numpy
# expect: my_dense failed 0


class Agreeable(np.ndarray):
    def __array_function__(self, function, types, args, kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        return np.True_

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None
    all = any = __bool__ = lambda self, *args: True


def my_dense(a_in, W, b, g):
    return (b * 0 + 7).view(Agreeable)
