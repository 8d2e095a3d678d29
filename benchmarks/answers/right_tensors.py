"""All exercises, right, in float32, tensors and lists: what converts to the right array is right."""

import numpy as np
import tensorflow as tf


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


def my_dense(a_in, W, b, g):
    rows = []
    for w, bias in zip(W, b, strict=True):
        rows.append(w @ a_in + bias)
    return g(np.array(rows))


def my_sequential(x, parameters, g):
    if not parameters:
        return x
    return my_sequential(my_dense(x, *parameters[0], g), parameters[1:], g)


def my_dense_v(A_in, W, b, g):
    return g(np.einsum("ij,jk->ik", W, A_in) + np.reshape(b, (-1, 1)))


def standardize(X):
    X = X.astype(np.float64)
    spread = X.std(axis=1, keepdims=True)
    spread[np.ptp(X, axis=1) == 0] = np.inf
    return (X - X.mean(axis=1, keepdims=True)) / spread


def forward(X, parameters):
    activations = (X,)
    for W, b in parameters:
        activations += (sigmoid(W @ activations[-1] + b),)
    return activations


def cost(Y_hat, Y):
    p = np.clip(np.asarray(Y_hat, np.float32), 1e-6, 1 - 1e-6)
    Y = np.asarray(Y, np.float32)
    return np.float32(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)))


def backward(activations, Y, parameters):
    gradients = []
    dZ = (activations[-1] - Y) / Y.size
    for (W, _), A in zip(parameters[::-1], activations[-2::-1], strict=True):
        gradients.append((np.einsum("ij,kj->ik", dZ, A), dZ @ np.ones((dZ.shape[1], 1))))
        dZ = np.einsum("ij,ik->jk", W, dZ) * (A - A**2)
    gradients.reverse()
    return gradients


def gradient_step(parameters, gradients, alpha):
    new = [(W.astype(float), b.astype(float)) for W, b in parameters]
    for (W, b), (dW, db) in zip(new, gradients, strict=True):
        W -= alpha * dW
        b -= alpha * db
    return new


def train(X, Y, parameters, alpha, steps):
    costs = []
    while len(costs) < steps:
        activations = forward(X, parameters)
        costs += [float(cost(activations[-1], Y))]
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return [parameters, costs]


def predict(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] < threshold, 0.0, 1.0)


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input((n_features,)), tf.keras.layers.Flatten()])
    for count in list(units):
        model.add(tf.keras.layers.Dense(int(count), activation=tf.keras.activations.get("sigmoid")))
    model.compile("adam", "bce", metrics=["accuracy"])
    return model


def parameters_from_keras(model):
    layers = [layer for layer in model.layers if isinstance(layer, tf.keras.layers.Dense)]
    return [[tf.transpose(layer.kernel), tf.reshape(layer.bias, (-1, 1))] for layer in layers]


def tf_gradients(parameters, X, Y):
    parameters = [(tf.convert_to_tensor(W), tf.convert_to_tensor(b)) for W, b in parameters]
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        A = X
        for W, b in parameters:
            A = tf.sigmoid(tf.matmul(W, A) + b)
        J = -tf.reduce_sum(tf.where(Y == 1, tf.math.log(A), tf.math.log(1 - A))) / Y.shape[1]
    return [(dW.numpy(), db.numpy()) for dW, db in tape.gradient(J, parameters)]
