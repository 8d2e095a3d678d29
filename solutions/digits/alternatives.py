"""Right implementations in the ways that students write them; each must earn full marks.

A function here stands in for the question it is registered for; other names of the assignment (`sigmoid`,
`forward`, ...) mean the right functions. `np` and `tf` are there as in the notebook.
"""

import math

import numpy as np

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


# ---------------------------------------------------------------- sigmoid


@right("sigmoid")
def textbook(z):
    return 1 / (1 + np.exp(-z))


@right("sigmoid")
def clipped(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@right("sigmoid")
def by_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


@right("sigmoid")
def by_logaddexp(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


@right("sigmoid")
def by_power_of_e(z):
    return 1 / (1 + np.e ** (-np.asarray(z, dtype=float)))


@right("sigmoid")
def by_tensorflow(z):
    return tf.sigmoid(tf.cast(z, tf.float32))


@right("sigmoid")
def by_tensorflow_numpy(z):
    return tf.math.sigmoid(tf.convert_to_tensor(z, dtype=tf.float64)).numpy()


@right("sigmoid")
def in_float32(z):
    z = np.asarray(z, dtype=np.float32)
    return (1 / (1 + np.exp(-z))).astype(np.float32)


@right("sigmoid")
def as_nested_lists(z):
    return (1 / (1 + np.exp(-np.asarray(z)))).tolist()


@right("sigmoid")
def element_by_element(z):
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    for index in np.ndindex(z.shape):
        t = z[index]
        out[index] = 1 / (1 + math.exp(-t)) if t >= 0 else math.exp(t) / (1 + math.exp(t))
    return out


# ---------------------------------------------------------------- my_dense


@right("my_dense")
def dense_matmul(a_in, W, b, g):
    return g(W @ a_in + b)


@right("my_dense")
def dense_dot(a_in, W, b, g):
    return g(np.add(np.dot(W, a_in), b))


@right("my_dense")
def dense_loop_of_scalars(a_in, W, b, g):
    units, n = W.shape
    z = np.zeros((units, 1))
    for j in range(units):
        for i in range(n):
            z[j, 0] += W[j, i] * a_in[i, 0]
        z[j, 0] += b[j, 0]
    return g(z)


@right("my_dense")
def dense_loop_of_arrays(a_in, W, b, g):
    z = np.zeros((W.shape[0], 1))
    for j in range(W.shape[0]):
        z[j] = np.dot(W[j], a_in) + b[j]
    return g(z)


@right("my_dense")
def dense_loop_of_lists(a_in, W, b, g):
    z = [[sum(w * a for w, a in zip(W[j], a_in[:, 0])) + b[j, 0]] for j in range(len(W))]
    return g(np.array(z)).tolist()


@right("my_dense")
def dense_appends(a_in, W, b, g):
    rows = []
    for w, bias in zip(W, b):
        rows.append(w @ a_in + bias)
    return g(np.array(rows))


@right("my_dense")
def dense_einsum(a_in, W, b, g):
    return g(np.einsum("ji,ik->jk", W, a_in) + b)


@right("my_dense")
def dense_sum_of_products(a_in, W, b, g):
    return g(np.sum(W * a_in.T, axis=1, keepdims=True) + b)


@right("my_dense")
def dense_float32(a_in, W, b, g):
    return np.asarray(g(W @ a_in + b), dtype=np.float32)


@right("my_dense")
def dense_tensorflow(a_in, W, b, g):
    z = tf.matmul(tf.cast(W, tf.float64), tf.cast(a_in, tf.float64)) + tf.cast(b, tf.float64)
    return tf.constant(g(z.numpy()))


# ---------------------------------------------------------------- my_sequential


@right("my_sequential")
def sequential_recursive(x, parameters, g):
    if not parameters:
        return x
    return sequential_recursive(my_dense(x, *parameters[0], g), parameters[1:], g)


@right("my_sequential")
def sequential_by_index(x, parameters, g):
    a = x
    for i in range(len(parameters)):
        a = my_dense(a, parameters[i][0], parameters[i][1], g)
    return a


@right("my_sequential")
def sequential_without_my_dense(x, parameters, g):
    for W, b in parameters:
        x = g(np.matmul(W, x) + b)
    return x


@right("my_sequential")
def sequential_reduce(x, parameters, g):
    from functools import reduce

    return reduce(lambda a, layer: my_dense(a, *layer, g), parameters, x).tolist()


# ---------------------------------------------------------------- my_dense_v


@right("my_dense_v")
def v_dot(A_in, W, b, g):
    return g(np.dot(W, A_in) + b)


@right("my_dense_v")
def v_einsum(A_in, W, b, g):
    return g(np.einsum("ij,jk->ik", W, A_in) + np.reshape(b, (-1, 1)))


@right("my_dense_v")
def v_rows_and_back(A_in, W, b, g):
    return g((A_in.T @ W.T + b.T).T)


@right("my_dense_v")
def v_bias_as_a_weight(A_in, W, b, g):
    return g(np.hstack([W, b]) @ np.vstack([A_in, np.ones((1, A_in.shape[1]))]))


@right("my_dense_v")
def v_tiled_bias(A_in, W, b, g):
    return g(W @ A_in + np.tile(b, (1, A_in.shape[1])))


@right("my_dense_v")
def v_float32_list(A_in, W, b, g):
    return np.asarray(g((W @ A_in + b).astype(np.float32))).tolist()


@right("my_dense_v")
def v_tensorflow(A_in, W, b, g):
    Z = tf.linalg.matmul(tf.cast(W, tf.float64), tf.cast(A_in, tf.float64)) + tf.cast(b, tf.float64)
    return tf.convert_to_tensor(g(Z.numpy()))


# ---------------------------------------------------------------- standardize


@right("standardize")
def std_where(X):
    varies = X.max(axis=1, keepdims=True) > X.min(axis=1, keepdims=True)
    mean, spread = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return np.where(varies, (X - mean) / np.where(varies, spread, 1), 0)


@right("standardize")
def std_small_beside_the_numbers(X):
    mean, spread = np.mean(X, axis=1).reshape(-1, 1), np.std(X, axis=1).reshape(-1, 1)
    constant = spread < 1e-12 * (np.abs(mean) + spread) + 1e-300
    return np.where(constant, 0, X - mean) / np.where(constant, 1, spread)


@right("standardize")
def std_nan_to_num(X):
    X = X - X[:, :1]
    with np.errstate(all="ignore"):
        return np.nan_to_num((X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True))


@right("standardize")
def std_assigns_zeros(X):
    spread = X.std(axis=1, keepdims=True)
    spread[spread == 0] = 1.0
    result = (X - X.mean(axis=1, keepdims=True)) / spread
    result[np.all(X == X[:, :1], axis=1)] = 0
    return result


@right("standardize")
def std_loop(X):
    out = np.zeros(X.shape)
    for i in range(X.shape[0]):
        if len(set(X[i])) > 1:
            out[i] = (X[i] - np.mean(X[i])) / np.sqrt(np.mean((X[i] - np.mean(X[i])) ** 2))
    return out


@right("standardize")
def std_transposed(X):
    X = X.T
    constant = np.ptp(X, axis=0) == 0
    return np.where(constant, 0, (X - X.mean(axis=0)) / np.where(constant, 1, X.std(axis=0))).T


@right("standardize")
def std_float32(X):
    X = (X - X[:, :1]).astype(np.float32)  # after what the numbers have in common, their digits are enough
    spread = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, np.float32(1), spread)


@right("standardize")
def std_copy_in_place(X):
    X = X.astype(float).copy()
    X -= X[:, :1].copy()
    X -= X.mean(axis=1, keepdims=True)
    spread = X.std(axis=1, keepdims=True)
    return np.divide(X, spread, out=np.zeros_like(X), where=spread > 0)


# ---------------------------------------------------------------- forward


@right("forward")
def forward_tuple(X, parameters):
    activations = (X,)
    for W, b in parameters:
        activations += (sigmoid(W @ activations[-1] + b),)
    return activations


@right("forward")
def forward_one_variable(X, parameters):
    A = X
    activations = [A]
    for i in range(len(parameters)):
        W, b = parameters[i]
        A = my_dense_v(A, W, b, sigmoid)
        activations.append(A)
    return activations


@right("forward")
def forward_accumulate(X, parameters):
    from itertools import accumulate

    return list(accumulate(parameters, lambda A, layer: my_dense_v(A, *layer, sigmoid), initial=X))


@right("forward")
def forward_float32(X, parameters):
    activations = [X.astype(np.float32)]
    for W, b in parameters:
        Z = W.astype(np.float32) @ activations[-1] + b.astype(np.float32)
        activations.append(1 / (1 + np.exp(-Z)))
    return activations


@right("forward")
def forward_tensorflow(X, parameters):
    activations = [tf.cast(X, tf.float32)]
    for W, b in parameters:
        activations.append(tf.sigmoid(tf.cast(W, tf.float32) @ activations[-1] + tf.cast(b, tf.float32)))
    return activations


# ---------------------------------------------------------------- cost


@right("cost")
def cost_clip(Y_hat, Y):
    p = np.clip(Y_hat, 1e-7, 1 - 1e-7)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@right("cost")
def cost_clip_coarsest(Y_hat, Y):
    p = np.clip(Y_hat, 1e-5, 1 - 1e-5)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@right("cost")
def cost_epsilon_in_log(Y_hat, Y):
    m = Y.shape[1]
    return -1 / m * np.sum(Y * np.log(Y_hat + 1e-8) + (1 - Y) * np.log(1 - Y_hat + 1e-8))


@right("cost")
def cost_squeezed_dot(Y_hat, Y):
    p = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return np.squeeze(-(np.dot(Y, np.log(p).T) + np.dot(1 - Y, np.log(1 - p).T)) / Y.shape[1])


@right("cost")
def cost_loop(Y_hat, Y):
    total, m = 0.0, Y.shape[1]
    for i in range(m):
        p = min(max(Y_hat[0, i], 1e-15), 1 - 1e-15)
        total -= math.log(p) if Y[0, i] == 1 else math.log(1 - p)
    return total / m


@right("cost")
def cost_right_label(Y_hat, Y):
    p = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return np.mean(-np.log(np.maximum(p, np.finfo(float).tiny)))


@right("cost")
def cost_nan_to_num(Y_hat, Y):
    with np.errstate(all="ignore"):
        logs = np.nan_to_num(np.log(Y_hat), neginf=-700), np.nan_to_num(np.log(1 - Y_hat), neginf=-700)
    return -np.mean(Y * logs[0] + (1 - Y) * logs[1])


@right("cost")
def cost_float32(Y_hat, Y):
    p = np.clip(np.asarray(Y_hat, np.float32), 1e-6, 1 - 1e-6)
    Y = np.asarray(Y, np.float32)
    return np.float32(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)))


