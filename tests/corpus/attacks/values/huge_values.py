# tries: values of sizes that no answer has
# base: numpy
# expect: sigmoid bad_value 0
# expect: my_dense bad_value 0
# expect: standardize bad_value 0
# expect: cost bad_value 0
sizes = iter([130 << 20])
lengths = iter([600_000])


def sigmoid(z):
    return np.zeros(next(sizes, 1), dtype=np.uint8)


def my_dense(a_in, W, b, g):
    return "x" * (9 << 20)


def standardize(X):
    return [0] * next(lengths, 1)


def cost(Y_hat, Y):
    return 10**5000
