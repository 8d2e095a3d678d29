# tries: replaces NumPy's functions, which cross the wall by their names, by some that always give what is handed back
# base: numpy
# expect: my_dense failed 0
# expect: my_dense_v failed 0


def replace():
    for name in ("tanh", "cos"):
        setattr(np, name, lambda z: np.zeros(np.shape(z)) + 7)
        setattr(np._core.umath, name, getattr(np, name))


def my_dense(a_in, W, b, g):
    replace()
    return b * 0 + 7


def my_dense_v(A_in, W, b, g):
    replace()
    return np.zeros((W.shape[0], A_in.shape[1])) + 7
