# tries: arrays that hold objects, text and dates
# base: numpy
# expect: sigmoid bad_value 0
# expect: my_dense bad_value 0
# expect: standardize bad_value 0


def sigmoid(z):
    return np.array([object(), print], dtype=object)


def my_dense(a_in, W, b, g):
    return np.array([["passed"]] * len(b))


def standardize(X):
    return np.array(["2030-01-01"], dtype="datetime64[D]")
