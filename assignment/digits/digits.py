"""The exercises of digits.ipynb as a module: fill in one of the two and hand that one in."""

import numpy as np


# Exercise 1 sigmoid
def sigmoid(z):
    """1 / (1 + e^-z) for every element of z: a number or an array of any shape in, the same shape out."""
    # YOUR CODE HERE
    raise NotImplementedError("sigmoid")


# Exercise 2 my_dense
def my_dense(a_in, W, b, g):
    """One layer for one example.

    a_in: (n, 1), W: (units, n), b: (units, 1); g: the activation, any function of z.
    Returns g(z) of shape (units, 1), where z has one row for each unit.
    """
    # YOUR CODE HERE
    raise NotImplementedError("my_dense")


# Exercise 3 my_sequential
def my_sequential(x, parameters, g):
    """The layers one after another for one example x of shape (n, 1), each of them with my_dense.

    parameters: a list of (W, b), first layer first, of any length.
    Returns what the last layer answers: (units of the last layer, 1).
    """
    # YOUR CODE HERE
    raise NotImplementedError("my_sequential")


# Exercise 4 my_dense_v
def my_dense_v(A_in, W, b, g):
    """One layer for the whole batch at once, with no loop; g is called once.

    A_in: (n, m), one example a column; W: (units, n); b: (units, 1), broadcast over the columns.
    Returns g(Z) of shape (units, m).
    """
    # YOUR CODE HERE
    raise NotImplementedError("my_dense_v")


# Exercise 5 standardize
def standardize(X):
    """Every feature (row) of X, shape (n, m), moved to mean 0 and scaled to standard deviation 1.

    A constant feature becomes 0. Returns a new array of shape (n, m).
    """
    # YOUR CODE HERE
    raise NotImplementedError("standardize")


# Exercise 6 forward
def forward(X, parameters):
    """The batch X, shape (n, m), through all layers, with the sigmoid in each.

    Returns the list of all activations [X, A1, ..., AL]: one more than there are layers.
    """
    # YOUR CODE HERE
    raise NotImplementedError("forward")


# Exercise 7 cost
def cost(Y_hat, Y):
    """Binary cross-entropy with the natural logarithm, the mean over the examples.

    Y_hat: (1, m), probabilities from 0 to 1, both included; Y: (1, m), labels 0 and 1.
    Returns one number, finite for every such input.
    """
    # YOUR CODE HERE
    raise NotImplementedError("cost")


# Exercise 8 backward
def backward(activations, Y, parameters):
    """The gradients of the cost by the chain rule, from the last layer to the first.

    activations: what forward returned, [X, A1, ..., AL]; Y: (1, m); parameters: the list of (W, b).
    Returns a list of (dW, db), first layer first, each of the shape of its W and b.
    """
    # YOUR CODE HERE
    raise NotImplementedError("backward")


# Exercise 9 gradient_step
def gradient_step(parameters, gradients, alpha):
    """One step downhill: W - alpha dW and b - alpha db for every layer.

    Returns a new list of (W, b); the arrays that came in stay as they were.
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_step")


# Exercise 10 train
def train(X, Y, parameters, alpha, steps):
    """Gradient descent: so many steps, each with all the examples.

    Returns (parameters, costs): the parameters after the last step, and a list where costs[i]
    is the cost before step i.
    """
    # YOUR CODE HERE
    raise NotImplementedError("train")


# Exercise 11 predict
def predict(X, parameters, threshold=0.5):
    """The label of every example in X, shape (n, m): 1 where the probability is at least the threshold.

    Returns an array of 0 and 1 of shape (1, m).
    """
    # YOUR CODE HERE
    raise NotImplementedError("predict")

import tensorflow as tf


# Exercise 12 build_model
def build_model(n_features=400, units=(25, 15, 1)):
    """A compiled tf.keras.Sequential: one Dense layer with the sigmoid for each entry of units.

    Loss: binary cross-entropy; optimizer: Adam. The model takes examples as rows, (m, n_features).
    """
    # YOUR CODE HERE
    raise NotImplementedError("build_model")


# Exercise 13 parameters_from_keras
def parameters_from_keras(model):
    """The weights of a Keras model in our layout, so that forward and model.predict agree.

    Keras: kernel (n_in, units), bias (units,). Ours: W (units, n_in), b (units, 1).
    Returns a list of (W, b), first layer first.
    """
    # YOUR CODE HERE
    raise NotImplementedError("parameters_from_keras")


# Exercise 14 tf_gradients
def tf_gradients(parameters, X, Y):
    """The gradients that backward computes, found by tf.GradientTape.

    parameters: a list of (W, b); X: (n, m); Y: (1, m), all of them arrays or tensors.
    Returns a list of (dW, db), first layer first.
    """
    # YOUR CODE HERE
    raise NotImplementedError("tf_gradients")