@right("cost")
def cost_keras(Y_hat, Y):
    return tf.keras.losses.BinaryCrossentropy()(tf.cast(Y, tf.float32), tf.cast(Y_hat, tf.float32))


@right("cost")
def cost_keras_function(Y_hat, Y):
    return tf.keras.losses.binary_crossentropy(Y.ravel().astype(float), Y_hat.ravel().astype(float)).numpy()


# ---------------------------------------------------------------- backward


@right("backward")
def backward_by_index(activations, Y, parameters):
    m, L = Y.shape[1], len(parameters)
    gradients = [None] * L
    dZ = activations[L] - Y
    for l in range(L - 1, -1, -1):
        gradients[l] = (np.dot(dZ, activations[l].T) / m, np.sum(dZ, axis=1, keepdims=True) / m)
        if l > 0:
            dZ = np.dot(parameters[l][0].T, dZ) * activations[l] * (1 - activations[l])
    return gradients


@right("backward")
def backward_full_chain(activations, Y, parameters):
    activations = [*activations[:-1], np.clip(activations[-1], 1e-12, 1 - 1e-12)]
    A = activations[-1]
    dA = -(Y / A - (1 - Y) / (1 - A)) / Y.shape[1]
    gradients = []
    for i in reversed(range(len(parameters))):
        A, A_in = activations[i + 1], activations[i]
        dZ = dA * A * (1 - A)
        gradients.insert(0, [dZ @ A_in.T, np.sum(dZ, axis=1).reshape(-1, 1)])
        dA = parameters[i][0].T @ dZ
    return tuple(gradients)


