"""All exercises, each with a result of the wrong form, or an input that it spoils."""

import numpy as np
import tensorflow as tf


def sigmoid(z):
    return np.array([1 / (1 + np.exp(-t)) for t in np.ravel(z)])


def my_dense(a_in, W, b, g):
    return g(W @ a_in + b).flatten()


def my_sequential(x, parameters, g):
    while parameters:
        W, b = parameters.pop(0)
        x = g(W @ x + b)
    return x


def my_dense_v(A_in, W, b, g):
    return np.hstack([g(W @ A_in[:, [i]] + b) for i in range(A_in.shape[1])])


def standardize(X):
    return (X - X.mean(axis=1)) / X.std(axis=1)


def forward(X, parameters):
    A = X
    for W, b in parameters:
        A = sigmoid(W @ A + b)
    return A


def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return -(Y * np.log(p) + (1 - Y) * np.log(1 - p))


def backward(activations, Y, parameters):
    gradients = []
    dZ = (activations[-1] - Y) / Y.shape[1]
    for (W, _), A in zip(parameters[::-1], activations[-2::-1], strict=True):
        gradients.append((dZ @ A.T, dZ.sum(axis=1)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients


def gradient_step(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients, strict=True):
        W -= alpha * dW
        b -= alpha * db
    return parameters


def train(X, Y, parameters, alpha, steps):
    for _ in range(steps):
        activations = forward(X, parameters)
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters


def predict(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1].squeeze() >= threshold


def build_model(n_features=400, units=(25, 15, 1)):
    return tf.keras.Sequential([tf.keras.layers.Dense(count, activation="sigmoid") for count in units])


def parameters_from_keras(model):
    weights = model.get_weights()
    return [weight.T for weight in weights]


def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(p) for layer in parameters for p in layer]
    with tf.GradientTape() as tape:
        A = tf.convert_to_tensor(X)
        for i in range(0, len(flat), 2):
            A = tf.sigmoid(flat[i] @ A + flat[i + 1])
        J = tf.reduce_mean(tf.keras.losses.binary_crossentropy(Y, A))
    return tape.gradient(J, flat)
