# tries: lets the grader itself make a matrix of a terabyte, through a lent function
# base: numpy
# expect: my_dense_v failed 0
# expect: forward failed 0


def my_dense_v(A_in, W, b, g):
    return b * 0 + 7


def forward(X, parameters):
    long = np.ones((1_000_000, 1), dtype=np.int8)
    try:
        my_dense_v(long.T, long, long, lambda z: 0)
    except Exception:
        pass
    return [X]
