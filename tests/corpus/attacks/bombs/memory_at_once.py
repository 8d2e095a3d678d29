# tries: an array of 100 GB
# base: numpy
# expect: my_dense_v out_of_memory 0


def my_dense_v(A_in, W, b, g):
    return g(np.ones(100 * 2**30, dtype=np.uint8))
