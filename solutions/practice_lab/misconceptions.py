"""Wrong implementations that students write, each with a hint that leads and doesn't give the answer away.

A function here stands in for the question it is registered for; other names of the assignment (`my_dense`, ...) mean
the right functions, and `sigmoid` is the one that the lab gives. One for `model` returns the model. `np` and `tf` are
there as in the notebook.
"""

import numpy as np
from autils import sigmoid

try:
    import tensorflow as tf
except ImportError:
    tf = None

WRONG = []  # (question, function, hint)


def wrong(question, hint):
    def register(function):
        WRONG.append((question, function, hint))
        return function

    return register


# ---------------------------------------------------------------- model


def _dense(units, activation="sigmoid"):
    return tf.keras.layers.Dense(units, activation=activation)


@wrong("model", "How many units does the task ask for, layer by layer?")
def other_sizes():
    return tf.keras.Sequential([tf.keras.Input((400,)), _dense(25), _dense(10), _dense(1)])


@wrong("model", "The first layer should have 25 units: the 400 inputs are no layer of their own.")
def inputs_as_a_layer():
    return tf.keras.Sequential([_dense(400), _dense(25), _dense(15), _dense(1)])


@wrong("model", "A layer is missing. Count them.")
def two_layers():
    return tf.keras.Sequential([tf.keras.Input((400,)), _dense(25), _dense(1)])


@wrong("model", "In which order do the layers come?")
def backwards():
    return tf.keras.Sequential([tf.keras.Input((400,)), _dense(15), _dense(25), _dense(1)])


@wrong("model", "Which activation do the hidden layers have?")
def relu_inside():
    return tf.keras.Sequential([tf.keras.Input((400,)), _dense(25, "relu"), _dense(15, "relu"), _dense(1)])


@wrong("model", "The last layer can give any number at all. What turns it into a probability?")
def linear_output():
    return tf.keras.Sequential([tf.keras.Input((400,)), _dense(25), _dense(15), _dense(1, None)])


@wrong("model", "A layer without an activation only adds and multiplies: has each of yours got one?")
def no_activations():
    return tf.keras.Sequential([tf.keras.Input((400,)), _dense(25, None), _dense(15, None), _dense(1, None)])


@wrong("model", "Softmax over a single unit is always 1.")
def softmax_output():
    return tf.keras.Sequential([tf.keras.Input((400,)), _dense(25), _dense(15), _dense(1, "softmax")])


@wrong("model", "How many pixels does a picture have?")
def other_inputs():
    return tf.keras.Sequential([tf.keras.Input((20,)), _dense(25), _dense(15), _dense(1)])


@wrong("model", "There is a layer that the task doesn't ask for.")
def with_dropout():
    layers = [tf.keras.Input((400,)), _dense(25), tf.keras.layers.Dropout(0.5), _dense(15), _dense(1)]
    return tf.keras.Sequential(layers)


@wrong("model", "The layers were made, but where is the model?")
def list_of_layers():
    return [str(_dense(units)) for units in (25, 15, 1)]


# ---------------------------------------------------------------- my_dense


@wrong("my_dense", "Which function should bend the sum: always the same one, or the one that came as an argument?")
def dense_always_sigmoid(a_in, W, b, g):
    return sigmoid(np.dot(a_in, W) + b)


@wrong("my_dense", "A number is missing in z: what else does a unit add to the weighted sum?")
def dense_no_bias(a_in, W, b, g):
    return g(np.dot(a_in, W))


@wrong("my_dense", "The activation is missing: z isn't the answer yet.")
def dense_no_activation(a_in, W, b, g):
    return np.dot(a_in, W) + b


@wrong("my_dense", "The bias belongs to z, before the activation.")
def dense_bias_after(a_in, W, b, g):
    return g(np.dot(a_in, W)) + b


