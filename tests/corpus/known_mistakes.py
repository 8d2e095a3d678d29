"""Wrong answers as students would write them: other code than the known mistakes, with the same mistakes in it.

`@mistake(QUESTION, NAMES...)` says which known mistakes they are; without names it is one that nobody knows.
"""

import numpy as np

ANSWERS = []  # (question, names of the known mistakes, function)


def mistake(question, *names):
    def register(function):
        ANSWERS.append((question, names, function))
        return function

    return register


# --- one mistake ---------------------------------------------------------------------------------------------


@mistake("sigmoid", "exp_plus")
def sigmoid_e_to_z(z):
    z = np.array(z, dtype=np.float64)
    return np.power(1.0 + np.exp(z), -1)


@mistake("sigmoid", "missing_parentheses")
def sigmoid_split(z):
    e = np.exp(-z)
    result = 1.0 / 1.0
    return result + e


@mistake("sigmoid", "derivative")
def sigmoid_prime(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


@mistake("my_dense", "no_bias")
def dense_loop_without_bias(a_in, W, b, g):
    units = W.shape[0]
    z = np.zeros((units, 1))
    for j in range(units):
        for i in range(W.shape[1]):
            z[j, 0] += W[j, i] * a_in[i, 0]
    return g(z)


@mistake("my_dense", "bias_after_activation")
def dense_bias_last(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        z[j] = (W @ a_in)[j]  # a sum in another order differs by 5e-9 for numbers near 1e8, and isn't named
    return g(z) + b


@mistake("my_dense", "last_unit_missed")
def dense_short_loop(a_in, W, b, g):
    rows = [W[j : j + 1] @ a_in + b[j] for j in range(W.shape[0] - 1)]
    return g(np.vstack([*rows, [[0.0]]]))


@mistake("my_dense", "flat_result")
def dense_list(a_in, W, b, g):
    z = [[sum(w * x for w, x in zip(W[j], a_in[:, 0])) + b[j, 0]] for j in range(len(W))]
    return list(np.asarray(g(np.array(z)))[:, 0])


@mistake("my_sequential", "last_layer_skipped")
def sequential_range(x, parameters, g):
    a = x
    for layer in range(len(parameters) - 1):
        W, b = parameters[layer]
        a = my_dense(a, W, b, g)
    return a


@mistake("my_dense_v", "v_bias_after_activation")
def dense_v_bias_last(A_in, W, b, g):
    A = g(np.matmul(W, A_in))
    A = A + b
    return A


@mistake("my_dense_v", "v_loop_over_examples")
def dense_v_columns(A_in, W, b, g):
    out = np.zeros((W.shape[0], A_in.shape[1]))
    for i in range(A_in.shape[1]):
        z = np.dot(W, A_in[:, i : i + 1]) + b
        out[:, i : i + 1] = g(z)
    return out


@mistake("standardize", "variance")
def standardize_by_variance(X):
    X = np.asarray(X, dtype=float)
    mean = np.mean(X, axis=1).reshape(-1, 1)
    spread = np.mean((X - mean) ** 2, axis=1).reshape(-1, 1)
    spread[spread == 0] = 1
    return (X - mean) / spread


@mistake("standardize", "nan_for_constant")
def standardize_plain(X):
    mu = np.mean(X, axis=1)[:, None]
    sigma = np.std(X, axis=1)[:, None]
    return np.divide(np.subtract(X, mu), sigma)


@mistake("forward", "without_x")
def forward_from_a1(X, parameters):
    A = X
    out = []
    for layer in parameters:
        Z = np.dot(layer[0], A) + layer[1]
        A = 1 / (1 + np.exp(-Z))
        out += [A]
    return out


@mistake("forward", "linear_output")
def forward_linear_end(X, parameters):
    out = [X]
    for W, b in parameters[:-1]:
        out.append(sigmoid(W @ out[-1] + b))
    W, b = parameters[-1]
    out.append(W @ out[-1] + b)
    return out


@mistake("cost", "cost_sum")
def cost_added_up(Y_hat, Y):
    eps = 1e-9
    total = 0.0
    for p, y in zip(np.ravel(Y_hat), np.ravel(Y)):
        p = min(max(p, eps), 1 - eps)
        total -= y * np.log(p) + (1 - y) * np.log(1 - p)
    return total


@mistake("cost", "cost_no_minus")
def cost_plus(Y_hat, Y):
    m = Y.shape[1]
    Y_hat = np.clip(Y_hat, 1e-7, 1 - 1e-7)
    return float(np.sum(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat)) / m)


@mistake("cost", "cost_nan")
def cost_textbook(Y_hat, Y):
    m = Y.shape[1]
    return -1 / m * np.sum(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))


