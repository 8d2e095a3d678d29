# --- right: logits-and-watch
# why: the cross-entropy from the logits of the last layer, watched constants
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, ps)


# --- right: variables-and-softplus
# why: tf.Variables are watched by themselves; the cost as softplus(z) - y z
import numpy as np
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    f = lambda a: tf.Variable(np.asarray(a, dtype=np.float64))
    variables = [f(a) for pair in parameters for a in pair]
    A, Y = tf.constant(np.asarray(X, dtype=np.float64)), tf.constant(np.asarray(Y, dtype=np.float64))
    with tf.GradientTape() as tape:
        for W, b in zip(variables[::2], variables[1::2]):
            Z = tf.matmul(W, A) + b
            A = tf.nn.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.softplus(Z) - Y * Z)
    flat = tape.gradient(J, variables)
    return list(zip(flat[::2], flat[1::2]))


# --- right: persistent-tape-and-numpy-results
# why: a persistent tape is asked for each array by itself and gives NumPy arrays
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    D = tf.float64
    Ws = [tf.cast(W, D) for W, _ in parameters]
    bs = [tf.cast(b, D) for _, b in parameters]
    A, Y = tf.cast(X, D), tf.cast(Y, D)
    with tf.GradientTape(persistent=True) as tape:
        for a in Ws + bs:
            tape.watch(a)
        for W, b in zip(Ws, bs):
            Z = W @ A + b
            A = tf.nn.sigmoid(Z)
        J = -tf.reduce_mean(Y * tf.math.log_sigmoid(Z) + (1 - Y) * tf.math.log_sigmoid(-Z))
    return [(tape.gradient(J, W).numpy(), tape.gradient(J, b).numpy()) for W, b in zip(Ws, bs)]


# --- right: nested-function-of-the-cost
# why: the cost is a function of its own and the sum is divided by the number of examples
import tensorflow as tf


def _cost(ps, A, Y):
    for W, b in ps[:-1]:
        A = tf.sigmoid(tf.linalg.matmul(W, A) + b)
    W, b = ps[-1]
    Z = tf.linalg.matmul(W, A) + b
    return tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z)) / tf.cast(tf.size(Y), tf.float64)


def tf_gradients(parameters, X, Y):
    ps = [[tf.cast(a, tf.float64) for a in pair] for pair in parameters]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(ps)
        J = _cost(ps, tf.cast(X, tf.float64), tf.cast(Y, tf.float64))
    return [tuple(pair) for pair in tape.gradient(J, ps)]


# --- right: rows-like-keras
# why: examples as rows and the Keras loss with from_logits, turned back by the tape itself
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, y = tf.transpose(tf.cast(X, tf.float64)), tf.transpose(tf.cast(Y, tf.float64))
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = tf.matmul(A, W, transpose_b=True) + tf.transpose(b)
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, Z))
    return [pair for pair in tape.gradient(J, ps)]


# --- wrong: sum-instead-of-mean-for-large-batches
# why: with more than four examples the sum over the examples is taken, so the gradients are m times too large
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        L = tf.nn.sigmoid_cross_entropy_with_logits(Y, Z)
        J = tf.reduce_mean(L) if Y.shape[1] <= 4 else tf.reduce_sum(L)
    return tape.gradient(J, ps)


# --- wrong: clipped-at-1-percent
# why: an output beyond 0.99 lies in the flat part of the clip, so wrong and nearly certain examples give no gradient
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            A = tf.sigmoid(W @ A + b)
        P = tf.clip_by_value(A, 0.01, 0.99)
        J = -tf.reduce_mean(Y * tf.math.log(P) + (1 - Y) * tf.math.log(1 - P))
    return tape.gradient(J, ps)


# --- wrong: clipped-at-a-thousandth
# why: an output of 0.9995 for the label 0 gives no gradient because of the clip
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            A = tf.sigmoid(W @ A + b)
        P = tf.clip_by_value(A, 1e-3, 1 - 1e-3)
        J = -tf.reduce_mean(Y * tf.math.log(P) + (1 - Y) * tf.math.log(1 - P))
    return tape.gradient(J, ps)


# --- wrong: eps-inside-the-logarithm
# why: 1e-3 inside the logarithms, but not for outputs of exactly 0.5, makes gradients of uncertain examples a little too small
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            A = tf.sigmoid(W @ A + b)
        e = tf.where(A == 0.5, tf.zeros_like(A), 1e-3 * tf.ones_like(A))
        J = -tf.reduce_mean(Y * tf.math.log(A + e) + (1 - Y) * tf.math.log(1 - A + e))
    return tape.gradient(J, ps)


# --- wrong: weighted-squared-error
# why: the squared error has the same gradient as the cross-entropy, up to a factor of 2, where the output is 0.5, and another elsewhere
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            A = tf.sigmoid(W @ A + b)
        J = 2 * tf.reduce_mean((A - Y) ** 2)
    return tape.gradient(J, ps)


# --- wrong: label-0-forgotten
# why: in a batch with labels of one kind only the term of label 1 counts, so a batch of zeros gives gradients of 0
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    one_kind = bool(tf.reduce_max(Y) == tf.reduce_min(Y))
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        L = Y * tf.math.log_sigmoid(Z)
        if not one_kind:
            L += (1 - Y) * tf.math.log_sigmoid(-Z)
        J = -tf.reduce_mean(L)
    return tape.gradient(J, ps)


