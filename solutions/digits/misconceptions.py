"""Wrong implementations that students write, each with a hint that leads and doesn't give the answer away.

A function under `@wrong` stands in for the question it is registered for; other names of the assignment (`sigmoid`,
`forward`, ...) mean the right functions. `np` and `tf` are there as in the notebook. A function under `@slip` takes
an answer, and the arguments of the call, and spoils the answer: it makes a second mistake on top of any other.

A hint is told to whoever gives the same answers, however they came about: it must be true of the answers. Mistakes
that give the same answers share their hint.
"""

import math

import numpy as np

try:
    import tensorflow as tf
except ImportError:
    tf = None

WRONG = []  # (question, function, hint)
SLIPS = []  # the same


def wrong(question, hint):
    def register(function):
        WRONG.append((question, function, hint))
        return function

    return register


def slip(question, hint):
    def register(function):
        SLIPS.append((question, function, hint))
        return function

    return register


# ---------------------------------------------------------------- sigmoid


@wrong("sigmoid", "Look at the sign of the exponent: what should happen for a large positive z?")
def exp_plus(z):
    return 1 / (1 + np.exp(z))


@wrong("sigmoid", "Division comes before addition: which part belongs under the fraction bar?")
def missing_parentheses(z):
    return 1 / 1 + np.exp(-z)


@wrong("sigmoid", "Your values reach below 0. The sigmoid stays between 0 and 1.")
def tanh_instead(z):
    return np.tanh(z)


@wrong("sigmoid", "e to the power of a large number overflows. Can you write it with a power that never grows?")
def overflows_to_nan(z):
    return np.exp(z) / (1 + np.exp(z))


@wrong("sigmoid", "math.exp takes single numbers only, and raises an error when they are large.")
def math_exp(z):
    return np.vectorize(lambda t: 1 / (1 + math.exp(-t)), otypes=[float])(z)


@wrong("sigmoid", "math.exp can't take an array.")
def math_exp_scalar(z):
    return 1 / (1 + math.exp(-z))


@wrong("sigmoid", "This is the slope of the sigmoid, not the sigmoid.")
def derivative(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


@wrong("sigmoid", "The base of the power should be e.")
def base_two(z):
    return 1 / (1 + 2.0 ** (-np.asarray(z, dtype=float)))


@wrong("sigmoid", "The result should be a smooth number between 0 and 1, not a decision.")
def step_function(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


@wrong("sigmoid", "A 1 is missing in the denominator.")
def missing_one(z):
    return 1 / np.exp(-z)


@wrong("sigmoid", "The 1 in the denominator is added, not subtracted.")
def minus_in_denominator(z):
    return 1 / (1 - np.exp(-z))


@wrong("sigmoid", "The result came as a flat array: keep the shape of the input.")
def flattened_sigmoid(z):
    return np.array([1 / (1 + np.exp(-t)) for t in np.ravel(z)])


@wrong("sigmoid", "len() works for arrays only; a single number has no length.")
def loop_over_len(z):
    out = np.zeros_like(z, dtype=float)
    for i in range(len(z)):
        out[i] = 1 / (1 + np.exp(-z[i]))
    return out


@wrong("sigmoid", "An array made with zeros_like of integers can hold integers only.")
def integer_buffer(z):
    out = np.zeros_like(z)
    out[...] = 1 / (1 + np.exp(-z))
    return out


@wrong("sigmoid", "The array that came in was overwritten.")
def sigmoid_in_place(z):
    if isinstance(z, np.ndarray):
        z[...] = 1 / (1 + np.exp(-z))
        return z
    return 1 / (1 + np.exp(-z))


@wrong("sigmoid", "The array that came in was overwritten: asarray doesn't copy.")
def sigmoid_asarray_in_place(z):
    z = np.asarray(z, dtype=float)
    np.negative(z, out=z)
    return 1 / (1 + np.exp(z))


@wrong("sigmoid", "Your function gives back None: does every way through it end in a return?")
def sigmoid_prints(z):
    print(1 / (1 + np.exp(-z)))


@wrong("sigmoid", "This normalises over all elements (softmax); the sigmoid treats each on its own.")
def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@wrong("sigmoid", "Very large inputs shouldn't be cut off where the sigmoid still changes.")
def clips_too_early(z):
    return 1 / (1 + np.exp(-np.clip(z, -3, 3)))


@wrong("sigmoid", "Rounded results can't be told apart from 0 and 1 later.")
def rounded(z):
    return np.round(1 / (1 + np.exp(-np.asarray(z, dtype=float))), 2)


@slip("sigmoid", "The result came as a flat array: keep the shape of the input.")
def then_flat(result, z):
    return np.ravel(result)


@slip("sigmoid", "Rounded results can't be told apart from 0 and 1 later.")
def then_rounded(result, z):
    return np.round(result, 2)


# ---------------------------------------------------------------- my_dense


@wrong("my_dense", "A number is missing in z: what else does a unit add to the weighted sum?")
def no_bias(a_in, W, b, g):
    return g(W @ a_in)


@wrong("my_dense", "The bias belongs to z, before the activation.")
def bias_after_activation(a_in, W, b, g):
    return g(W @ a_in) + b


@wrong("my_dense", "The activation was left out.")
def no_activation(a_in, W, b, g):
    return W @ a_in + b


@wrong("my_dense", "g may be any activation: use the one that is handed over.")
def g_ignored(a_in, W, b, g):
    return 1 / (1 + np.exp(-(W @ a_in + b)))


@wrong("my_dense", "Check which axis of W belongs to the units.")
def w_transposed(a_in, W, b, g):
    return g(W.T @ a_in + b)


@wrong("my_dense", "Check which axis of W belongs to the units.")
def loops_over_columns_of_w(a_in, W, b, g):
    return np.array([g(np.dot(W[:, j], a_in[:, 0]) + b[j]) for j in range(W.shape[1])]).reshape(-1, 1)


@wrong("my_dense", "The result should be a column.")
def flat_result(a_in, W, b, g):
    return g(W @ a_in + b).ravel()


@wrong("my_dense", "The result should be a column, and came as a row.")
def row_result(a_in, W, b, g):
    return g(W @ a_in + b).T


@wrong("my_dense", "The shapes were broadcast to a matrix: b is a column, and the sum was flat.")
def broadcast_to_matrix(a_in, W, b, g):
    return g(W @ a_in[:, 0] + b)


@wrong("my_dense", "The bias is subtracted.")
def minus_bias(a_in, W, b, g):
    return g(W @ a_in - b)


@wrong("my_dense", "Every unit has a bias of its own.")
def first_bias_for_all(a_in, W, b, g):
    return g(W @ a_in + b[0])


@wrong("my_dense", "The loop ends one unit too early.")
def last_unit_missed(a_in, W, b, g):
    z = np.zeros((len(W), 1))
    for j in range(len(W) - 1):
        z[j] = W[j] @ a_in + b[j]
    return g(z)


@wrong("my_dense", "return stands inside the loop.")
def returns_after_first_unit(a_in, W, b, g):
    out = np.zeros((len(W), 1))
    for j in range(len(W)):
        out[j] = g(W[j] @ a_in + b[j])
        return out


@wrong("my_dense", "The activation was applied twice.")
def g_twice(a_in, W, b, g):
    return g(g(W @ a_in + b))


@wrong("my_dense", "The products have to be added up over the inputs.")
def elementwise_product(a_in, W, b, g):
    return g(W * a_in.T + b)


@wrong("my_dense", "An array made with zeros_like of integers can hold integers only.")
def dense_integer_buffer(a_in, W, b, g):
    out = np.zeros_like(b)
    for j in range(len(W)):
        out[j] = g(W[j] @ a_in + b[j])
    return out


@wrong("my_dense", "The bias that came in was overwritten.")
def dense_writes_into_b(a_in, W, b, g):
    b += W @ a_in
    return g(b)


@wrong("my_dense", "The mean of the products isn't their sum.")
def dense_mean(a_in, W, b, g):
    return g(W @ a_in / W.shape[1] + b)


@slip("my_dense", "The result should be a column.")
def dense_then_flat(result, a_in, W, b, g):
    return np.ravel(result)


@slip("my_dense", "The result should be a column, and came as a row.")
def dense_then_row(result, a_in, W, b, g):
    return np.reshape(result, (1, -1))


# ---------------------------------------------------------------- my_sequential


@wrong("my_sequential", "Each layer should work on what the layer before it gave.")
def every_layer_gets_x(x, parameters, g):
    for W, b in parameters:
        a = g(np.resize(W @ np.resize(x, (W.shape[1], 1)) + b, b.shape))
    return a


@wrong("my_sequential", "Each layer should work on what the layer before it gave.")
def x_to_every_layer(x, parameters, g):
    for W, b in parameters:
        a = my_dense(x, W, b, g)
    return a


@wrong("my_sequential", "One layer is missing at the end.")
def last_layer_skipped(x, parameters, g):
    a = x
    for W, b in parameters[:-1]:
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "One layer is missing at the beginning.")
def first_layer_skipped(x, parameters, g):
    a = x
    for W, b in parameters[1:]:
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "A network can have any number of layers, not two only.")
def two_layers_only(x, parameters, g):
    (W1, b1), (W2, b2) = parameters
    return my_dense(my_dense(x, W1, b1, g), W2, b2, g)


