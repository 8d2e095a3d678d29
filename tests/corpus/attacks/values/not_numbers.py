# tries: answers in which nothing can be compared: nan, infinity, nothing
# base: numpy
# expect: sigmoid failed 0
# expect: my_dense failed 0
# expect: standardize failed 0
# expect: cost failed 0


def sigmoid(z):
    return np.asarray(z) * np.nan


def my_dense(a_in, W, b, g):
    return np.full(b.shape, np.inf)


def standardize(X):
    return None


def cost(Y_hat, Y):
    return np.array(complex(np.nan, np.inf))