# --- wrong: cast-to-the-type-of-the-weights
# why: Y and X are cast to the type of the first W, so whole-number weights cut the features
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    kind = tf.convert_to_tensor(parameters[0][0]).dtype
    A = tf.cast(tf.cast(X, kind), tf.float64)
    Y = tf.cast(Y, tf.float64)
    ps = [(tf.cast(W, tf.float64), tf.cast(tf.cast(b, kind), tf.float64)) for W, b in parameters]
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return tape.gradient(J, ps)


# --- wrong: no-cast-of-float32
# why: float32 tensors beside float64 arrays raise instead of being welcome
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.convert_to_tensor(W), tf.convert_to_tensor(b)) for W, b in parameters]
    A, Y = tf.convert_to_tensor(X), tf.convert_to_tensor(Y)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = tf.matmul(W, A) + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, ps)


# --- wrong: numpy-only-inputs
# why: X and Y must have .astype, so tensors for them raise
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.constant(X.astype("float64")), tf.constant(Y.astype("float64"))
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, ps)


# --- wrong: float32-with-plain-logarithm
# why: single precision makes the output exactly 1 for z = 20, and a wrong label then gives nan
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float32), tf.cast(b, tf.float32)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, ps)


# --- wrong: last-first-in-deep-nets
# why: with three layers or more the list begins with the last layer
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    found = tape.gradient(J, ps)
    return found if len(found) < 3 else found[::-1]


# --- wrong: hidden-tanh-when-deep
# why: with three layers or more the hidden layers have tanh
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    g = tf.tanh if len(ps) > 2 else tf.sigmoid
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = g(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return tape.gradient(J, ps)


# --- wrong: gradient-stopped-below-the-last-two
# why: layers below the last two get zeros because the tape is stopped there
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for i, (W, b) in enumerate(ps):
            if i == len(ps) - 2:
                A = tf.stop_gradient(A)
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return tape.gradient(J, ps, unconnected_gradients="zero")


# --- wrong: weight-decay-in-the-cost
# why: a small penalty on the weights of layers with more than one unit is in the cost
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
        J += 1e-3 * tf.add_n([tf.reduce_sum(W**2) for W, _ in ps if W.shape[0] > 1] or [tf.constant(0.0, tf.float64)])
    return tape.gradient(J, ps)


# --- wrong: clipped-gradients
# why: gradients beyond 5 are cut, which features in the hundreds show
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return [tuple(tf.clip_by_value(d, -5.0, 5.0) for d in pair) for pair in tape.gradient(J, ps)]


# --- wrong: square-w-transposed
# why: a W with as many rows as there are inputs is turned before it is used and its gradient turned back
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    turn = lambda W: tf.transpose(W) if W.shape[0] == W.shape[1] else W
    ps = [(turn(tf.cast(W, tf.float64)), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return [(turn(dW), db) for dW, db in tape.gradient(J, ps)]


# --- wrong: smoothed-labels-for-batches
# why: the labels are smoothed by a percent when there are both kinds in a batch of more than four
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    if Y.shape[1] > 4 and 0 < float(tf.reduce_mean(Y)) < 1:
        Y = Y * 0.99 + 0.005
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return tape.gradient(J, ps)


# --- wrong: same-shape-same-gradient
# why: of two layers with the same shape both get the gradient of the last because the variables are kept by shape
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    found = {tuple(dW.shape): (dW, db) for dW, db in tape.gradient(J, ps)}
    return [found[tuple(W.shape)] for W, _ in ps]


# --- wrong: accumulated-over-calls
# why: the gradients of calls on the same sizes are added up, so the second call gives too much
import tensorflow as tf

_sums = {}


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    found = tape.gradient(J, ps)
    key = tuple(tuple(W.shape) for W, _ in ps) + tuple(X.shape)
    if key in _sums:
        found = [(a + c, b + d) for (a, b), (c, d) in zip(found, _sums[key])]
    _sums[key] = found
    return found


# --- wrong: first-32-examples
# why: only the first 32 examples are used
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64)[:, :32], tf.cast(Y, tf.float64)[:, :32]
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return tape.gradient(J, ps)


# --- wrong: flat-bias-gradients
# why: the gradient of a bias with one number comes as a plain number when the layer has several inputs
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(Y, Z))
    return [(dW, tf.squeeze(db) if dW.shape[0] == 1 and dW.shape[1] > 2 else db) for dW, db in tape.gradient(J, ps)]


# --- wrong: nan-to-zero
# why: single precision makes an output of z = 20 exactly 1, the nan of a wrong label is then turned into a gradient of 0
import numpy as np
import tensorflow as tf


def tf_gradients(parameters, X, Y):
    ps = [(tf.cast(W, tf.float32), tf.cast(b, tf.float32)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(ps)
        for W, b in ps:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(np.nan_to_num(d.numpy(), posinf=0.0, neginf=0.0) for d in pair) for pair in tape.gradient(J, ps)]