@wrong("my_dense", "Each unit has a bias of its own; here all of them get the first.")
def dense_first_bias(a_in, W, b, g):
    return g(np.dot(a_in, W) + b[0])


@wrong("my_dense", "Row or column: where do the weights of a unit stand in W?")
def dense_rows(a_in, W, b, g):
    a_out = np.zeros(W.shape[1])
    for j in range(W.shape[1]):
        a_out[j] = g(np.dot(W[j], a_in) + b[j])
    return a_out


@wrong("my_dense", "W has shape (n, j): which of the two is the number of units?")
def dense_units_by_rows(a_in, W, b, g):
    units = W.shape[0]
    a_out = np.zeros(units)
    for j in range(units):
        a_out[j] = g(np.dot(W[:, j], a_in) + b[j])
    return a_out


@wrong("my_dense", "The function returns in the first turn of its loop.")
def dense_returns_in_the_loop(a_in, W, b, g):
    a_out = np.zeros(W.shape[1])
    for j in range(W.shape[1]):
        a_out[j] = g(np.dot(W[:, j], a_in) + b[j])
        return a_out


@wrong("my_dense", "The loop leaves out the last unit.")
def dense_one_unit_short(a_in, W, b, g):
    a_out = np.zeros(W.shape[1])
    for j in range(W.shape[1] - 1):
        a_out[j] = g(np.dot(W[:, j], a_in) + b[j])
    return a_out


@wrong("my_dense", "The result has two axes, and one example has only one.")
def dense_row(a_in, W, b, g):
    return g(a_in.reshape(1, -1) @ W + b)


@wrong("my_dense", "The result came as a column.")
def dense_column(a_in, W, b, g):
    return np.reshape(g(a_in @ W + b), (-1, 1))


@wrong("my_dense", "A number for each unit is wanted: this adds the units up.")
def dense_summed(a_in, W, b, g):
    return g(np.sum(np.dot(a_in, W)) + b)


@wrong("my_dense", "Nothing comes back: does every way through the function end in a return?")
def dense_prints(a_in, W, b, g):
    print(g(np.dot(a_in, W) + b))


@wrong("my_dense", "Your results are cut to whole numbers: what can the array that you put them into hold?")
def dense_whole_numbers(a_in, W, b, g):
    a_out = np.zeros(W.shape[1], dtype=int)
    for j in range(W.shape[1]):
        a_out[j] = g(np.dot(W[:, j], a_in) + b[j])
    return a_out


@wrong("my_dense", "The bias that came in was overwritten.")
def dense_in_place(a_in, W, b, g):
    b += (a_in @ W).astype(b.dtype)
    return g(b)


# ---------------------------------------------------------------- my_sequential


@wrong("my_sequential", "The last layer is missing.")
def sequential_two_layers(x, W1, b1, W2, b2, W3, b3):
    return my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)


@wrong("my_sequential", "The last layer has the sigmoid too.")
def sequential_linear_end(x, W1, b1, W2, b2, W3, b3):
    a2 = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return my_dense(a2, W3, b3, lambda z: z)


@wrong("my_sequential", "A layer works on what the layer before it gives, not on the input.")
def sequential_from_x(x, W1, b1, W2, b2, W3, b3):
    my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(x, W2, b2, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)


@wrong("my_sequential", "Which layer does the second bias belong to?")
def sequential_wrong_bias(x, W1, b1, W2, b2, W3, b3):
    a1 = my_dense(x, W1, b1, sigmoid)
    a2 = my_dense(a1, W2, b1, sigmoid)
    return my_dense(a2, W3, b3, sigmoid)


@wrong("my_sequential", "A probability is wanted, not a decision.")
def sequential_decides(x, W1, b1, W2, b2, W3, b3):
    a2 = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return np.round(my_dense(a2, W3, b3, sigmoid))


@wrong("my_sequential", "The sigmoid is applied once more than there are layers.")
def sequential_sigmoid_again(x, W1, b1, W2, b2, W3, b3):
    a2 = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    return sigmoid(my_dense(a2, W3, b3, sigmoid))


