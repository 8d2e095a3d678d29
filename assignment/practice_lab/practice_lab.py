"""The exercises of practice_lab.ipynb as a module: fill in one of the two and hand that one in."""

import numpy as np
import tensorflow as tf
from autils import sigmoid


# Exercise 1 model
# YOUR CODE HERE
model = None


# Exercise 2 my_dense
def my_dense(a_in, W, b, g):
    """One layer for one example.

    a_in: (n,), W: (n, j), b: (j,); g: the activation, any function of z.
    Returns g(z) of shape (j,): a number for each unit.
    """
    # YOUR CODE HERE
    raise NotImplementedError("my_dense")


# Exercise 3 my_sequential
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    """Three layers, one after another, for one example x of shape (n,), each with the sigmoid.

    Returns what the last layer answers, one number for each of its units.
    """
    # YOUR CODE HERE
    raise NotImplementedError("my_sequential")


# Exercise 4 my_dense_v
def my_dense_v(A_in, W, b, g):
    """One layer for a whole batch.

    A_in: (m, n), one example a row; W: (n, j); b: (1, j) or (j,); g: the activation, any function of Z.
    Returns g(Z) of shape (m, j).
    """
    # YOUR CODE HERE
    raise NotImplementedError("my_dense_v")


# Exercise 5 my_sequential_v
def my_sequential_v(X, W1, b1, W2, b2, W3, b3):
    """Three layers, one after another, for a batch X of shape (m, n), each with the sigmoid.

    Returns a row for each example and a column for each unit of the last layer.
    """
    # YOUR CODE HERE
    raise NotImplementedError("my_sequential_v")