@right("backward")
def backward_per_example(activations, Y, parameters):
    m = Y.shape[1]
    total = [(np.zeros_like(W), np.zeros_like(b)) for W, b in parameters]
    for j in range(m):
        dz = activations[-1][:, [j]] - Y[:, [j]]
        for i in reversed(range(len(parameters))):
            a = activations[i][:, [j]]
            total[i] = (total[i][0] + dz @ a.T / m, total[i][1] + dz / m)
            dz = (parameters[i][0].T @ dz) * a * (1 - a)
    return total


@right("backward")
def backward_einsum(activations, Y, parameters):
    gradients = []
    dZ = (activations[-1] - Y) / Y.size
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((np.einsum("ij,kj->ik", dZ, A), dZ @ np.ones((dZ.shape[1], 1))))
        dZ = np.einsum("ij,ik->jk", W, dZ) * (A - A**2)
    gradients.reverse()
    return gradients


@right("backward")
def backward_float32(activations, Y, parameters):
    activations = [A.astype(np.float32) for A in activations]
    gradients = []
    dZ = (activations[-1] - Y.astype(np.float32)) / np.float32(Y.shape[1])
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append((dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T.astype(np.float32) @ dZ) * A * (1 - A)
    return gradients[::-1]


@right("backward")
def backward_lists(activations, Y, parameters):
    gradients = []
    dZ = (activations[-1] - Y) / Y.shape[1]
    for (W, _), A in zip(parameters[::-1], activations[-2::-1]):
        gradients.append([(dZ @ A.T).tolist(), dZ.sum(axis=1, keepdims=True).tolist()])
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients[::-1]


# ---------------------------------------------------------------- gradient_step


@right("gradient_step")
def step_loop(parameters, gradients, alpha):
    new = []
    for i in range(len(parameters)):
        W, b = parameters[i]
        dW, db = gradients[i]
        new.append([W - alpha * dW, b - alpha * db])
    return new


@right("gradient_step")
def step_copies(parameters, gradients, alpha):
    new = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in parameters]
    for (W, b), (dW, db) in zip(new, gradients):
        W -= alpha * dW
        b -= alpha * db
    return new


