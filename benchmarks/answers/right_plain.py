"""All exercises, right, in the way of the formulas."""

import numpy as np
import tensorflow as tf


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def my_dense(a_in, W, b, g):
    return g(W @ a_in + b)


def my_sequential(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
    return a


def my_dense_v(A_in, W, b, g):
    return g(np.dot(W, A_in) + b)


def standardize(X):
    mean, spread = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = np.all(X[:, :1] == X, axis=1, keepdims=True)
    return np.where(constant, 0, (X - mean) / np.where(constant, 1, spread))


def forward(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations


def cost(Y_hat, Y):
    p = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


def backward(activations, Y, parameters):
    gradients = []
    dZ = (activations[-1] - Y) / Y.shape[1]
    for (W, _), A in zip(parameters[::-1], activations[-2::-1], strict=True):
        gradients.append((dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients[::-1]


def gradient_step(parameters, gradients, alpha):
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients, strict=True)]


def train(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


def predict(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold).astype(int)


def build_model(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(count, activation="sigmoid") for count in units]
    model = tf.keras.Sequential([tf.keras.Input((n_features,)), *layers])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


def parameters_from_keras(model):
    parameters = []
    for layer in model.layers:
        kernel, bias = layer.get_weights()
        parameters.append((kernel.T, bias.reshape(-1, 1)))
    return parameters


def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(tf.cast(W, tf.float32)), tf.Variable(tf.cast(b, tf.float32))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = tf.sigmoid(tf.matmul(W, A) + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)