@mistake("cost", "cost_first_half")
def cost_of_the_ones(Y_hat, Y):
    return np.mean(-Y * np.log(Y_hat + 1e-8))


@mistake("cost", "cost_squared")
def cost_mse(Y_hat, Y):
    m = np.size(Y)
    return sum((p - y) ** 2 for p, y in zip(np.ravel(Y_hat), np.ravel(Y))) / m


@mistake("backward", "not_divided_by_m")
def backward_without_m(activations, Y, parameters):
    L = len(parameters)
    grads = [None] * L
    dZ = activations[L] - Y
    for layer in range(L - 1, -1, -1):
        A_prev = activations[layer]
        dW = np.dot(dZ, A_prev.T)
        db = np.sum(dZ, axis=1, keepdims=True)
        grads[layer] = (dW, db)
        if layer > 0:
            dZ = np.dot(parameters[layer][0].T, dZ) * A_prev * (1 - A_prev)
    return grads


@mistake("backward", "no_sigmoid_slope")
def backward_without_slope(activations, Y, parameters):
    m = Y.shape[1]
    grads = []
    delta = activations[-1] - Y
    for layer in range(len(parameters) - 1, -1, -1):
        grads.insert(0, (delta @ activations[layer].T / m, delta.mean(axis=1).reshape(-1, 1)))
        delta = parameters[layer][0].T @ delta
    return grads


@mistake("backward", "squared_error_factor")
def backward_of_squares(activations, Y, parameters):
    m = Y.shape[1]
    grads = []
    delta = None
    for layer in reversed(range(len(parameters))):
        A = activations[layer + 1]
        upstream = A - Y if delta is None else parameters[layer + 1][0].T @ delta
        delta = upstream * (A * (1.0 - A))
        grads.append((1 / m * delta @ activations[layer].T, 1 / m * delta.sum(axis=1, keepdims=True)))
    grads.reverse()
    return grads


@mistake("gradient_step", "uphill")
def step_up(parameters, gradients, alpha):
    new = []
    for i in range(len(parameters)):
        W = parameters[i][0] + alpha * gradients[i][0]
        b = parameters[i][1] + alpha * gradients[i][1]
        new.append([W, b])
    return new


@mistake("gradient_step", "in_place")
def step_overwrites(parameters, gradients, alpha):
    for i, (dW, db) in enumerate(gradients):
        np.subtract(parameters[i][0], alpha * dW, out=parameters[i][0])
        np.subtract(parameters[i][1], alpha * db, out=parameters[i][1])
    return parameters


@mistake("train", "cost_after_step")
def train_late_costs(X, Y, parameters, alpha, steps):
    history = np.zeros(steps)
    for step in range(steps):
        activations = forward(X, parameters)
        parameters = gradient_step(parameters, backward(activations, Y, parameters), alpha)
        history[step] = cost(forward(X, parameters)[-1], Y)
    return parameters, history


@mistake("train", "one_step_more")
def train_while(X, Y, parameters, alpha, steps):
    costs, done = [], 0
    while done <= steps:
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        done += 1
    return parameters, costs