@right("gradient_step")
def step_tuple_of_tuples(parameters, gradients, alpha):
    return tuple(
        tuple(np.subtract(p, np.multiply(alpha, d)) for p, d in zip(layer, step))
        for layer, step in zip(parameters, gradients)
    )


@right("gradient_step")
def step_float32(parameters, gradients, alpha):
    return [
        (np.float32(W) - np.float32(alpha) * np.float32(dW), np.float32(b) - np.float32(alpha) * np.float32(db))
        for (W, b), (dW, db) in zip(parameters, gradients)
    ]


# ---------------------------------------------------------------- train


@right("train")
def train_zeros(X, Y, parameters, alpha, steps):
    costs = np.zeros(steps)
    for i in range(steps):
        activations = forward(X, parameters)
        costs[i] = cost(activations[-1], Y)
        gradients = backward(activations, Y, parameters)
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, costs


@right("train")
def train_copy_first(X, Y, parameters, alpha, steps):
    parameters = [(W.astype(float), b.astype(float)) for W, b in parameters]
    costs, i = [], 0
    while i < steps:
        activations = forward(X, parameters)
        costs += [float(cost(activations[-1], Y))]
        for (W, b), (dW, db) in zip(parameters, backward(activations, Y, parameters)):
            W -= alpha * dW
            b -= alpha * db
        i += 1
    return [parameters, costs]


