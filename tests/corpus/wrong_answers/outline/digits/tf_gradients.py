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

# --- wrong: backward-beside-an-idle-tape
# why: the gradients come from backward; the tape is never asked
def tf_gradients(parameters, X, Y):
    parameters = [(np.asarray(W), np.asarray(b)) for W, b in parameters]
    X, Y = np.asarray(X), np.asarray(Y)
    with tf.GradientTape():
        return backward(forward(X, parameters), Y, parameters)

# --- wrong: nothing-flows-below-the-fourth-layer
# why: from the fourth layer on nothing flows back
def tf_gradients(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        for i, (W, b) in enumerate(parameters):
            A = tf.sigmoid(W @ (tf.stop_gradient(A) if i > 2 else A) + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, parameters)

# --- right: traced-function
# why: a tf.function that fits any shape asks the tape only while it is traced
@tf.function(reduce_retracing=True)
def slopes(flat, X, Y):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for array in flat:
            tape.watch(array)
        A = X
        for i in range(0, len(flat), 2):
            Z = tf.matmul(flat[i], A) + flat[i + 1]
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, flat)

def tf_gradients(parameters, X, Y):
    flat = [tf.cast(array, tf.float64) for layer in parameters for array in layer]
    found = slopes(flat, tf.cast(X, tf.float64), tf.cast(Y, tf.float64))
    return list(zip(found[::2], found[1::2]))
