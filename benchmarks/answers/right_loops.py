"""All exercises, right, with loops over units, examples and indices, as beginners write them."""

import numpy as np
import tensorflow as tf


def sigmoid(z):
    import math

    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    for index in np.ndindex(z.shape):
        t = z[index]
        out[index] = 1 / (1 + math.exp(-t)) if t >= 0 else math.exp(t) / (1 + math.exp(t))
    return out


def my_dense(a_in, W, b, g):
    units, n = W.shape
    z = np.zeros((units, 1))
    for j in range(units):
        z[j, 0] = b[j, 0]
        for i in range(n):
            z[j, 0] += W[j, i] * a_in[i, 0]
    return g(z)


def my_sequential(x, parameters, g):
    a = x
    for i in range(len(parameters)):
        a = my_dense(a, parameters[i][0], parameters[i][1], g)
    return a


def my_dense_v(A_in, W, b, g):
    Z = W @ A_in + np.tile(b, (1, A_in.shape[1]))
    return g(Z)


def standardize(X):
    out = np.zeros(X.shape)
    for i in range(X.shape[0]):
        if np.any(X[i] != X[i, 0]):
            spread = np.sqrt(np.mean((X[i] - np.mean(X[i])) ** 2))
            out[i] = (X[i] - np.mean(X[i])) / spread
    return out


def forward(X, parameters):
    A = X
    activations = [A]
    for i in range(len(parameters)):
        W, b = parameters[i]
        A = my_dense_v(A, W, b, sigmoid)
        activations.append(A)
    return activations


def cost(Y_hat, Y):
    import math

    total, m = 0.0, Y.shape[1]
    for i in range(m):
        p = min(max(Y_hat[0, i], 1e-15), 1 - 1e-15)
        total -= math.log(p) if Y[0, i] == 1 else math.log(1 - p)
    return total / m


def backward(activations, Y, parameters):
    m, last = Y.shape[1], len(parameters)
    gradients = [None] * last
    dZ = activations[last] - Y
    for i in range(last - 1, -1, -1):
        gradients[i] = (np.dot(dZ, activations[i].T) / m, np.sum(dZ, axis=1, keepdims=True) / m)
        if i > 0:
            dZ = np.dot(parameters[i][0].T, dZ) * activations[i] * (1 - activations[i])
    return gradients


def gradient_step(parameters, gradients, alpha):
    new = []
    for i in range(len(parameters)):
        W, b = parameters[i]
        dW, db = gradients[i]
        new.append([W - alpha * dW, b - alpha * db])
    return new


def train(X, Y, parameters, alpha, steps):
    costs = np.zeros(steps)
    for i in range(steps):
        activations = forward(X, parameters)
        costs[i] = cost(activations[-1], Y)
        gradients = backward(activations, Y, parameters)
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs


def predict(X, parameters, threshold=0.5):
    A = forward(X, parameters)[-1]
    labels = np.zeros((1, X.shape[1]))
    for i in range(X.shape[1]):
        if A[0, i] >= threshold:
            labels[0, i] = 1
    return labels


def build_model(n_features=400, units=(25, 15, 1)):
    model = tf.keras.models.Sequential()
    model.add(tf.keras.Input(shape=(n_features,)))
    for count in units:
        model.add(tf.keras.layers.Dense(units=count, activation=tf.nn.sigmoid))
    model.compile(optimizer=tf.keras.optimizers.Adam(), loss=tf.keras.losses.BinaryCrossentropy())
    return model


def parameters_from_keras(model):
    weights = model.get_weights()
    return [(weights[i].T, weights[i + 1][:, None]) for i in range(0, len(weights), 2)]


def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(p) for layer in parameters for p in layer]
    with tf.GradientTape() as tape:
        A = tf.convert_to_tensor(X)
        for i in range(0, len(flat), 2):
            A = 1 / (1 + tf.exp(-(flat[i] @ A + flat[i + 1])))
        J = tf.reduce_mean(tf.keras.losses.binary_crossentropy(Y, A))
    gradients = [gradient.numpy() for gradient in tape.gradient(J, flat)]
    return list(zip(gradients[::2], gradients[1::2], strict=True))