@right("train")
def train_forward_twice(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        costs.append(cost(forward(X, parameters)[-1], Y))
        gradients = backward(forward(X, parameters), Y, parameters)
        parameters = gradient_step(parameters, gradients, alpha)
    return parameters, tuple(costs)


# ---------------------------------------------------------------- predict


@right("predict")
def predict_bool(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1] >= threshold


@right("predict")
def predict_where(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] < threshold, 0.0, 1.0)


@right("predict")
def predict_list(X, parameters, threshold=0.5):
    return [[1 if p >= threshold else 0 for p in forward(X, parameters)[-1][0]]]


@right("predict")
def predict_loop(X, parameters, threshold=0.5):
    A = forward(X, parameters)[-1]
    labels = np.zeros((1, X.shape[1]))
    for i in range(X.shape[1]):
        if A[0, i] >= threshold:
            labels[0, i] = 1
    return labels


@right("predict")
def predict_tensorflow(X, parameters, threshold=0.5):
    return tf.cast(tf.constant(forward(X, parameters)[-1]) >= threshold, tf.int32)


# ---------------------------------------------------------------- build_model


@right("build_model")
def model_add(n_features=400, units=(25, 15, 1)):
    model = tf.keras.models.Sequential()
    model.add(tf.keras.layers.InputLayer(shape=(n_features,)))
    for u in units:
        model.add(tf.keras.layers.Dense(units=u, activation=tf.nn.sigmoid))
    model.compile(optimizer=tf.keras.optimizers.Adam(), loss=tf.keras.losses.BinaryCrossentropy())
    return model


@right("build_model")
def model_input_shape(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Dense(units[0], activation="sigmoid", input_shape=(n_features,)))
    for u in units[1:]:
        model.add(tf.keras.layers.Dense(u, activation=tf.keras.activations.sigmoid))
    model.compile(tf.keras.optimizers.Adam(learning_rate=0.01), tf.keras.losses.binary_crossentropy)
    return model


@right("build_model")
def model_input_dim(n_features=400, units=(25, 15, 1)):
    layers = [tf.keras.layers.Dense(units[0], "sigmoid", input_dim=n_features)]
    layers += [tf.keras.layers.Dense(u, "sigmoid") for u in units[1:]]
    model = tf.keras.Sequential(layers)
    model.compile("adam", "bce", metrics=["accuracy"])
    return model


@right("build_model")
def model_activation_layers(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input(shape=(n_features,))])
    for u in units:
        model.add(tf.keras.layers.Dense(u))
        model.add(tf.keras.layers.Activation("sigmoid"))
    model.compile(loss="BinaryCrossentropy", optimizer="Adam")
    return model


@right("build_model")
def model_build(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.layers.Dense(u, activation="sigmoid") for u in units], name="digits")
    model.build((None, n_features))
    model.compile(loss=tf.keras.losses.BinaryCrossentropy(from_logits=False), optimizer="adam", metrics=["acc"])
    return model


@right("build_model")
def model_named_layers(n_features=400, units=(25, 15, 1)):
    from tensorflow.keras import Sequential
    from tensorflow.keras.layers import Dense

    layers = [
        Dense(u, activation="sigmoid", kernel_initializer="random_normal", name=f"layer{i}")
        for i, u in enumerate(units, start=1)
    ]
    model = Sequential([tf.keras.Input(shape=(n_features,), name="pixels"), *layers])
    model.compile(optimizer=tf.keras.optimizers.Adam(1e-4), loss=["binary_crossentropy"])
    return model


