# --- wrong: slope-of-the-output
# why: asks the tape for the gradients of A, the probabilities, instead of those of the cost.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for W, b in parameters:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(A, parameters)

# --- wrong: probabilities-as-logits
# why: the function wants z of the last layer and puts it through the sigmoid itself; it gets the probabilities.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for W, b in parameters:
            A = tf.sigmoid(tf.matmul(W, A) + b)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=A))
    return tape.gradient(J, parameters)

# --- wrong: labels-and-probabilities-swapped
# why: binary_crossentropy wants the labels first, and here the labels stand where the probabilities should.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for W, b in parameters:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(tf.keras.losses.binary_crossentropy(A, Y))
    return tape.gradient(J, parameters)

# --- wrong: biases-not-watched
# why: the tape watches the weights only, so every db is None.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in parameters:
            tape.watch(W)
        for W, b in parameters:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, parameters)

# --- wrong: mean-divided-by-m
# why: reduce_mean is divided by the number of examples a second time; right for one example.
import tensorflow as tf
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    m = tf.cast(tf.shape(Y)[1], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for W, b in parameters:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A)) / m
    return tape.gradient(J, parameters)
