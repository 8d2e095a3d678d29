"""The exercises of digits.ipynb as a module: fill in one of the two and hand that one in."""

import numpy as np


# Exercise 1 sigmoid
def sigmoid(z):
    """1 / (1 + e^-z) for every element of z: a number or an array of any shape in, the same shape out."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


# Exercise 2 my_dense
def my_dense(a_in, W, b, g):
    """One layer for one example.

    a_in: (n, 1), W: (units, n), b: (units, 1); g: the activation, any function of z.
    Returns g(z) of shape (units, 1), where z has one row for each unit.
    """
    return g(np.matmul(W, a_in) + b)


# Exercise 3 my_sequential
def my_sequential(x, parameters, g):
    """The layers one after another for one example x of shape (n, 1), each of them with my_dense.

    parameters: a list of (W, b), first layer first, of any length.
    Returns what the last layer answers: (units of the last layer, 1).
    """
    for layer in parameters:
        x = my_dense(x, layer[0], layer[1], g)
    return x


# Exercise 4 my_dense_v
def my_dense_v(A_in, W, b, g):
    """One layer for the whole batch at once, with no loop; g is called once.

    A_in: (n, m), one example a column; W: (units, n); b: (units, 1), broadcast over the columns.
    Returns g(Z) of shape (units, m).
    """
    return g(np.einsum("ui,im->um", W, A_in) + b)


# Exercise 5 standardize
def standardize(X):
    """Every feature (row) of X, shape (n, m), moved to mean 0 and scaled to standard deviation 1.

    A constant feature becomes 0. Returns a new array of shape (n, m).
    """
    centred = X - np.mean(X, axis=1).reshape(-1, 1)
    spread = np.sqrt(np.mean(centred**2, axis=1)).reshape(-1, 1)
    spread[np.ptp(X, axis=1) == 0] = 1
    return centred / spread


# Exercise 6 forward
def forward(X, parameters):
    """The batch X, shape (n, m), through all layers, with the sigmoid in each.

    Returns the list of all activations [X, A1, ..., AL]: one more than there are layers.
    """
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations


# Exercise 7 cost
def cost(Y_hat, Y):
    """Binary cross-entropy with the natural logarithm, the mean over the examples.

    Y_hat: (1, m), probabilities from 0 to 1, both included; Y: (1, m), labels 0 and 1.
    Returns one number, finite for every such input.
    """
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return float(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)))


# Exercise 8 backward
def backward(activations, Y, parameters):
    """The gradients of the cost by the chain rule, from the last layer to the first.

    activations: what forward returned, [X, A1, ..., AL]; Y: (1, m); parameters: the list of (W, b).
    Returns a list of (dW, db), first layer first, each of the shape of its W and b.
    """
    m = Y.shape[1]
    gradients = []
    dZ = activations[-1] - Y
    for l in range(len(parameters) - 1, -1, -1):
        A_prev = activations[l]
        dW = dZ @ A_prev.T / m
        db = dZ.sum(axis=1, keepdims=True) / m
        gradients.insert(0, (dW, db))
        if l > 0:
            dZ = (parameters[l][0].T @ dZ) * A_prev * (1 - A_prev)
    return gradients


# Exercise 9 gradient_step
def gradient_step(parameters, gradients, alpha):
    """One step downhill: W - alpha dW and b - alpha db for every layer.

    Returns a new list of (W, b); the arrays that came in stay as they were.
    """
    new = []
    for i in range(len(parameters)):
        W, b = parameters[i]
        dW, db = gradients[i]
        new.append([W - alpha * dW, b - alpha * db])
    return new


# Exercise 10 train
def train(X, Y, parameters, alpha, steps):
    """Gradient descent: so many steps, each with all the examples.

    Returns (parameters, costs): the parameters after the last step, and a list where costs[i]
    is the cost before step i.
    """
    costs = []
    for step in range(steps):
        activations = forward(X, parameters)
        costs.append(cost(activations[-1], Y))
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
    return parameters, costs


# Exercise 11 predict
def predict(X, parameters, threshold=0.5):
    """The label of every example in X, shape (n, m): 1 where the probability is at least the threshold.

    Returns an array of 0 and 1 of shape (1, m).
    """
    return (forward(X, parameters)[-1] >= threshold).astype(int)

import tensorflow as tf


# Exercise 12 build_model
def build_model(n_features=400, units=(25, 15, 1)):
    """A compiled tf.keras.Sequential: one Dense layer with the sigmoid for each entry of units.

    Loss: binary cross-entropy; optimizer: Adam. The model takes examples as rows, (m, n_features).
    """
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for n in units:
        model.add(tf.keras.layers.Dense(n, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


# Exercise 13 parameters_from_keras
def parameters_from_keras(model):
    """The weights of a Keras model in our layout, so that forward and model.predict agree.

    Keras: kernel (n_in, units), bias (units,). Ours: W (units, n_in), b (units, 1).
    Returns a list of (W, b), first layer first.
    """
    parameters = []
    for layer in model.layers:
        W, b = layer.get_weights()
        parameters.append((W.T, b.reshape(-1, 1)))
    return parameters


# Exercise 14 tf_gradients
def tf_gradients(parameters, X, Y):
    """The gradients that backward computes, found by tf.GradientTape.

    parameters: a list of (W, b); X: (n, m); Y: (1, m), all of them arrays or tensors.
    Returns a list of (dW, db), first layer first.
    """
    Ws = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    X, Y = tf.constant(X), tf.cast(Y, tf.as_dtype(np.asarray(X).dtype))
    with tf.GradientTape() as tape:
        A = X
        for W, b in Ws:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, Ws)