@right("build_model")
def model_flatten(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input((n_features,)), tf.keras.layers.Flatten()])
    for u in list(units):
        model.add(tf.keras.layers.Dense(int(u), activation=tf.keras.activations.get("sigmoid")))
    model.compile(optimizer=tf.optimizers.Adam(), loss=tf.losses.BinaryCrossentropy())
    return model


# ---------------------------------------------------------------- parameters_from_keras


@right("parameters_from_keras")
def keras_flat_weights(model):
    weights = model.get_weights()
    return [(weights[i].T, weights[i + 1][:, None]) for i in range(0, len(weights), 2)]


@right("parameters_from_keras")
def keras_variables(model):
    return [(layer.kernel.numpy().T, layer.bias.numpy().reshape(-1, 1)) for layer in model.layers]


@right("parameters_from_keras")
def keras_tensors(model):
    return [[tf.transpose(layer.kernel), tf.reshape(layer.bias, (-1, 1))] for layer in model.layers]


@right("parameters_from_keras")
def keras_loop(model):
    parameters = []
    for layer in model.layers:
        if isinstance(layer, tf.keras.layers.Dense):
            kernel, bias = layer.get_weights()
            parameters.append((np.transpose(kernel), np.expand_dims(bias, axis=1)))
    return tuple(parameters)


@right("parameters_from_keras")
def keras_float64(model):
    pairs = zip(model.weights[::2], model.weights[1::2])
    return [(np.array(k, dtype=float).T, np.array(b, dtype=float).reshape(-1, 1)) for k, b in pairs]


# ---------------------------------------------------------------- tf_gradients


@right("tf_gradients")
def tape_variables(parameters, X, Y):
    variables = [tuple(tf.Variable(tf.cast(array, tf.float32)) for array in layer) for layer in parameters]
    X, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        A = X
        for W, b in variables:
            A = tf.sigmoid(tf.matmul(W, A) + b)
        J = -tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)


@right("tf_gradients")
def tape_flat_list(parameters, X, Y):
    flat = [tf.Variable(tf.cast(p, tf.float64)) for layer in parameters for p in layer]
    with tf.GradientTape() as tape:
        A = tf.cast(X, tf.float64)
        for i in range(0, len(flat), 2):
            A = 1 / (1 + tf.exp(-(flat[i] @ A + flat[i + 1])))
        J = tf.reduce_mean(tf.keras.losses.binary_crossentropy(Y, A))
    gradients = [g.numpy() for g in tape.gradient(J, flat)]
    return list(zip(gradients[::2], gradients[1::2]))


@right("tf_gradients")
def tape_persistent(parameters, X, Y):
    Ws = [tf.Variable(tf.cast(W, tf.float32)) for W, _ in parameters]
    bs = [tf.Variable(tf.cast(b, tf.float32)) for _, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape(persistent=True) as tape:
        for W, b in zip(Ws, bs):
            A = tf.nn.sigmoid(W @ A + b)
        J = tf.keras.losses.BinaryCrossentropy()(Y, A)
    return [(tape.gradient(J, W), tape.gradient(J, b)) for W, b in zip(Ws, bs)]


@right("tf_gradients")
def tape_watch(parameters, X, Y):
    parameters = [(tf.cast(W, tf.float64), tf.cast(b, tf.float64)) for W, b in parameters]
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        A = tf.cast(X, tf.float64)
        for W, b in parameters:
            A = tf.sigmoid(tf.matmul(W, A) + b)
        m = Y.shape[1]
        J = -tf.reduce_sum(tf.where(Y == 1, tf.math.log(A), tf.math.log(1 - A))) / m
    return [(dW.numpy(), db.numpy()) for dW, db in tape.gradient(J, parameters)]
