"""Right implementations in the ways that students write them; each must earn full marks.

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

RIGHT = []  # (question, function)


def right(question):
    def register(function):
        RIGHT.append((question, function))
        return function

    return register


# ---------------------------------------------------------------- model


@right("model")
def without_input():
    from tensorflow.keras.layers import Dense

    return tf.keras.Sequential([Dense(25, "sigmoid"), Dense(15, "sigmoid"), Dense(units=1, activation="sigmoid")])


@right("model")
def one_after_another():
    model = tf.keras.models.Sequential(name="my_model")
    model.add(tf.keras.Input(shape=(400,)))
    for units in (25, 15, 1):
        model.add(tf.keras.layers.Dense(units, activation=tf.nn.sigmoid))
    return model


@right("model")
def with_input_shape():
    dense = tf.keras.layers.Dense
    layers = [dense(25, activation="sigmoid", input_shape=(400,)), dense(15, activation="sigmoid")]
    return tf.keras.Sequential([*layers, dense(1, activation=tf.keras.activations.sigmoid)])


@right("model")
def functional():
    inputs = tf.keras.Input(shape=(400,))
    a = tf.keras.layers.Dense(25, activation="sigmoid")(inputs)
    a = tf.keras.layers.Dense(15, activation="sigmoid")(a)
    return tf.keras.Model(inputs, tf.keras.layers.Dense(1, activation="sigmoid")(a))


@right("model")
def activation_layers():
    model = tf.keras.Sequential([tf.keras.layers.InputLayer(shape=(400,))])
    for units in (25, 15, 1):
        model.add(tf.keras.layers.Dense(units))
        model.add(tf.keras.layers.Activation("sigmoid"))
    return model


@right("model")
def compiled_and_built():
    model = tf.keras.Sequential([tf.keras.layers.Dense(units, activation="sigmoid") for units in (25, 15, 1)])
    model.compile(loss=tf.keras.losses.BinaryCrossentropy(), optimizer=tf.keras.optimizers.Adam(0.001))
    model.build((None, 400))
    return model


@right("model")
def unbuilt_activation_layers():
    layers = []
    for units in (25, 15, 1):
        layers += [tf.keras.layers.Dense(units), tf.keras.layers.Activation("sigmoid")]
    return tf.keras.Sequential(layers)


# ---------------------------------------------------------------- my_dense


@right("my_dense")
def dense_product(a_in, W, b, g):
    return g(np.matmul(a_in, W) + b)


@right("my_dense")
def dense_scalars(a_in, W, b, g):
    out = []
    for j in range(W.shape[1]):
        z = 0.0
        for i in range(W.shape[0]):
            z += a_in[i] * W[i, j]
        out.append(g(z + b[j]))
    return out


@right("my_dense")
def dense_bias_by_axes(a_in, W, b, g):
    units = len(b)
    a_out = np.zeros((units,))
    for j, (w, bias) in enumerate(zip(W.T, b, strict=True)):
        a_out[j] = g(np.sum(np.multiply(w, a_in)) + bias)
    return a_out


@right("my_dense")
def dense_z_first(a_in, W, b, g):
    z = np.zeros(W.shape[1])
    for j in range(W.shape[1]):
        z[j] = np.dot(W[:, j], a_in) + b[j]
    return g(z)


@right("my_dense")
def dense_tensor(a_in, W, b, g):
    z = tf.linalg.matvec(tf.cast(W, tf.float64), tf.cast(a_in, tf.float64), transpose_a=True) + tf.cast(b, tf.float64)
    return tf.convert_to_tensor(g(z.numpy()))


@right("my_dense")
def dense_tensor_handed_to_g(a_in, W, b, g):
    return g(tf.constant(np.dot(a_in, W) + b))


@right("my_dense")
def dense_squeezed(a_in, W, b, g):
    return np.squeeze(g(np.expand_dims(a_in, 0) @ W + b), axis=0) if W.shape[1] > 1 else g(a_in @ W + b)[0]


@right("my_dense")
def dense_float32(a_in, W, b, g):
    return np.asarray(g(a_in @ W + b), np.float32)


@right("my_dense")
def dense_einsum(a_in, W, b, g):
    return g(np.einsum("i,ij->j", a_in, W) + b)


# ---------------------------------------------------------------- my_sequential


@right("my_sequential")
def sequential_nested(x, W1, b1, W2, b2, W3, b3):
    return my_dense(my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid), W3, b3, sigmoid)


@right("my_sequential")
def sequential_loop(x, W1, b1, W2, b2, W3, b3):
    a = x
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        a = my_dense(a, W, b, sigmoid)
    return a


@right("my_sequential")
def sequential_number(x, W1, b1, W2, b2, W3, b3):
    a2 = my_dense(my_dense(x, W1, b1, sigmoid), W2, b2, sigmoid)
    a3 = my_dense(a2, W3, b3, sigmoid)
    return float(a3[0]) if len(a3) == 1 else a3


@right("my_sequential")
def sequential_own_formula(x, *weights):
    for W, b in zip(weights[::2], weights[1::2], strict=True):
        x = 1 / (1 + np.exp(-(x @ W + b)))
    return x


# ---------------------------------------------------------------- my_dense_v


@right("my_dense_v")
def dense_v_matmul(A_in, W, b, g):
    Z = np.matmul(A_in, W) + b
    A_out = g(Z)
    return A_out


@right("my_dense_v")
def dense_v_row_by_row(A_in, W, b, g):
    return [g(row @ W + np.ravel(b)) for row in A_in]


@right("my_dense_v")
def dense_v_unit_by_unit(A_in, W, b, g):
    out = np.zeros((A_in.shape[0], W.shape[1]))
    for j in range(W.shape[1]):
        out[:, j] = g(A_in @ W[:, j] + np.reshape(b, -1)[j])
    return out


@right("my_dense_v")
def dense_v_scalar_by_scalar(A_in, W, b, g):
    b = np.asarray(b).flatten()
    return np.array([[g(float(row @ W[:, j]) + b[j]) for j in range(W.shape[1])] for row in A_in])


@right("my_dense_v")
def dense_v_tensor(A_in, W, b, g):
    Z = tf.matmul(tf.cast(A_in, tf.float32), tf.cast(W, tf.float32)) + tf.cast(b, tf.float32)
    return tf.constant(g(Z))


@right("my_dense_v")
def dense_v_matmul_of_tensorflow(A_in, W, b, g):
    return g(tf.matmul(A_in, W) + b)


@right("my_dense_v")
def dense_v_by_my_dense(A_in, W, b, g):
    return np.array([my_dense(row, W, np.ravel(b), g) for row in A_in])


# ---------------------------------------------------------------- my_sequential_v


@right("my_sequential_v")
def sequential_v_loop(X, W1, b1, W2, b2, W3, b3):
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        X = my_dense_v(X, W, b, sigmoid)
    return X


@right("my_sequential_v")
def sequential_v_formula(X, W1, b1, W2, b2, W3, b3):
    return sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)


@right("my_sequential_v")
def sequential_v_example_by_example(X, W1, b1, W2, b2, W3, b3):
    biases = [np.ravel(b) for b in (b1, b2, b3)]
    return np.array([my_sequential(x, W1, biases[0], W2, biases[1], W3, biases[2]) for x in X])


@right("my_sequential_v")
def sequential_v_tensors(X, W1, b1, W2, b2, W3, b3):
    A = tf.cast(X, tf.float64)
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        A = tf.sigmoid(A @ tf.cast(W, tf.float64) + tf.cast(b, tf.float64))
    return A