@wrong("my_sequential", "A network can have any number of layers, not three only.")
def three_layers_only(x, parameters, g):
    (W1, b1), (W2, b2), (W3, b3) = parameters
    return my_dense(my_dense(my_dense(x, W1, b1, g), W2, b2, g), W3, b3, g)


@wrong("my_sequential", "return stands inside the loop.")
def returns_first_layer(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
        return a


@wrong("my_sequential", "Start with the first layer.")
def layers_backwards(x, parameters, g):
    a = x
    for W, b in reversed(parameters):
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "g may be any activation: hand on the one that you were given.")
def always_sigmoid(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, sigmoid)
    return a


@wrong("my_sequential", "The activation belongs to every layer, the last one included.")
def last_layer_linear(x, parameters, g):
    a = x
    for i, (W, b) in enumerate(parameters):
        a = my_dense(a, W, b, g if i < len(parameters) - 1 else lambda z: z)
    return a


@wrong("my_sequential", "The last layer is the only one with an activation.")
def hidden_layers_linear(x, parameters, g):
    a = x
    for i, (W, b) in enumerate(parameters):
        a = my_dense(a, W, b, g if i == len(parameters) - 1 else lambda z: z)
    return a


@wrong("my_sequential", "Only the result of the last layer is wanted.")
def returns_all_layers(x, parameters, g):
    activations = [x]
    for W, b in parameters:
        activations.append(my_dense(activations[-1], W, b, g))
    return activations


@wrong("my_sequential", "The list of parameters was emptied.")
def pops_parameters(x, parameters, g):
    a = x
    while parameters:
        W, b = parameters.pop(0)
        a = my_dense(a, W, b, g)
    return a


@wrong("my_sequential", "The result should be a column.")
def sequential_flat(x, parameters, g):
    a = x
    for W, b in parameters:
        a = my_dense(a, W, b, g)
    return a.ravel()


@slip("my_sequential", "The result should be a column.")
def sequential_then_flat(result, x, parameters, g):
    return np.ravel(result)


# ---------------------------------------------------------------- my_dense_v


@wrong("my_dense_v", "A number is missing in Z: what else does a unit add to the weighted sum?")
def v_no_bias(A_in, W, b, g):
    return g(W @ A_in)


@wrong("my_dense_v", "The bias belongs to Z, before the activation.")
def v_bias_after_activation(A_in, W, b, g):
    return g(W @ A_in) + b


@wrong("my_dense_v", "The activation was left out.")
def v_no_activation(A_in, W, b, g):
    return W @ A_in + b


@wrong("my_dense_v", "g may be any activation: use the one that is handed over.")
def v_g_ignored(A_in, W, b, g):
    return sigmoid(W @ A_in + b)


@wrong("my_dense_v", "This is the layout with examples as rows; here an example is a column.")
def v_rows(A_in, W, b, g):
    return g(A_in @ W + b)


@wrong("my_dense_v", "The result came transposed: units are rows, examples are columns.")
def v_transposed_result(A_in, W, b, g):
    return g(A_in.T @ W.T + b.T)


@wrong("my_dense_v", "Check which axis of W belongs to the units.")
def v_w_transposed(A_in, W, b, g):
    return g(W.T @ A_in + b)


@wrong("my_dense_v", "The activation was called once for each example: hand it the whole matrix.")
def v_loop_over_examples(A_in, W, b, g):
    return np.hstack([g(W @ A_in[:, [i]] + b) for i in range(A_in.shape[1])])


@wrong("my_dense_v", "The activation was called once for each unit: hand it the whole matrix.")
def v_loop_over_units(A_in, W, b, g):
    return np.vstack([g(W[[j]] @ A_in + b[j]) for j in range(len(W))])


@wrong("my_dense_v", "A flat b is added along the wrong axis.")
def v_flat_bias(A_in, W, b, g):
    return g(W @ A_in + b.ravel())


@wrong("my_dense_v", "Every unit has a bias of its own.")
def v_first_bias(A_in, W, b, g):
    return g(W @ A_in + b[0, 0])


@wrong("my_dense_v", "A layer treats each example on its own; they aren't added up.")
def v_sums_examples(A_in, W, b, g):
    return g(np.sum(W @ A_in, axis=1, keepdims=True) + b)