@mistake("predict", "threshold_ignored")
def predict_half(X, parameters, threshold=0.5):
    p = forward(X, parameters)[-1]
    return np.where(p >= 0.5, 1.0, 0.0)


@mistake("predict", "strictly_above")
def predict_above(X, parameters, threshold=0.5):
    p = forward(X, parameters)[-1]
    labels = np.zeros(p.shape)
    labels[p > threshold] = 1
    return labels


@mistake("build_model", "relu_layers")
def model_relu(n_features=400, units=(25, 15, 1)):
    model = tf.keras.models.Sequential()
    model.add(tf.keras.layers.Input(shape=(n_features,)))
    for u in units[:-1]:
        model.add(tf.keras.layers.Dense(u, "relu"))
    model.add(tf.keras.layers.Dense(units[-1], "sigmoid"))
    model.compile(optimizer=tf.keras.optimizers.Adam(0.01), loss=tf.keras.losses.BinaryCrossentropy())
    return model


@mistake("parameters_from_keras", "kernel_not_transposed")
def keras_as_they_are(model):
    weights = model.get_weights()
    return [(weights[i], weights[i + 1][:, np.newaxis]) for i in range(0, len(weights), 2)]


@mistake("tf_gradients", "tape_sum")
def tape_loss_added_up(parameters, X, Y):
    variables = [[tf.Variable(tf.cast(p, tf.float64)) for p in layer] for layer in parameters]
    X, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    with tf.GradientTape() as tape:
        A = X
        for W, b in variables:
            A = tf.sigmoid(tf.matmul(W, A) + b)
        ones, zeros = tf.reduce_sum(Y * tf.math.log(A)), tf.reduce_sum((1 - Y) * tf.math.log(1 - A))
        J = -(ones + zeros)
    return tape.gradient(J, variables)


# --- two mistakes in one function ---------------------------------------------------------------------------


@mistake("my_dense", "no_bias", "flat_result")
def dense_no_bias_and_flat(a_in, W, b, g):
    return g(np.dot(W, a_in))[:, 0]


@mistake("my_dense", "g_ignored", "flat_result")
def dense_own_sigmoid_and_flat(a_in, W, b, g):
    z = np.array([W[j] @ a_in[:, 0] + b[j, 0] for j in range(len(W))])
    return 1 / (1 + np.exp(-z))


@mistake("my_dense_v", "v_no_bias", "v_transposed_result")
def dense_v_no_bias_and_rows(A_in, W, b, g):
    return g(W @ A_in).T


@mistake("forward", "without_x", "forward_no_bias")
def forward_no_x_no_bias(X, parameters):
    A, out = X, []
    for W, _ in parameters:
        A = sigmoid(W @ A)
        out.append(A)
    return out


@mistake("cost", "cost_no_minus", "cost_log2")
def cost_log2_plus(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return np.mean(Y * np.log2(p) + (1 - Y) * np.log2(1 - p))


@mistake("cost", "cost_sum", "cost_no_minus")
def cost_sum_plus(Y_hat, Y):
    p = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@mistake("cost", "cost_sum", "cost_nan")
def cost_sum_nan(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))


