# --- wrong: sum-instead-of-mean
# why: reduce_sum: m times too large; right for one example.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_sum(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: mean-over-axis-0
# why: the mean over an axis of length 1 leaves (m,) losses, and the tape adds them up: m times too large.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A), axis=0)
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: nothing-watched
# why: tf.cast gives constants, and nobody asks the tape to watch them: every gradient is None.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    constants = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in constants:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, constants)]

# --- wrong: numpy-inside-the-tape
# why: forward and cost compute with NumPy, which isn't on the tape.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    with tf.GradientTape() as tape:
        Y_hat = forward(X, [(W.numpy(), b.numpy()) for W, b in variables])[-1]
        J = tf.constant(cost(Y_hat, Y))
    return tape.gradient(J, variables)

# --- wrong: numpy-between-the-layers
# why: .numpy() between the layers cuts the tape: only the last layer gets a gradient.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for l, (W, b) in enumerate(variables, start=1):
            A = tf.sigmoid(W @ A + b)
            if l < len(variables):
                A = A.numpy()
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: float32
# why: TensorFlow's usual 32 bits: 16777217 - 16777216 is 0 for it and not 1, and so the prediction is another.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float32), tf.cast(b, tf.float32)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: logits-loss-of-probabilities
# why: sigmoid_cross_entropy_with_logits gets the probabilities, so the sigmoid is applied twice.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: no-minus
# why: the minus of the cost is missing, so every gradient has the wrong sign.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: one-flat-list
# why: [dW1, db1, dW2, db2]: the answer has the form of the flat list that was asked for.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(tf.cast(p, tf.float64)) for pair in parameters for p in pair]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in zip(flat[::2], flat[1::2]):
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, flat)

# --- wrong: halves-paired
# why: pairs the first half of the flat list with the second; right for one layer.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(tf.cast(p, tf.float64)) for pair in parameters for p in pair]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in zip(flat[::2], flat[1::2]):
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    found = tape.gradient(J, flat)
    return list(zip(found[: len(parameters)], found[len(parameters) :]))

# --- wrong: last-layer-first
# why: turns the list round, as one does in backward.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)][::-1]

# --- wrong: squared-error
# why: the gradient of the mean squared error.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(tf.square(A - Y))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: clipped-at-a-hundredth
# why: clip_by_value has the slope 0 outside 0.01..0.99: an example at 0.995 has no gradient any more.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        P = tf.clip_by_value(A, 0.01, 0.99)
        J = -tf.reduce_mean(Y * tf.math.log(P) + (1 - Y) * tf.math.log(1 - P))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: variables-of-the-first-call
# why: makes the variables once for each size of network; later calls compute with the parameters of the first.
import tensorflow as tf
_variables = {}
def tf_gradients(parameters, X, Y):
    key = tuple(tuple(W.shape) for W, b in parameters)
    if key not in _variables:
        _variables[key] = [
            [tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))] for W, b in parameters
        ]
    variables = _variables[key]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: keras-layout
# why: examples as rows and W for a kernel: an error unless all is square, and then other numbers.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.transpose(tf.cast(X, tf.float64)), tf.transpose(tf.cast(Y, tf.float64))
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(A @ W + tf.transpose(b))
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: hidden-layers-with-tanh
# why: tanh in the hidden layers; right for a single layer.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables[:-1]:
            A = tf.tanh(W @ A + b)
        W, b = variables[-1]
        A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: only-the-ones
# why: the second half of the cost is missing: examples with the label 0 have no gradient.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: labels-not-cast
# why: only the parameters and X are cast; whole labels can't be multiplied with 64-bit floats.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X = tf.cast(X, tf.float64)
    Y = tf.convert_to_tensor(Y)
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: one-question-per-parameter
# why: asks a tape that isn't persistent more than once: an error at the second question.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [(tape.gradient(J, W), tape.gradient(J, b)) for W, b in variables]

# --- wrong: arrays-only
# why: .astype is NumPy's; tensors, which may come as well, haven't got it.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(W.astype("float64")), tf.Variable(b.astype("float64"))) for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)

# --- wrong: whole-weights-as-they-are
# why: tf.Variable of a whole-number array: no gradient exists for integers, and the product with floats is an error.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)