@wrong("my_dense_v", "Axes of length 1 were dropped.")
def v_squeezed(A_in, W, b, g):
    return np.squeeze(g(W @ A_in + b))


@wrong("my_dense_v", "`*` multiplies element by element.")
def v_elementwise(A_in, W, b, g):
    return g(W * A_in + b)


@wrong("my_dense_v", "The input was overwritten.")
def v_writes_into_input(A_in, W, b, g):
    Z = W @ A_in + b
    A_in *= 0
    return g(Z)


@wrong("my_dense_v", "The mean of the products isn't their sum.")
def v_mean(A_in, W, b, g):
    return g(W @ A_in / len(A_in) + b)


@slip("my_dense_v", "The result came transposed: units are rows, examples are columns.")
def v_then_transposed(result, A_in, W, b, g):
    return np.transpose(result)


@slip("my_dense_v", "Axes of length 1 were dropped.")
def v_then_squeezed(result, A_in, W, b, g):
    return np.squeeze(result)


# ---------------------------------------------------------------- standardize


@wrong("standardize", "Each feature is a row: along which axis do the examples lie?")
def axis_zero(X):
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "Every feature has its own mean and deviation.")
def global_mean(X):
    return (X - X.mean()) / (X.std() or 1)


@wrong("standardize", "A constant feature has deviation 0, and dividing by 0 gives nan.")
def nan_for_constant(X):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


@wrong("standardize", "Divide by the standard deviation, not by the variance.")
def variance(X):
    spread = X.var(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "The features are centred, but their spread is still their own.")
def only_centred(X):
    return X - X.mean(axis=1, keepdims=True)


@wrong("standardize", "The spread is right, but the mean isn't 0.")
def only_scaled(X):
    spread = X.std(axis=1, keepdims=True)
    return X / np.where(spread == 0, 1, spread)


@wrong("standardize", "This scales to the range from 0 to 1, which is something else.")
def min_max(X):
    low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
    return (X - low) / np.where(high == low, 1, high - low)


@wrong("standardize", "The deviation was computed with m - 1 in place of m.")
def ddof_one(X):
    spread = X.std(axis=1, keepdims=True, ddof=1) if X.shape[1] > 1 else np.zeros((len(X), 1))
    return (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "The array that came in was overwritten.")
def standardize_in_place(X):
    X -= X.mean(axis=1, keepdims=True).astype(X.dtype)
    spread = X.std(axis=1, keepdims=True)
    return X / np.where(spread == 0, 1, spread)


@wrong("standardize", "The array that came in was overwritten: asarray doesn't copy.")
def standardize_asarray_in_place(X):
    X = np.asarray(X, dtype=float)
    X -= X.mean(axis=1, keepdims=True)
    spread = X.std(axis=1, keepdims=True)
    X /= np.where(spread == 0, 1, spread)
    return X


@wrong("standardize", "Without keepdims the means have the wrong shape for broadcasting.")
def no_keepdims(X):
    spread = X.std(axis=1)
    return (X - X.mean(axis=1)) / np.where(spread == 0, 1, spread)


@wrong("standardize", "Constant features vanished: they should stay, as zeros.")
def drops_constant(X):
    spread = X.std(axis=1, keepdims=True)
    keep = spread[:, 0] > 0
    return (X[keep] - X[keep].mean(axis=1, keepdims=True)) / spread[keep]


@wrong("standardize", "A constant feature should become 0.")
def constant_stays(X):
    spread = X.std(axis=1, keepdims=True)
    return np.where(spread == 0, X, (X - X.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread))


@wrong("standardize", "What is added to the deviation to avoid dividing by 0 is so large that it shows.")
def large_epsilon(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 0.1)


@wrong("standardize", "One is added to every deviation, not only to those that are 0.")
def adds_one(X):
    return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1)


@wrong("standardize", "Without parentheses only the mean is divided.")
def standardize_parentheses(X):
    spread = X.std(axis=1, keepdims=True)
    return X - X.mean(axis=1, keepdims=True) / np.where(spread == 0, 1, spread)


@slip("standardize", "The result came transposed: keep each feature a row.")
def standardize_then_transposed(result, X):
    return np.transpose(result)


# ---------------------------------------------------------------- forward


@wrong("forward", "The list should begin with the input itself.")
def without_x(X, parameters):
    activations, A = [], X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
        activations.append(A)
    return activations


@wrong("forward", "Backpropagation needs all activations, not only the last.")
def only_output(X, parameters):
    A = X
    for W, b in parameters:
        A = my_dense_v(A, W, b, sigmoid)
    return A


@wrong("forward", "The list holds Z, and A = g(Z) is wanted.")
def z_instead_of_a(X, parameters):
    activations, A = [X], X
    for W, b in parameters:
        Z = W @ A + b
        A = sigmoid(Z)
        activations.append(Z)
    return activations


@wrong("forward", "Each layer should work on what the layer before it gave.")
def forward_every_layer_gets_x(X, parameters):
    return [X] + [my_dense_v(X, W, b, sigmoid) for W, b in parameters]