# ---------------------------------------------------------------- my_dense_v


@wrong("my_dense_v", "Which function should bend the sum: always the same one, or the one that came as an argument?")
def dense_v_always_sigmoid(A_in, W, b, g):
    return sigmoid(A_in @ W + b)


@wrong("my_dense_v", "A number is missing in Z: what else does a unit add to the weighted sum?")
def dense_v_no_bias(A_in, W, b, g):
    return g(A_in @ W)


@wrong("my_dense_v", "The activation is missing: Z isn't the answer yet.")
def dense_v_no_activation(A_in, W, b, g):
    return A_in @ W + b


@wrong("my_dense_v", "The bias belongs to Z, before the activation.")
def dense_v_bias_after(A_in, W, b, g):
    return g(A_in @ W) + b


@wrong("my_dense_v", "When an example is a row, which comes first in the product: A_in or W?")
def dense_v_columns(A_in, W, b, g):
    return g(W.T @ A_in + b)


@wrong("my_dense_v", "The result is on its side: an example is a row.")
def dense_v_transposed(A_in, W, b, g):
    return g(A_in @ W + b).T


@wrong("my_dense_v", "`*` multiplies element by element: which product does a layer need?")
def dense_v_elementwise(A_in, W, b, g):
    return g(A_in * W + b)


@wrong("my_dense_v", "This computes the first example alone.")
def dense_v_first_example(A_in, W, b, g):
    return g(A_in[:1] @ W + b)


@wrong("my_dense_v", "b may come with one axis, and a column is added to every column.")
def dense_v_bias_as_column(A_in, W, b, g):
    return g(A_in @ W + b.reshape(-1, 1))


@wrong("my_dense_v", "A layer of a single unit still has a column.")
def dense_v_squeezed(A_in, W, b, g):
    return np.squeeze(g(A_in @ W + b))


@wrong("my_dense_v", "Each unit has a bias of its own; here all of them get the first.")
def dense_v_first_bias(A_in, W, b, g):
    return g(A_in @ W + np.ravel(b)[0])


# ---------------------------------------------------------------- my_sequential_v


@wrong("my_sequential_v", "The last layer is missing.")
def sequential_v_two_layers(X, W1, b1, W2, b2, W3, b3):
    return my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid)


@wrong("my_sequential_v", "The last layer has the sigmoid too.")
def sequential_v_linear_end(X, W1, b1, W2, b2, W3, b3):
    A2 = my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid)
    return A2 @ W3 + b3


@wrong("my_sequential_v", "A layer works on what the layer before it gives, not on the input.")
def sequential_v_from_x(X, W1, b1, W2, b2, W3, b3):
    A1 = my_dense_v(X, W1, b1, sigmoid)
    my_dense_v(A1, W2, b2, sigmoid)
    return my_dense_v(A1, W3, b3, sigmoid)


@wrong("my_sequential_v", "Labels are for later: a probability for each example is wanted.")
def sequential_v_decides(X, W1, b1, W2, b2, W3, b3):
    A2 = my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid)
    return (my_dense_v(A2, W3, b3, sigmoid) >= 0.5).astype(int)


@wrong("my_sequential_v", "A row for each example and a column for each unit are wanted.")
def sequential_v_flat(X, W1, b1, W2, b2, W3, b3):
    A2 = my_dense_v(my_dense_v(X, W1, b1, sigmoid), W2, b2, sigmoid)
    return np.ravel(my_dense_v(A2, W3, b3, sigmoid))


@wrong("my_sequential_v", "tanh isn't the sigmoid.")
def sequential_v_tanh(X, W1, b1, W2, b2, W3, b3):
    A2 = my_dense_v(my_dense_v(X, W1, b1, np.tanh), W2, b2, np.tanh)
    return my_dense_v(A2, W3, b3, sigmoid)
