# tries: calls the given function with more than may cross
# base: numpy
lean_dense = my_dense
arguments = [[0] * 600_000, np.zeros(130 << 20, dtype=np.uint8), "x" * (9 << 20)]


def my_dense(a_in, W, b, g):
    while arguments and not isinstance(g, np.ufunc):  # NumPy's own don't ask the other side
        try:
            g(arguments.pop())
        except Exception:
            pass
    return lean_dense(a_in, W, b, g)