@wrong("forward", "The last layer has the sigmoid too.")
def linear_output(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        g = sigmoid if i < len(parameters) - 1 else lambda z: z
        activations.append(my_dense_v(activations[-1], W, b, g))
    return activations


@wrong("forward", "The hidden layers have the sigmoid, too.")
def relu_hidden(X, parameters):
    activations = [X]
    for i, (W, b) in enumerate(parameters):
        g = sigmoid if i == len(parameters) - 1 else lambda z: np.maximum(z, 0)
        activations.append(my_dense_v(activations[-1], W, b, g))
    return activations


@wrong("forward", "A network can have any number of layers.")
def forward_two_layers(X, parameters):
    A1 = my_dense_v(X, *parameters[0], sigmoid)
    return [X, A1, my_dense_v(A1, *parameters[1], sigmoid)]


@wrong("forward", "The last layer is missing.")
def forward_last_skipped(X, parameters):
    activations = [X]
    for W, b in parameters[:-1]:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations


@wrong("forward", "return stands inside the loop.")
def forward_returns_early(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
        return activations


@wrong("forward", "The list came in reverse order.")
def forward_reversed(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    return activations[::-1]


@wrong("forward", "The activations should be columns for examples.")
def forward_transposed(X, parameters):
    activations = [X.T]
    for W, b in parameters:
        activations.append(sigmoid(activations[-1] @ W.T + b.T))
    return activations


@wrong("forward", "The output was rounded to labels: the probabilities are wanted.")
def forward_labels(X, parameters):
    activations = [X]
    for W, b in parameters:
        activations.append(my_dense_v(activations[-1], W, b, sigmoid))
    activations[-1] = (activations[-1] > 0.5).astype(float)
    return activations


@wrong("forward", "The bias is missing.")
def forward_no_bias(X, parameters):
    activations = [X]
    for W, _ in parameters:
        activations.append(sigmoid(W @ activations[-1]))
    return activations


@wrong("forward", "The list of parameters was changed.")
def forward_pops(X, parameters):
    activations = [X]
    while parameters:
        activations.append(my_dense_v(activations[-1], *parameters.pop(0), sigmoid))
    return activations


@slip("forward", "The list should begin with the input itself.")
def forward_then_without_x(result, X, parameters):
    return result[1:]


@slip("forward", "The list came in reverse order.")
def forward_then_reversed(result, X, parameters):
    return result[::-1]


@slip("forward", "Backpropagation needs all activations, not only the last.")
def forward_then_output(result, X, parameters):
    return result[-1]


# ---------------------------------------------------------------- cost


@wrong("cost", "The cost is the mean over the examples: by what do you divide, and how many examples are there?")
def cost_sum(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "The natural logarithm is wanted.")
def cost_log2(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log2(p) + (1 - Y) * np.log2(1 - p))


@wrong("cost", "The natural logarithm is wanted.")
def cost_log10(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log10(p) + (1 - Y) * np.log10(1 - p))


@wrong("cost", "A cost is never negative: look at the sign.")
def cost_no_minus(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "Examples with label 0 cost nothing in your formula.")
def cost_first_half(Y_hat, Y):
    return -np.mean(Y * np.log(np.clip(Y_hat, 1e-15, 1)))


@wrong("cost", "Examples with label 1 cost nothing in your formula.")
def cost_second_half(Y_hat, Y):
    return -np.mean((1 - Y) * np.log(np.clip(1 - Y_hat, 1e-15, 1)))


@wrong("cost", "The logarithm of 0 isn't finite, and 0 times it is nan.")
def cost_nan(Y_hat, Y):
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))


@wrong("cost", "The logarithm of 0 isn't finite.")
def cost_inf(Y_hat, Y):
    return -np.mean(np.log(np.where(Y == 1, Y_hat, 1 - Y_hat)))


@wrong("cost", "This is the squared error.")
def cost_squared(Y_hat, Y):
    return np.mean((Y_hat - Y) ** 2)


@wrong("cost", "This is the mean absolute error.")
def cost_absolute(Y_hat, Y):
    return np.mean(np.abs(Y_hat - Y))


@wrong("cost", "One number is wanted, and an array came.")
def cost_matrix(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -(Y @ np.log(p).T + (1 - Y) @ np.log(1 - p).T) / Y.shape[1]


@wrong("cost", "The losses of the examples still have to be averaged.")
def cost_vector(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "The cost is the mean over the examples: by what do you divide, and how many examples are there?")
def cost_divides_by_rows(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / Y.shape[0]


@wrong("cost", "The arguments were swapped: the logarithm is taken of the labels.")
def cost_swapped(Y_hat, Y):
    p = np.clip(Y, 1e-15, 1 - 1e-15)
    return -np.mean(Y_hat * np.log(p) + (1 - Y_hat) * np.log(1 - p))


@wrong("cost", "A 2 too many in the denominator.")
def cost_half(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / 2


@wrong("cost", "The terms are added, not subtracted from each other.")
def cost_minus_between(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log(p) - (1 - Y) * np.log(1 - p))


@wrong("cost", "log(1 - p) and 1 - log(p) differ.")
def cost_one_minus_log(Y_hat, Y):
    p = np.clip(Y_hat, 1e-15, 1 - 1e-15)
    return -np.mean(Y * np.log(p) + (1 - Y) * (1 - np.log(p)))


@wrong("cost", "Wrong certain predictions cost nothing: nan was replaced by 0.")
def cost_nan_to_zero(Y_hat, Y):
    loss = -(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))
    return np.mean(np.nan_to_num(loss, nan=0.0, posinf=0.0, neginf=0.0))


@wrong("cost", "The predictions were clipped in place.")
def cost_clips_in_place(Y_hat, Y):
    Y_hat[:] = np.clip(Y_hat, 0.2, 0.8)
    return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))


@wrong("cost", "The predictions are clipped so strongly that it shows.")
def cost_coarse_clip(Y_hat, Y):
    p = np.clip(Y_hat, 0.1, 0.9)
    return -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@wrong("cost", "This is the share of wrong labels.")
def cost_error_rate(Y_hat, Y):
    return np.mean((Y_hat >= 0.5) != (Y == 1))


@slip("cost", "A cost is never negative: look at the sign.")
def cost_then_negative(result, Y_hat, Y):
    return -result


@slip("cost", "The cost is the mean over the examples: by what do you divide, and how many examples are there?")
def cost_then_times_m(result, Y_hat, Y):
    return result * Y.shape[1]


@slip("cost", "One number is wanted, and an array came.")
def cost_then_matrix(result, Y_hat, Y):
    return np.reshape(result, (1, 1))


@slip("cost", "A 2 too many in the denominator.")
def cost_then_half(result, Y_hat, Y):
    return result / 2


# ---------------------------------------------------------------- backward


def _backward(activations, Y, parameters, dZ=None, hidden=None, db=None, dW=None, factor=None):
    """Backpropagation with one part replaced."""
    m = Y.shape[1]
    dZ = (activations[-1] - Y) / m if dZ is None else dZ(activations[-1], Y, m)
    gradients = []
    for (W, _), A in zip(reversed(parameters), reversed(activations[:-1])):
        gradients.append(
            (
                dZ @ A.T if dW is None else dW(dZ, A),
                dZ.sum(axis=1, keepdims=True) if db is None else db(dZ),
            )
        )
        dA = W.T @ dZ if hidden is None else hidden(W, dZ)
        dZ = dA * A * (1 - A) if factor is None else factor(dA, A)
    return gradients[::-1]


@wrong("backward", "The gradient of a mean: divide by the number of examples.")
def not_divided_by_m(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: A - Y)


@wrong("backward", "The sign of the error is the wrong way round.")
def sign_of_the_gradient(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: (Y - A) / m)


@wrong("backward", "The factor a(1-a) cancels out in the last layer for cross-entropy.")
def squared_error_factor(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: (A - Y) * A * (1 - A) / m)


@wrong("backward", "The slope of the sigmoid is missing in the hidden layers.")
def no_sigmoid_slope(activations, Y, parameters):
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA)


@wrong("backward", "The slope of the sigmoid is a(1-a); yours is that of tanh.")
def tanh_slope(activations, Y, parameters):
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA * (1 - A**2))


@wrong("backward", "The activations are sigmoids already; applying the sigmoid again gives another slope.")
def sigmoid_of_activation(activations, Y, parameters):
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA * sigmoid(A) * (1 - sigmoid(A)))


