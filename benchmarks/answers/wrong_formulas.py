"""All exercises, each with a mistake in its formula, or in a name."""

import numpy as np
import tensorflow as tf


def sigmoid(z):
    return 1 / (1 + np.exp(z))


def my_dense(a_in, W, b, g):
    return g(W @ a_in)


def my_sequential(x, parameters, g):
    for W, b in parameters:
        a = my_dense(x, W, b, g)
    return a


def my_dense_v(A_in, W, b, g):
    return g(W @ A_in) + b


def standardize(X):
    return X - X.mean(axis=1, keepdims=True)


def forward(X, parameters):
    activations = [X]
    for W, b in parameters[:-1]:
        activations.append(sigmoid(W @ activations[-1] + b))
    return activations


def cost(Y_hat, Y):
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))


def backward(activations, Y, parameters):
    gradients = []
    dZ = activations[-1] - Y
    for (W, _), A in zip(parameters[::-1], activations[-2::-1], strict=True):
        gradients.append((dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients[::-1]


def gradient_step(parameters, gradients, alpha):
    return [(W + alpha * dW, b + alpha * db) for (W, b), (dW, db) in zip(parameters, gradients, strict=True)]


def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        costs.append(cost(forward(X, parameters)[-1], Y))
    return parameters, costs


def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= treshold).astype(int)  # noqa: F821 - the mistake


def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(count, activation="relu") for count in units]
    model = tf.keras.Sequential([tf.keras.Input((n_features,)), *layers])
    model.compile(optimizer="sgd", loss="mse")
    return model


def parameters_from_keras(model):
    return [tuple(layer.get_weights()) for layer in model.layers]


def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(W, dtype=tf.float32), tf.Variable(b, dtype=tf.float32)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = tf.sigmoid(tf.matmul(W, A) + b)
        J = tf.reduce_mean((A - Y) ** 2)
    return tape.gradient(J, variables)
