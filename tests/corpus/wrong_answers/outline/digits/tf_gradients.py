# --- wrong: sum
# why: the cost is a sum over the examples
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for W, b in parameters:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_sum(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, parameters)

# --- wrong: squares
# why: the gradient of the mean of squares
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for W, b in parameters:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean((Y - A) ** 2)
    return tape.gradient(J, parameters)

# --- right: probabilities
# why: the cost written out
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for W, b in parameters:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, parameters)