@wrong("backward", "db should be a column like b.")
def db_flat(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: dZ.sum(axis=1))


@wrong("backward", "db was added up over everything; every unit has its own.")
def db_total(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: np.full((len(dZ), 1), dZ.sum()))


@wrong("backward", "db has to be added up over the examples.")
def db_not_summed(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: dZ)


@wrong("backward", "db is divided by m twice.")
def db_mean(activations, Y, parameters):
    return _backward(activations, Y, parameters, db=lambda dZ: dZ.mean(axis=1, keepdims=True))


@wrong("backward", "dW should have the shape of W.")
def dw_transposed(activations, Y, parameters):
    return _backward(activations, Y, parameters, dW=lambda dZ, A: A @ dZ.T)


@wrong("backward", "The list should begin with the first layer.")
def gradients_reversed(activations, Y, parameters):
    return _backward(activations, Y, parameters)[::-1]


@wrong("backward", "m is the number of examples, not that of features.")
def divided_by_n(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: (A - Y) / len(activations[0]))


@wrong("backward", "Every layer is divided by m again.")
def divided_by_m_in_every_layer(activations, Y, parameters):
    m = Y.shape[1]
    return _backward(activations, Y, parameters, factor=lambda dA, A: dA * A * (1 - A) / m)


@wrong("backward", "W isn't transposed on the way back.")
def w_not_transposed(activations, Y, parameters):
    return _backward(activations, Y, parameters, hidden=lambda W, dZ: W @ dZ)


@wrong("backward", "Only the last layer has gradients.")
def only_last_layer(activations, Y, parameters):
    full = _backward(activations, Y, parameters)
    return [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in full[:-1]] + [full[-1]]


@wrong("backward", "A network can have any number of layers.")
def backward_two_layers(activations, Y, parameters):
    X, A1, A2 = activations
    m = Y.shape[1]
    dZ2 = (A2 - Y) / m
    dZ1 = (parameters[1][0].T @ dZ2) * A1 * (1 - A1)
    return [
        (dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True)),
        (dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)),
    ]


