# --- wrong: zeros
# why: returns zeros of the right shape
def tf_gradients(parameters, X, Y):
    return [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in parameters]

# --- wrong: not_watched
# why: constants that nobody watches, so the gradients are None
def tf_gradients(parameters, X, Y):
    params = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            A = tf.sigmoid(W @ A + b)
        A = tf.clip_by_value(A, 1e-12, 1 - 1e-12)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, params)

# --- wrong: sum
# why: reduce_sum in place of reduce_mean
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, params)

# --- wrong: sign
# why: forgets the minus of the cost
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = -tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, params)

# --- wrong: squares
# why: mean squared error
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean((A - Y) ** 2)
    return tape.gradient(J, params)

# --- wrong: one_term
# why: only the first term of the cost
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            A = tf.sigmoid(W @ A + b)
        J = -tf.reduce_mean(Y * tf.math.log(A))
    return tape.gradient(J, params)

# --- wrong: sigmoid_twice
# why: gives probabilities where logits are expected
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=A))
    return tape.gradient(J, params)

# --- wrong: float32
# why: float32 all the way
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float32)), tf.Variable(tf.cast(b, tf.float32))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, params)

# --- wrong: weights_only
# why: asks for dW alone
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, [W for W, _ in params])

# --- wrong: flat_list
# why: a flat list dW1, db1, dW2, db2
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return tape.gradient(J, [each for pair in params for each in pair])

# --- wrong: last_layer_only
# why: asks for the last layer's gradients
def tf_gradients(parameters, X, Y):
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return [tape.gradient(J, (W, b))]

# --- wrong: zeros_for_last
# why: the gradients without a mean over the last layer's units; db is left as zeros
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A + b
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    return [(dW, np.zeros(dW.shape[:1] + (1,))) for dW in tape.gradient(J, [W for W, _ in params])]

# --- wrong: clipped_wide
# why: clips the probabilities at 0.01, so certain examples have no slope
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            A = tf.sigmoid(W @ A + b)
        A = tf.clip_by_value(A, 0.01, 0.99)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, params)

# --- wrong: no_bias
# why: forgets the bias in the forward pass
def tf_gradients(parameters, X, Y):
    params = [(tf.Variable(tf.cast(W, tf.float64)), tf.Variable(tf.cast(b, tf.float64))) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        for W, b in params:
            Z = W @ A
            A = tf.sigmoid(Z)
        J = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z))
    dWs = tape.gradient(J, [W for W, _ in params])
    return [(dW, np.zeros((dW.shape[0], 1))) for dW in dWs]

# --- wrong: no_return
# why: computes and forgets the return
def tf_gradients(parameters, X, Y):
    gradients = backward(forward(X, parameters), Y, parameters)
