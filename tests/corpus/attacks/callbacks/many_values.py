# tries: calls the given function with large arrays, many times
# base: numpy
# expect: my_dense timeout 0


def my_dense(a_in, W, b, g):
    if isinstance(g, np.ufunc):
        raise ValueError("NumPy's own don't ask the other side")
    while True:
        g(np.zeros(1 << 22))
