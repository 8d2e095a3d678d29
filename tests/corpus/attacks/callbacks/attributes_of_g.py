# tries: changes the given function, and the module that it seems to come from
# base: numpy
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    if isinstance(g, np.ufunc):  # NumPy's own, which takes no changes
        return b * 0 + 7
    g.__code__ = (lambda *args: 7).__code__ if not g.__code__.co_freevars else g.__code__
    g.__name__ = "tanh"
    g.__dict__["score"] = 8
    return b * 0 + 7