# --- wrong: biases-not-watched
# why: only the weights are watched; every db is None.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in variables:
            tape.watch(W)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: every-label-with-every-prediction
# why: Y is flattened and stood up as a column, so the product is (m, m); right for one example.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.reshape(tf.cast(Y, tf.float64), (-1, 1))
    with tf.GradientTape() as tape:
        tape.watch(variables)
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- wrong: cost-outside-the-tape
# why: the cost is worked out after the `with`, so the tape knows nothing of it: None everywhere.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
    J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)

# --- right: logits
# why: the last z goes straight into sigmoid_cross_entropy_with_logits, which is the same cost.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    pairs = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    labels = tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(pairs)
        Z = None
        for W, b in pairs:
            A = tf.cast(X, tf.float64) if Z is None else tf.sigmoid(Z)
            Z = tf.matmul(W, A) + b
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=Z))
    return tape.gradient(J, pairs)

# --- right: softplus
# why: the cost as softplus of z with a sign: ln(1 + e^-z) for a 1, ln(1 + e^z) for a 0.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(tf.cast(p, tf.float64)) for pair in parameters for p in pair]
    with tf.GradientTape() as tape:
        Z = tf.cast(X, tf.float64)
        for l in range(0, len(flat), 2):
            Z = flat[l] @ (tf.sigmoid(Z) if l else Z) + flat[l + 1]
        J = tf.reduce_mean(tf.math.softplus(tf.where(tf.cast(Y, tf.float64) > 0.5, -Z, Z)))
    found = [d.numpy() for d in tape.gradient(J, flat)]
    return [(found[l], found[l + 1]) for l in range(0, len(found), 2)]

# --- right: persistent-tape
# why: a persistent tape, asked for each parameter by itself.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    variables = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    y = tf.cast(Y, tf.float64)
    with tf.GradientTape(persistent=True) as tape:
        A, last = tf.cast(X, tf.float64), len(variables) - 1
        for l, (W, b) in enumerate(variables):
            z = W @ A + b
            A = z if l == last else tf.sigmoid(z)
        J = -tf.reduce_mean(y * tf.math.log_sigmoid(A) + (1 - y) * tf.math.log_sigmoid(-A))
    return [(tape.gradient(J, W), tape.gradient(J, b)) for W, b in variables]

# --- right: one-long-vector
# why: all parameters are cut out of one vector, and the gradient of the vector is cut the same way.
import numpy as np
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    arrays = [np.asarray(p, dtype=np.float64) for pair in parameters for p in pair]
    ends = np.cumsum([a.size for a in arrays])[:-1]
    vector = tf.constant(np.concatenate([a.ravel() for a in arrays]))
    sizes = [a.size for a in arrays]
    with tf.GradientTape() as tape:
        tape.watch(vector)
        parts = [tf.reshape(p, a.shape) for p, a in zip(tf.split(vector, sizes), arrays)]
        Z = tf.constant(np.asarray(X, dtype=np.float64))
        for l in range(0, len(parts), 2):
            Z = parts[l] @ Z + parts[l + 1]
            if l + 2 < len(parts):
                Z = tf.sigmoid(Z)
        y = np.asarray(Y, dtype=np.float64)
        J = tf.reduce_sum(tf.math.softplus(Z) - y * Z) / y.shape[1]
    slope = np.split(tape.gradient(J, vector).numpy(), ends)
    slope = [s.reshape(a.shape) for s, a in zip(slope, arrays)]
    return list(zip(slope[::2], slope[1::2]))

# --- right: output-error-handed-in
# why: the tape holds the last Z only; the slope of the cost there, (A - Y) / m, is handed in as output_gradients.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    pairs = [[tf.cast(W, tf.float64), tf.cast(b, tf.float64)] for W, b in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(pairs)
        Z = X
        for l, (W, b) in enumerate(pairs):
            Z = tf.linalg.matmul(W, tf.sigmoid(Z) if l > 0 else Z) + b
    error = (tf.sigmoid(Z) - Y) / tf.cast(tf.shape(Y)[1], tf.float64)
    return [(dW.numpy(), db.numpy()) for dW, db in tape.gradient(Z, pairs, output_gradients=error)]