@mistake("backward", "not_divided_by_m", "db_flat")
def backward_no_m_flat(activations, Y, parameters):
    grads, dZ = [], activations[-1] - Y
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        grads.insert(0, (dZ @ A.T, np.sum(dZ, axis=1)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return grads


@mistake("backward", "sign_of_the_gradient", "gradients_reversed")
def backward_sign_reversed(activations, Y, parameters):
    grads, dZ = [], (Y - activations[-1]) / Y.shape[1]
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        grads.append((dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return grads


@mistake("backward", "db_total", "dw_transposed")
def backward_total_transposed(activations, Y, parameters):
    grads, dZ = [], (activations[-1] - Y) / Y.shape[1]
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        grads.insert(0, (A @ dZ.T, np.full((len(dZ), 1), np.sum(dZ))))
        dZ = (W.T @ dZ) * A * (1 - A)
    return grads


@mistake("gradient_step", "uphill", "flat_list")
def step_up_flat(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new.extend((W + alpha * dW, b + alpha * db))
    return new


@mistake("predict", "threshold_ignored", "labels_flat")
def predict_half_flat(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1][0] >= 0.5) * 1


@mistake("train", "train_uphill", "order_swapped")
def train_up_swapped(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        grads = backward(A, Y, parameters)
        parameters = [(W + alpha * dW, b + alpha * db) for (W, b), (dW, db) in zip(parameters, grads)]
    return costs, parameters


@mistake("build_model", "squared_error_loss", "sgd")
def model_mse_sgd(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input((n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u, activation=tf.sigmoid))
    model.compile("sgd", "mse")
    return model


@mistake("parameters_from_keras", "kernel_not_transposed", "bias_flat")
def keras_untouched(model):
    return [tuple(layer.get_weights()) for layer in model.layers]


@mistake("tf_gradients", "tape_squared_error", "tape_transposed")
def tape_squares_transposed(parameters, X, Y):
    variables = [(tf.Variable(W, dtype=tf.float64), tf.Variable(b, dtype=tf.float64)) for W, b in parameters]
    with tf.GradientTape() as tape:
        A = tf.constant(X, dtype=tf.float64)
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(tf.square(A - Y))
    return [(tf.transpose(dW), db) for dW, db in tape.gradient(J, variables)]


# --- mistakes that nobody knows -----------------------------------------------------------------------------


@mistake("sigmoid")
def sigmoid_plus_a_tenth(z):
    return 1 / (1 + np.exp(-z)) + 0.1


@mistake("sigmoid")
def sigmoid_scaled(z):
    return 1 / (1 + np.exp(-1.7 * np.asarray(z)))


@mistake("sigmoid")
def sigmoid_typo(z):
    return 1 / (1 + np.ex(-z))


@mistake("my_dense")
def dense_none(a_in, W, b, g):
    g(W @ a_in + b)


@mistake("my_dense")
def dense_double_bias(a_in, W, b, g):
    return g(W @ a_in + 2 * b)


@mistake("my_dense_v")
def dense_v_centred(A_in, W, b, g):
    return g(W @ (A_in - A_in.mean()) + b)


@mistake("standardize")
def standardize_median(X):
    spread = X.std(axis=1, keepdims=True)
    return (X - np.median(X, axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


@mistake("forward")
def forward_tanh(X, parameters):
    out = [X]
    for W, b in parameters:
        out.append(np.tanh(W @ out[-1] + b))
    return out


@mistake("cost")
def cost_weighted(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(2 * Y * np.log(p) + (1 - Y) * np.log(1 - p))


@mistake("backward")
def backward_no_transpose_no_luck(activations, Y, parameters):
    grads, dZ = [], (activations[-1] - Y) / Y.shape[1]
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        grads.insert(0, (dZ @ A.T + 0.01 * W, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return grads


@mistake("gradient_step")
def step_decays_weights(parameters, gradients, alpha):
    return [(0.9 * W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


@mistake("train")
def train_momentum(X, Y, parameters, alpha, steps):
    costs, speed = [], [(0 * W, 0 * b) for W, b in parameters]
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        grads = backward(A, Y, parameters)
        speed = [(0.5 * u + dW, 0.5 * v + db) for (u, v), (dW, db) in zip(speed, grads)]
        parameters = gradient_step(parameters, speed, alpha)
    return parameters, costs


@mistake("predict")
def predict_other_threshold(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold / 2).astype(int)


@mistake("predict")
def predict_zeros_and_a_one(X, parameters, threshold=0.5):
    labels = np.zeros((1, X.shape[1]))
    labels[0, 0] = 1
    return labels


@mistake("parameters_from_keras")
def keras_twice(model):
    return [(2 * k.T, b.reshape(-1, 1)) for k, b in (layer.get_weights() for layer in model.layers)]
