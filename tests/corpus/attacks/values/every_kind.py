# tries: gives every kind of value in turn, for a case that trips over one of them
# expect: everything else failed 0
import itertools

import tensorflow as tf

KINDS = [
    *(None, True, "text", b"bytes", [], (), {}, {"W": [1.0]}, [[1.0], [2.0, 3.0]], [[[]]], np.zeros((0, 3)), ""),
    *(np.float16(7), np.ones((3,) * 12), np.array(True), [None, None], [(1, 2), (3,)], [{}, {}], 10**18, -0.0),
    *(np.array(7 + 7j), [("a", "b")] * 3, [[np.ones(3)] * 2] * 3, (np.ones(3), ["x"]), ([], []), (7, 7), [[7, 7]]),
    *(([(7, 7)], [7]), ([(np.ones((2, 2)), None)], ["7"]), ("ab", "cd"), [["ab"]], (None, None), ([()], ())),
]
turn = itertools.cycle(KINDS)


def sigmoid(z):
    return next(turn)


def my_dense(a_in, W, b, g):
    return next(turn)


def my_sequential(x, parameters, g):
    return next(turn)


def my_dense_v(A_in, W, b, g):
    return next(turn)


def standardize(X):
    return next(turn)


def forward(X, parameters):
    return next(turn)


def cost(Y_hat, Y):
    return next(turn)


def backward(activations, Y, parameters):
    return next(turn)


def gradient_step(parameters, gradients, alpha):
    return next(turn)


def train(X, Y, parameters, alpha, steps):
    return next(turn)


def predict(X, parameters, threshold=0.5):
    return next(turn)


def build_model(n_features=400, units=(25, 15, 1)):
    return next(turn)


def parameters_from_keras(model):
    return next(turn)


def tf_gradients(parameters, X, Y):
    return next(turn)