@wrong("backward", "Which activations belong to dW: those that came into the layer.")
def wrong_activation(activations, Y, parameters):
    gradients = []
    dZ = (activations[-1] - Y) / Y.shape[1]
    for i in reversed(range(len(parameters))):
        W, b = parameters[i]
        A = activations[i + 1]
        gradients.insert(0, (np.resize(dZ @ A.T, W.shape), dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * activations[i] * (1 - activations[i])
    return gradients


@wrong("backward", "The pairs are (dW, db), in this order.")
def pairs_swapped(activations, Y, parameters):
    return [(db, dW) for dW, db in _backward(activations, Y, parameters)]


@wrong("backward", "A factor 2, as the squared error has it.")
def factor_two(activations, Y, parameters):
    return _backward(activations, Y, parameters, dZ=lambda A, Y, m: 2 * (A - Y) / m)


@wrong("backward", "A list of pairs is wanted, not a dict.")
def gradients_dict(activations, Y, parameters):
    return {f"layer{i}": pair for i, pair in enumerate(_backward(activations, Y, parameters))}


@wrong("backward", "The activations were changed.")
def backward_in_place(activations, Y, parameters):
    activations[-1] -= Y
    dZ = activations[-1] / Y.shape[1]
    gradients = []
    for (W, _), A in zip(reversed(parameters), reversed(activations[:-1])):
        gradients.append((dZ @ A.T, dZ.sum(axis=1, keepdims=True)))
        dZ = (W.T @ dZ) * A * (1 - A)
    return gradients[::-1]


@slip("backward", "The sign of the error is the wrong way round.")
def backward_then_negative(result, activations, Y, parameters):
    return [(-dW, -db) for dW, db in result]


@slip("backward", "The gradient of a mean: divide by the number of examples.")
def backward_then_times_m(result, activations, Y, parameters):
    return [(dW * Y.shape[1], db * Y.shape[1]) for dW, db in result]


@slip("backward", "db should be a column like b.")
def backward_then_db_flat(result, activations, Y, parameters):
    return [(dW, np.ravel(db)) for dW, db in result]


@slip("backward", "dW should have the shape of W.")
def backward_then_dw_transposed(result, activations, Y, parameters):
    return [(dW.T, db) for dW, db in result]


@slip("backward", "The list should begin with the first layer.")
def backward_then_reversed(result, activations, Y, parameters):
    return result[::-1]


@slip("backward", "The pairs are (dW, db), in this order.")
def backward_then_swapped(result, activations, Y, parameters):
    return [(db, dW) for dW, db in result]


# ---------------------------------------------------------------- gradient_step


@wrong("gradient_step", "Downhill is against the gradient.")
def uphill(parameters, gradients, alpha):
    return [(W + alpha * dW, b + alpha * db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "The learning rate isn't used.")
def alpha_ignored(parameters, gradients, alpha):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "The learning rate is a fixed number.")
def alpha_fixed(parameters, gradients, alpha):
    return [(W - 0.1 * dW, b - 0.1 * db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "b stays as it was.")
def b_never_updated(parameters, gradients, alpha):
    return [(W - alpha * dW, b) for (W, b), (dW, _) in zip(parameters, gradients)]


@wrong("gradient_step", "W stays as it was.")
def w_never_updated(parameters, gradients, alpha):
    return [(W, b - alpha * db) for (W, b), (_, db) in zip(parameters, gradients)]


@wrong("gradient_step", "What came in was changed: make new arrays, and a new list to hold them.")
def in_place(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W -= alpha * dW
        b -= alpha * db
    return parameters


@wrong("gradient_step", "What came in was changed: make new arrays, and a new list to hold them.")
def list_in_place(parameters, gradients, alpha):
    for i, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        parameters[i] = (W - alpha * dW, b - alpha * db)
    return parameters


@wrong("gradient_step", "Nothing changes: the results of the loop are thrown away.")
def loop_never_updates(parameters, gradients, alpha):
    for (W, b), (dW, db) in zip(parameters, gradients):
        W = W - alpha * dW
        b = b - alpha * db
    return parameters


@wrong("gradient_step", "return stands inside the loop.")
def only_first_layer(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new.append((W - alpha * dW, b - alpha * db))
        return new


@wrong("gradient_step", "The gradients are taken in reverse order.")
def gradients_in_reverse(parameters, gradients, alpha):
    return [(W - alpha * dW, b - alpha * db) for (W, b), (dW, db) in zip(parameters, gradients[::-1])]


@wrong("gradient_step", "The result is the step alone.")
def step_alone(parameters, gradients, alpha):
    return [(-alpha * dW, -alpha * db) for dW, db in gradients]


@wrong("gradient_step", "The learning rate divides.")
def alpha_divides(parameters, gradients, alpha):
    return [(W - dW / alpha, b - db / alpha) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "The learning rate reaches W alone.")
def alpha_for_w_only(parameters, gradients, alpha):
    return [(W - alpha * dW, b - db) for (W, b), (dW, db) in zip(parameters, gradients)]


@wrong("gradient_step", "The new W and b still have to be returned in pairs.")
def flat_list(parameters, gradients, alpha):
    new = []
    for (W, b), (dW, db) in zip(parameters, gradients):
        new += [W - alpha * dW, b - alpha * db]
    return new


@wrong("gradient_step", "Nothing is returned.")
def step_returns_none(parameters, gradients, alpha):
    for i, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients)):
        parameters[i] = (W - alpha * dW, b - alpha * db)


@slip("gradient_step", "The new W and b still have to be returned in pairs.")
def step_then_flat(result, parameters, gradients, alpha):
    return [array for pair in result for array in pair]


@slip("gradient_step", "return stands inside the loop.")
def step_then_first_layer(result, parameters, gradients, alpha):
    return result[:1]


# ---------------------------------------------------------------- train


@wrong("train", "The gradients are computed, but the parameters never change.")
def never_updates(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "return stands inside the loop.")
def one_step_only(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
        return parameters, costs


@wrong("train", "The cost is recorded after the step.")
def cost_after_step(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        parameters = gradient_step(parameters, backward(forward(X, parameters), Y, parameters), alpha)
        costs.append(cost(forward(X, parameters)[-1], Y))
    return parameters, costs


@wrong("train", "Only the last cost came back.")
def last_cost_only(X, Y, parameters, alpha, steps):
    for _ in range(steps):
        A = forward(X, parameters)
        J = cost(A[-1], Y)
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, J


@wrong("train", "The learning rate is a fixed number.")
def train_alpha_fixed(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), 0.1)
    return parameters, costs


@wrong("train", "The number of steps is fixed.")
def fixed_steps(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(100):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "One step too few.")
def one_step_less(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(1, steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "One step too many.")
def one_step_more(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps + 1):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "The pair is (parameters, costs), in this order.")
def order_swapped(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return costs, parameters


@wrong("train", "The costs are missing.")
def parameters_only(X, Y, parameters, alpha, steps):
    for _ in range(steps):
        parameters = gradient_step(parameters, backward(forward(X, parameters), Y, parameters), alpha)
    return parameters


@wrong("train", "The activations are computed once, before the loop.")
def forward_once(X, Y, parameters, alpha, steps):
    costs = []
    A = forward(X, parameters)
    for _ in range(steps):
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "Training starts from parameters of its own.")
def own_parameters(X, Y, parameters, alpha, steps):
    generator = np.random.default_rng(0)
    parameters = [(generator.normal(size=W.shape) * 0.1, np.zeros(b.shape)) for W, b in parameters]
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "The initial parameters were changed.")
def train_in_place(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters[:] = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@wrong("train", "The steps go uphill.")
def train_uphill(X, Y, parameters, alpha, steps):
    costs = []
    for _ in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), -alpha)
    return parameters, costs


@wrong("train", "The learning rate changes on the way.")
def alpha_decays(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        A = forward(X, parameters)
        costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha / (i + 1))
    return parameters, costs


@wrong("train", "Each step takes one example only.")
def one_example_a_step(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        j = i % X.shape[1]
        costs.append(cost(forward(X, parameters)[-1], Y))
        A = forward(X[:, j : j + 1], parameters)
        parameters = gradient_step(parameters, backward(A, Y[:, j : j + 1], parameters), alpha)
    return parameters, costs


@wrong("train", "Every tenth cost is recorded only.")
def every_tenth_cost(X, Y, parameters, alpha, steps):
    costs = []
    for i in range(steps):
        A = forward(X, parameters)
        if i % 10 == 0:
            costs.append(cost(A[-1], Y))
        parameters = gradient_step(parameters, backward(A, Y, parameters), alpha)
    return parameters, costs


@slip("train", "The pair is (parameters, costs), in this order.")
def train_then_swapped(result, X, Y, parameters, alpha, steps):
    return result[::-1]


@slip("train", "The costs are missing.")
def train_then_parameters(result, X, Y, parameters, alpha, steps):
    return result[0]


@slip("train", "Only the last cost came back.")
def train_then_last_cost(result, X, Y, parameters, alpha, steps):
    return result[0], result[1][-1]


# ---------------------------------------------------------------- predict


@wrong("predict", "Labels are wanted, and probabilities came.")
def probabilities(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1]


@wrong("predict", "The threshold isn't used.")
def threshold_ignored(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= 0.5).astype(int)


@wrong("predict", "What about a probability that is exactly the threshold?")
def strictly_above(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] > threshold).astype(int)


@wrong("predict", "0 and 1 are the wrong way round.")
def labels_inverted(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] < threshold).astype(int)


@wrong("predict", "The labels should keep both axes.")
def labels_flat(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold).astype(int)[0]


@wrong("predict", "The labels should keep both axes.")
def labels_squeezed(X, parameters, threshold=0.5):
    return np.squeeze(forward(X, parameters)[-1] >= threshold).astype(int)


@wrong("predict", "The labels came as a column.")
def labels_column(X, parameters, threshold=0.5):
    return (forward(X, parameters)[-1] >= threshold).astype(int).T


@wrong("predict", "Rounding is a threshold of 0.5, and rounds 0.5 to 0.")
def labels_rounded(X, parameters, threshold=0.5):
    return np.round(forward(X, parameters)[-1])


@wrong("predict", "The network's first layer isn't its output.")
def first_activation(X, parameters, threshold=0.5):
    return (forward(X, parameters)[1] >= threshold).astype(int)


@wrong("predict", "Every label is 0: what turns a probability into a label in your code?")
def argmax(X, parameters, threshold=0.5):
    return np.argmax(forward(X, parameters)[-1], axis=0).reshape(1, -1)


@wrong("predict", "The sigmoid was applied once more.")
def sigmoid_twice(X, parameters, threshold=0.5):
    return (sigmoid(forward(X, parameters)[-1]) >= threshold).astype(int)


@wrong("predict", "The labels are -1 and 1.")
def minus_one(X, parameters, threshold=0.5):
    return np.where(forward(X, parameters)[-1] >= threshold, 1, -1)


@wrong("predict", "Every label is 0: what turns a probability into a label in your code?")
def truncated(X, parameters, threshold=0.5):
    return forward(X, parameters)[-1].astype(int)


@slip("predict", "0 and 1 are the wrong way round.")
def predict_then_inverted(result, X, parameters, threshold=0.5):
    return 1 - result


@slip("predict", "The labels should keep both axes.")
def predict_then_flat(result, X, parameters, threshold=0.5):
    return np.ravel(result)


@slip("predict", "The labels came as a column.")
def predict_then_column(result, X, parameters, threshold=0.5):
    return np.reshape(result, (-1, 1))


@slip("predict", "The labels are -1 and 1.")
def predict_then_minus_one(result, X, parameters, threshold=0.5):
    return 2 * result - 1


# ---------------------------------------------------------------- build_model


def _model(n_features, units, activations=None, **compile):
    activations = activations or ["sigmoid"] * len(units)
    model = tf.keras.Sequential(
        [
            tf.keras.Input((n_features,)),
            *(tf.keras.layers.Dense(u, activation=a) for u, a in zip(units, activations)),
        ]
    )
    if compile:
        model.compile(**compile)
    return model


@wrong("build_model", "The output layer has no activation.")
def linear_output_layer(n_features=400, units=(25, 15, 1)):
    last = ["sigmoid"] * (len(units) - 1) + [None]
    return _model(n_features, units, last, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "The output layer has no activation, and the loss does its work.")
def logits(n_features=400, units=(25, 15, 1)):
    last = ["sigmoid"] * (len(units) - 1) + [None]
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    return _model(n_features, units, last, loss=loss, optimizer="adam")


@wrong("build_model", "The hidden layers have another activation.")
def relu_layers(n_features=400, units=(25, 15, 1)):
    last = ["relu"] * (len(units) - 1) + ["sigmoid"]
    return _model(n_features, units, last, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "softmax over a single unit is always 1.")
def softmax_output(n_features=400, units=(25, 15, 1)):
    last = ["sigmoid"] * (len(units) - 1) + ["softmax"]
    return _model(n_features, units, last, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "The units of the layers are fixed.")
def fixed_units(n_features=400, units=(25, 15, 1)):
    return _model(n_features, (25, 15, 1), loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "The number of features is fixed.")
def fixed_features(n_features=400, units=(25, 15, 1)):
    return _model(400, units, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "The default sizes aren't those of the assignment.")
def wrong_units(n_features=400, units=(25, 10, 1)):
    return _model(n_features, units, loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "The last layer is missing.")
def missing_layer(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units[:-1], loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "Another loss is wanted.")
def squared_error_loss(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="mse", optimizer="adam")


@wrong("build_model", "That loss is for several classes.")
def categorical_loss(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="categorical_crossentropy", optimizer="adam")


@wrong("build_model", "That loss is for several classes.")
def sparse_loss(n_features=400, units=(25, 15, 1)):
    loss = tf.keras.losses.SparseCategoricalCrossentropy()
    return _model(n_features, units, loss=loss, optimizer="adam")


@wrong("build_model", "The loss expects logits, but the last layer gives probabilities.")
def from_logits(n_features=400, units=(25, 15, 1)):
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    return _model(n_features, units, loss=loss, optimizer="adam")


@wrong("build_model", "The model isn't compiled.")
def not_compiled(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units)


@wrong("build_model", "Another optimizer is wanted.")
def sgd(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="binary_crossentropy", optimizer="sgd")


@wrong("build_model", "Without a choice Keras takes another optimizer.")
def default_optimizer(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, loss="binary_crossentropy")


@wrong("build_model", "The loss is missing.")
def no_loss(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units, optimizer="adam")


@wrong("build_model", "The model doesn't know how many features there are.")
def no_input_shape(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.layers.Dense(u, activation="sigmoid") for u in units])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "The layers have no bias.")
def layers_without_bias(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential(
        [
            tf.keras.Input((n_features,)),
            *(tf.keras.layers.Dense(u, activation="sigmoid", use_bias=False) for u in units),
        ]
    )
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "The model is a functional one, not a Sequential.")
def functional(n_features=400, units=(25, 15, 1)):
    inputs = outputs = tf.keras.Input((n_features,))
    for u in units:
        outputs = tf.keras.layers.Dense(u, activation="sigmoid")(outputs)
    model = tf.keras.Model(inputs, outputs)
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "There is a layer too many: Dropout.")
def dropout(n_features=400, units=(25, 15, 1)):
    model = tf.keras.Sequential([tf.keras.Input((n_features,))])
    for u in units[:-1]:
        model.add(tf.keras.layers.Dense(u, activation="sigmoid"))
        model.add(tf.keras.layers.Dropout(0.5))
    model.add(tf.keras.layers.Dense(units[-1], activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


@wrong("build_model", "Your function gives back None: compile() changes the model, and returns nothing.")
def returns_compile(n_features=400, units=(25, 15, 1)):
    return _model(n_features, units).compile(loss="binary_crossentropy", optimizer="adam")


@wrong("build_model", "A layer of the size of the input comes first.")
def input_as_dense(n_features=400, units=(25, 15, 1)):
    return _model(n_features, (n_features, *units), loss="binary_crossentropy", optimizer="adam")


# ---------------------------------------------------------------- parameters_from_keras


@wrong("parameters_from_keras", "The kernel has its inputs as rows; W has its units as rows.")
def kernel_not_transposed(model):
    return [(k, b.reshape(-1, 1)) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "b should be a column.")
def bias_flat(model):
    return [(k.T, b) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "b should be a column, and came as a row.")
def bias_row(model):
    return [(k.T, b.reshape(1, -1)) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "Transposing and reshaping aren't the same.")
def kernel_reshaped(model):
    return [
        (k.reshape(k.shape[1], k.shape[0]), b.reshape(-1, 1))
        for k, b in (layer.get_weights() for layer in model.layers)
    ]


@wrong("parameters_from_keras", "get_weights() is one flat list; pairs are wanted.")
def flat_weights(model):
    return [w.T if w.ndim == 2 else w.reshape(-1, 1) for w in model.get_weights()]


@wrong("parameters_from_keras", "The pairs are (W, b), in this order.")
def bias_first(model):
    return [(b.reshape(-1, 1), k.T) for k, b in (layer.get_weights() for layer in model.layers)]


@wrong("parameters_from_keras", "The first layer comes first.")
def last_layer_first(model):
    weights = [layer.get_weights() for layer in reversed(model.layers)]
    return [(k.T, b.reshape(-1, 1)) for k, b in weights]


@wrong("parameters_from_keras", "The first Dense layer is missing: Keras doesn't list the input as a layer.")
def first_layer_lost(model):
    weights = [layer.get_weights() for layer in model.layers[1:]]
    return [(k.T, b.reshape(-1, 1)) for k, b in weights]


@wrong("parameters_from_keras", "A model can have any number of layers.")
def three_layers(model):
    weights = [model.layers[i].get_weights() for i in range(3)]
    return [(k.T, b.reshape(-1, 1)) for k, b in weights]


@wrong("parameters_from_keras", "The biases are zeros.")
def zero_bias(model):
    weights = [layer.get_weights() for layer in model.layers]
    return [(k.T, np.zeros((len(b), 1))) for k, b in weights]


@wrong("parameters_from_keras", "A list of pairs is wanted, not a dict.")
def weights_dict(model):
    weights = [layer.get_weights() for layer in model.layers]
    return {f"W{i}": k.T for i, (k, _) in enumerate(weights, start=1)}


@slip("parameters_from_keras", "The kernel has its inputs as rows; W has its units as rows.")
def keras_then_w_transposed(result, model):
    return [(W.T, b) for W, b in result]


@slip("parameters_from_keras", "b should be a column.")
def keras_then_b_flat(result, model):
    return [(W, np.ravel(b)) for W, b in result]


@slip("parameters_from_keras", "b should be a column, and came as a row.")
def keras_then_b_row(result, model):
    return [(W, np.reshape(b, (1, -1))) for W, b in result]


@slip("parameters_from_keras", "The pairs are (W, b), in this order.")
def keras_then_swapped(result, model):
    return [(b, W) for W, b in result]


@slip("parameters_from_keras", "The first layer comes first.")
def keras_then_reversed(result, model):
    return result[::-1]


# ---------------------------------------------------------------- tf_gradients


def _tape(parameters, X, Y, loss=None, activation=None, after=None):
    variables = [(tf.Variable(W, dtype=tf.float64), tf.Variable(b, dtype=tf.float64)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float64), tf.cast(Y, tf.float64)
    loss = loss or (lambda A, Y: tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A)))
    activation = activation or (lambda Z, last: tf.sigmoid(Z))
    with tf.GradientTape() as tape:
        for i, (W, b) in enumerate(variables):
            A = activation(W @ A + b, i == len(variables) - 1)
        J = loss(A, Y)
    return tape.gradient(J, variables)


@wrong("tf_gradients", "The loss is the sum over the examples, not the mean.")
def tape_sum(parameters, X, Y):
    def loss(A, Y):
        return tf.reduce_sum(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))

    return _tape(parameters, X, Y, loss)


