# tries: arrays and models whose own names are as long as books, in what is said of them
# base: numpy
# expect: sigmoid bad_value 0
# expect: my_dense bad_value 5
# expect: cost bad_value 0
# expect: standardize bad_value 0
# expect: predict bad_value 0
import numpy as np

Long = type("e" * 1_000_000, (), {})


def sigmoid(z):
    return np.zeros(1, dtype=[("e" * 100_000 + "x", float)])


def my_dense(a_in, W, b, g):
    return np.zeros(1, dtype=[("e" * 100_000 + "x", float)]) if len(a_in) == 5 else g(W @ a_in + b)


def cost(Y_hat, Y):
    return Long()


def standardize(X):
    return {Long(): 1}


def predict(X, parameters, threshold=0.5):
    return np.zeros(1, dtype=[("." * 100_000 + "x", float), ("1e" * 100_000, float)])
