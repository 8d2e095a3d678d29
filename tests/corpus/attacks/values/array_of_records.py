# tries: an array of records
# base: numpy
# expect: cost bad_value 0


def cost(Y_hat, Y):
    return np.zeros(2, dtype=[("score", float), ("full", float)])