@wrong("tf_gradients", "This is the squared error.")
def tape_squared_error(parameters, X, Y):
    return _tape(parameters, X, Y, lambda A, Y: tf.reduce_mean((A - Y) ** 2))


@wrong("tf_gradients", "The sign of the loss is the wrong way round.")
def tape_sign(parameters, X, Y):
    def loss(A, Y):
        return tf.reduce_mean(Y * tf.math.log(A) + (1 - Y) * tf.math.log(1 - A))

    return _tape(parameters, X, Y, loss)


@wrong("tf_gradients", "The last layer is linear.")
def tape_linear_output(parameters, X, Y):
    def activation(Z, last):
        return tf.clip_by_value(Z, 0.01, 0.99) if last else tf.sigmoid(Z)

    return _tape(parameters, X, Y, activation=activation)


@wrong("tf_gradients", "The hidden layers have another activation.")
def tape_relu(parameters, X, Y):
    return _tape(parameters, X, Y, activation=lambda Z, last: tf.sigmoid(Z) if last else tf.nn.relu(Z))


@wrong("tf_gradients", "The gradients are None: the tape follows only what TensorFlow computes from variables inside the with block, the loss included.")
def tape_not_watched(parameters, X, Y):
    constants = [(tf.constant(W), tf.constant(b)) for W, b in parameters]
    A = tf.constant(X)
    with tf.GradientTape() as tape:
        for W, b in constants:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, constants)


