# tries: lets the grader itself multiply matrices through a lent function
# base: numpy
# expect: my_dense_v failed 0
# expect: forward failed 0


def my_dense_v(A_in, W, b, g):
    return b * 0 + 7


def forward(X, parameters):
    wide = np.ones((550, 1100), dtype=np.int8)
    try:
        my_dense_v(wide.T, wide, np.zeros((550, 1), dtype=np.int8), lambda z: 0)
    except Exception:
        pass
    return [X]
