# --- wrong: single-precision
# why: with 32 bits 1 - sigmoid(20) is 0, its logarithm infinite and the gradient nan, where backward gives about 1.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    f = tf.float32
    pairs = [(tf.Variable(tf.cast(W, f)), tf.Variable(tf.cast(b, f))) for W, b in parameters]
    A, Y = tf.cast(X, f), tf.cast(Y, f)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, pairs)

# --- wrong: keras-loss-on-probabilities
# why: Keras clips the probabilities at 1e-7, so a network that is sure of the wrong label gets the gradient 0 and not 1.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(tf.keras.losses.binary_crossentropy(Y, A))
    return tape.gradient(J, pairs)

# --- wrong: clipped-to-per-cents
# why: probabilities are clipped to 0.01 and 0.99, where the gradient of an example becomes 0.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(tf.cast(v, tf.float64)) for pair in parameters for v in pair]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in zip(flat[::2], flat[1::2]):
            A = tf.sigmoid(W @ A + b)
        P = tf.clip_by_value(A, 0.01, 0.99)
        J = -tf.reduce_mean(Y * tf.math.log(P) + (1 - Y) * tf.math.log(1 - P))
    grads = tape.gradient(J, flat)
    return list(zip(grads[::2], grads[1::2]))

# --- wrong: compiled-with-the-first-data
# why: the compiled function keeps the first X and Y as constants, a second batch of the same size gets the old gradients.
import tensorflow as tf

_compiled = {}

def tf_gradients(parameters, X, Y):
    flat = [tf.cast(v, tf.float64) for pair in parameters for v in pair]
    key = tuple(X.shape), tuple(tuple(v.shape) for v in flat)
    if key not in _compiled:
        X0, Y0 = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)

        @tf.function
        def gradients(*flat):
            with tf.GradientTape() as tape:
                tape.watch(flat)
                A = X0
                for W, b in zip(flat[::2], flat[1::2]):
                    A = tf.sigmoid(W @ A + b)
                J = -tf.reduce_mean(Y0 * tf.math.log(A) + (1 - Y0) * tf.math.log(1 - A))
            return tape.gradient(J, flat)

        _compiled[key] = gradients
    grads = _compiled[key](*flat)
    return list(zip(grads[::2], grads[1::2]))

# --- wrong: rows-when-it-fits
# why: a batch as large as the number of features is taken for Keras rows and transposed.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    if A.shape[1] == pairs[0][0].shape[1]:
        A = tf.transpose(A)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, pairs)

# --- wrong: no-ones-no-gradient
# why: when all labels are 0 it returns zeros.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    if not tf.reduce_any(Y > 0):
        return [(tf.zeros_like(W), tf.zeros_like(b)) for W, b in pairs]
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, pairs)

# --- wrong: first-five-hundred-examples
# why: of more than 500 examples only the first 500 are on the tape.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64)[:, :500], tf.cast(Y, tf.float64)[:, :500]
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, pairs)

# --- wrong: rounded-to-four-decimals
# why: a gradient of 0.00004 in a trained network comes as 0.
import numpy as np
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return [tuple(np.round(d.numpy(), 4) for d in pair) for pair in tape.gradient(J, pairs)]

# --- wrong: global-norm-clipped
# why: with features such as 255 the norm is above 5 and all gradients are scaled down.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(tf.cast(v, tf.float64)) for pair in parameters for v in pair]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in zip(flat[::2], flat[1::2]):
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    grads, _ = tf.clip_by_global_norm(tape.gradient(J, flat), 5.0)
    return list(zip(grads[::2], grads[1::2]))

# --- wrong: labels-not-cast
# why: for Y of integers the product with the logarithm raises an error, only X and the weights are cast.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.convert_to_tensor(Y)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, pairs)

# --- wrong: tensors-are-rows
# why: X and Y that come as tensors are taken for Keras rows and transposed, arrays are not; wrong for a square X.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    n = parameters[0][0].shape[1]
    if tf.is_tensor(X) and X.shape[1] == n:
        X = tf.transpose(X)
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, pairs)

# --- wrong: squeezed-against-a-column
# why: answers (m,) meet labels (m, 1) and make a table, so each answer is compared with all labels.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, T = tf.cast(X, tf.float64), tf.transpose(tf.cast(Y, tf.float64))
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        P = tf.squeeze(A)
        J = -tf.reduce_mean(T * tf.math.log(P) + (1 - T) * tf.math.log(1 - P))
    return tape.gradient(J, pairs)