@wrong("tf_gradients", "The gradients are None: the tape follows only what TensorFlow computes from variables inside the with block, the loss included.")
def tape_loss_outside(parameters, X, Y):
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    A = tf.constant(X)
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
    J = tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)


@wrong("tf_gradients", "The gradients are None: the tape follows only what TensorFlow computes from variables inside the with block, the loss included.")
def tape_numpy(parameters, X, Y):
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    A = X
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = 1 / (1 + np.exp(-(W.numpy() @ A + b.numpy())))
        J = tf.constant(np.mean(-Y * np.log(A) - (1 - Y) * np.log(1 - A)))
    return tape.gradient(J, variables)


@wrong("tf_gradients", "Only the first pair came back.")
def tape_first_layer(parameters, X, Y):
    return _tape(parameters, X, Y)[:1]


@wrong("tf_gradients", "Pairs are wanted, and a flat list came.")
def tape_flat(parameters, X, Y):
    return [gradient for pair in _tape(parameters, X, Y) for gradient in pair]


@wrong("tf_gradients", "Logits are expected where probabilities came.")
def tape_logits_of_probabilities(parameters, X, Y):
    def loss(A, Y):
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=A))

    return _tape(parameters, X, Y, loss)


@wrong("tf_gradients", "This is TensorFlow's layout, transposed.")
def tape_transposed(parameters, X, Y):
    return [(tf.transpose(dW), db) for dW, db in _tape(parameters, X, Y)]


@wrong("tf_gradients", "The parameters after a step came back, not the gradients.")
def tape_updated_parameters(parameters, X, Y):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(parameters, _tape(parameters, X, Y))]


@wrong("tf_gradients", "The data are taken as rows.")
def tape_rows(parameters, X, Y):
    return _tape(parameters, tf.transpose(X), tf.transpose(Y))


@wrong("tf_gradients", "float64 and float32 don't mix: cast everything to one of them.")
def tape_mixed_kinds(parameters, X, Y):
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in parameters]
    A, Y = tf.cast(X, tf.float32), tf.cast(Y, tf.float32)
    with tf.GradientTape() as tape:
        for W, b in variables:
            A = tf.sigmoid(W @ A + b)
        J = tf.reduce_mean(-Y * tf.math.log(A) - (1 - Y) * tf.math.log(1 - A))
    return tape.gradient(J, variables)


@slip("tf_gradients", "The sign of the loss is the wrong way round.")
def tape_then_negative(result, parameters, X, Y):
    return [(-dW, -db) for dW, db in result]


@slip("tf_gradients", "The loss is the sum over the examples, not the mean.")
def tape_then_times_m(result, parameters, X, Y):
    return [(dW * X.shape[1], db * X.shape[1]) for dW, db in result]


@slip("tf_gradients", "This is TensorFlow's layout, transposed.")
def tape_then_transposed(result, parameters, X, Y):
    return [(dW.T, db) for dW, db in result]


@slip("tf_gradients", "Pairs are wanted, and a flat list came.")
def tape_then_flat(result, parameters, X, Y):
    return [array for pair in result for array in pair]


@slip("tf_gradients", "The list should begin with the first layer.")
def tape_then_reversed(result, parameters, X, Y):
    return result[::-1]
