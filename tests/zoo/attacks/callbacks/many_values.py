# tries: calls the given function with large arrays, many times
# base: numpy
# expect: my_dense error 0


def my_dense(a_in, W, b, g):
    while True:
        g(np.zeros(1 << 22))