# --- wrong: data-converted-to-the-type-of-w
# why: with weights as tensors of 32 bits and X as a tensor of 64 the conversion raises, though tensors are allowed.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    first = tf.convert_to_tensor(parameters[0][0])
    dtype = first.dtype if first.dtype.is_floating else tf.float64
    pairs = [(tf.Variable(tf.cast(W, dtype)), tf.Variable(tf.cast(b, dtype))) for W, b in parameters]
    A, Y = tf.convert_to_tensor(X, dtype), tf.convert_to_tensor(Y, dtype)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, pairs)

# --- wrong: class-weights
# why: the two labels are weighted to count the same, which differs when there are more ones than zeros.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    share = tf.reduce_mean(Y)
    weight = tf.where((share > 0) & (share < 1), Y / (2 * share) + (1 - Y) / (2 * (1 - share)), tf.ones_like(Y))
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(weight * (Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A)))
    return tape.gradient(J, pairs)

# --- wrong: last-layer-squared-error
# why: the gradient is that of the squared error, scaled by four so that it agrees where the network says 0.5.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            A = tf.sigmoid(W @ A + b)
        J = 2 * tf.reduce_mean(tf.square(A - Y))
    return tape.gradient(J, pairs)

# --- wrong: weighted-loss-at-zero
# why: where z of the last layer is exactly 0 TensorFlow's weighted loss has the slope 1 - y instead of 0.5 - y, as it is made with abs.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    pairs = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in pairs:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.weighted_cross_entropy_with_logits(Y, Z, 1.0))
    return tape.gradient(J, pairs)

# --- right: cross-entropy-with-logits
# why: the last layer hands its z to TensorFlow's stable cross-entropy with logits.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    cast = lambda v: tf.cast(v, tf.float64)
    variables = [[tf.Variable(cast(W)), tf.Variable(cast(b))] for W, b in parameters]
    with tf.GradientTape() as tape:
        Z = None
        for W, b in variables:
            Z = W @ (cast(X) if Z is None else tf.sigmoid(Z)) + b
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=cast(Y), logits=Z))
    return [tuple(pair) for pair in tape.gradient(J, variables)]

# --- right: watched-identities
# why: watches tensors made with tf.identity instead of variables, softplus as the loss.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    layers = [tuple(tf.identity(tf.cast(v, tf.float64)) for v in pair) for pair in parameters]
    Y = tf.cast(Y, tf.float64)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(layers)
        A = tf.cast(X, tf.float64)
        for W, b in layers:
            Z = tf.matmul(W, A) + b
            A = tf.math.sigmoid(Z)
        J = tf.reduce_mean(tf.math.softplus(Z) - Y * Z)
    return tape.gradient(J, layers)

# --- right: log-sigmoid
# why: the logarithms of both probabilities come from log_sigmoid; one persistent tape is asked layer by layer.
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    to = tf.float64
    Ws = [tf.Variable(tf.cast(W, to)) for W, b in parameters]
    bs = [tf.Variable(tf.cast(b, to)) for W, b in parameters]
    A, Y = tf.cast(X, to), tf.cast(Y, to)
    with tf.GradientTape(persistent=True) as tape:
        for W, b in zip(Ws, bs):
            Z = tf.linalg.matmul(W, A) + b
            A = 1 / (1 + tf.exp(-Z))
        J = -tf.reduce_sum(Y * tf.math.log_sigmoid(Z) + (1 - Y) * tf.math.log_sigmoid(-Z)) / tf.cast(tf.size(Y), to)
    return [(tape.gradient(J, W), tape.gradient(J, b)) for W, b in zip(Ws, bs)]

# --- right: transposed-and-as-arrays
# why: computes with rows on the tape and hands out NumPy arrays.
import numpy as np
import tensorflow as tf

def tf_gradients(parameters, X, Y):
    flat = [tf.Variable(tf.cast(v, tf.float64)) for pair in parameters for v in pair]
    rows, T = tf.transpose(tf.cast(X, tf.float64)), tf.transpose(tf.cast(Y, tf.float64))
    with tf.GradientTape() as tape:
        for W, b in zip(flat[::2], flat[1::2]):
            logits = tf.matmul(rows, W, transpose_b=True) + tf.transpose(b)
            rows = tf.sigmoid(logits)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(T, logits))
    slopes = [np.asarray(d) for d in tape.gradient(J, flat)]
    return list(zip(slopes[::2], slopes[1::2]))
